import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readSession } from '#api/session.ts';
import { AccountSettings } from '#features/settings/components/account-settings.tsx';
import { SettingsFrame } from '#features/settings/components/settings-frame.tsx';

export const metadata: Metadata = { title: 'Your account' };

export default async function Page(): Promise<ReactNode> {
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <SettingsFrame page="account" signedIn={user !== null}>
      {user === null ? null : <AccountSettings name={user.name} email={user.email} />}
    </SettingsFrame>
  );
}
