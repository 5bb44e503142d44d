import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Providers } from '#api/providers.tsx';
import { readSession } from '#api/session.ts';
import { Join } from '#features/account/components/join.tsx';

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };

export type JoinPageProps = {
  readonly searchParams: Promise<{ readonly token?: string | readonly string[] }>;
};

/** Reached by the link of an invitation; without its token there is nothing to do. */
export default async function JoinPage({ searchParams }: JoinPageProps): Promise<ReactNode> {
  const { token } = await searchParams;
  if (typeof token !== 'string' || token === '') redirect('/signin');
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <Providers>
      <Join token={token} signedInAs={user?.email ?? null} />
    </Providers>
  );
}
