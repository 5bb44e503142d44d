import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Providers } from '#api/providers.tsx';
import { TooltipProvider } from '#components/tooltip.tsx';
import { Welcome } from '#features/account/components/welcome.tsx';

export const metadata: Metadata = { title: 'Welcome', referrer: 'no-referrer' };

export type WelcomePageProps = {
  readonly searchParams: Promise<{ readonly token?: string | readonly string[] }>;
};

/** Reached by the one-time link that the server prints; without its token there is nothing to do. */
export default async function WelcomePage({ searchParams }: WelcomePageProps): Promise<ReactNode> {
  const { token } = await searchParams;
  if (typeof token !== 'string' || token === '') redirect('/signin');
  return (
    <Providers>
      <TooltipProvider>
        <Welcome token={token} />
      </TooltipProvider>
    </Providers>
  );
}
