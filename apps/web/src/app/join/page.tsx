import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Providers } from '#api/providers.tsx';
import { readSession } from '#api/session.ts';
import { Join } from '#features/account/components/join.tsx';

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };

/** Reached by the link of an invitation, whose token the browser alone sees. */
export default async function JoinPage(): Promise<ReactNode> {
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <Providers>
      <Join signedInAs={user?.email ?? null} />
    </Providers>
  );
}
