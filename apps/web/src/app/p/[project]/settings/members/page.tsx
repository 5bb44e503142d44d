import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readSession } from '#api/session.ts';
import { Members } from '#features/settings/components/members.tsx';
import { SettingsFrame } from '#features/settings/components/settings-frame.tsx';

export const metadata: Metadata = { title: 'Members' };

export default async function Page(): Promise<ReactNode> {
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <SettingsFrame page="members" signedIn={user !== null}>
      <Members ownId={user?.id ?? null} />
    </SettingsFrame>
  );
}
