import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readSession } from '#api/session.ts';
import { ProjectSettingsPage } from '#features/settings/components/project-settings.tsx';
import { SettingsFrame } from '#features/settings/components/settings-frame.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page(): Promise<ReactNode> {
  const answer = await readSession();
  const user = answer.type === 'session' ? answer.session.user : null;
  return (
    <SettingsFrame page="project" signedIn={user !== null}>
      <ProjectSettingsPage />
    </SettingsFrame>
  );
}
