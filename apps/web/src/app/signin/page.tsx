import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { readSession, readSetupStatus } from '#api/session.ts';
import { SignIn } from '#features/account/components/sign-in.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage(): Promise<ReactNode> {
  const [answer, status] = await Promise.all([readSession(), readSetupStatus()]);
  const demo =
    answer.type === 'session' ? answer.session.projects.find(({ isDemo }) => isDemo) : undefined;
  return (
    <SignIn
      setupMissing={status?.ownerExists === false}
      demoPath={demo === undefined ? null : `/p/${demo.id}/insights`}
    />
  );
}
