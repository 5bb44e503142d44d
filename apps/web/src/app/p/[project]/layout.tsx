import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { buildName } from '#api/build.ts';
import { Providers } from '#api/providers.tsx';
import { readSession } from '#api/session.ts';
import { NoAccess } from '#features/shell/components/no-access.tsx';
import { Shell } from '#features/shell/components/shell.tsx';
import { Unreachable } from '#features/shell/components/unreachable.tsx';
import { foldedCookie } from '#features/shell/model.ts';

export type ProjectLayoutProps = {
  readonly params: Promise<{ readonly project: string }>;
  readonly children: ReactNode;
};

/** A project that does not exist and one that this person may not see give the same page (UX-S6). */
export default async function ProjectLayout({
  params,
  children,
}: ProjectLayoutProps): Promise<ReactNode> {
  const [{ project: projectId }, answer, jar] = await Promise.all([
    params,
    readSession(),
    cookies(),
  ]);
  if (answer.type === 'unreachable') return <Unreachable />;
  const project = answer.session.projects.find(({ id }) => String(id) === projectId);
  if (project === undefined) return <NoAccess signedIn={answer.session.user !== null} />;
  return (
    <Providers>
      <Shell
        session={answer.session}
        project={project}
        build={buildName()}
        initiallyFolded={jar.get(foldedCookie)?.value === '1'}
      >
        {children}
      </Shell>
    </Providers>
  );
}
