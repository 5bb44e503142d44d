import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readSession } from '#api/session.ts';
import { ServiceAccounts } from '#features/settings/components/service-accounts.tsx';
import { SettingsFrame } from '#features/settings/components/settings-frame.tsx';

export const metadata: Metadata = { title: 'Service accounts' };

export default async function Page(): Promise<ReactNode> {
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <SettingsFrame page="accounts" signedIn={user !== null}>
      <ServiceAccounts />
    </SettingsFrame>
  );
}
