import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { UserPage } from '#features/users/components/user-page.tsx';

export const metadata: Metadata = { title: 'User' };

type Props = { readonly params: Promise<{ readonly id: string }> };

export default async function Page({ params }: Props): Promise<ReactNode> {
  const { id } = await params;
  return <UserPage key={id} identifier={decoded(id)} />;
}

/** The part of the path comes as it was sent; one that was encoded wrongly names nobody, which the page says. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
