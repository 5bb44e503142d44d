import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { lastProject, readSession } from '#api/session.ts';
import { Unreachable } from '#features/shell/components/unreachable.tsx';

/** Where somebody comes first: their last project, or the way in. */
export default async function HomePage(): Promise<ReactNode> {
  const answer = await readSession();
  if (answer.type === 'unreachable') return <Unreachable />;
  const project = await lastProject(answer.session);
  redirect(project === null ? '/signin' : `/p/${project}/insights`);
}
