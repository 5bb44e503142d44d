import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readSession } from '#api/session.ts';
import { AuditLog } from '#features/settings/components/audit-log.tsx';
import { SettingsFrame } from '#features/settings/components/settings-frame.tsx';

export const metadata: Metadata = { title: 'Audit log' };

export default async function Page(): Promise<ReactNode> {
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <SettingsFrame page="activity" signedIn={user !== null}>
      <AuditLog />
    </SettingsFrame>
  );
}
