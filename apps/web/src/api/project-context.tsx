'use client';

import { createContext, useContext, type ReactNode } from 'react';
import type { SessionProject } from './trpc.ts';

const ProjectContext = createContext<SessionProject | null>(null);

export function ProjectProvider({
  project,
  children,
}: {
  readonly project: SessionProject;
  readonly children: ReactNode;
}): ReactNode {
  return <ProjectContext.Provider value={project}>{children}</ProjectContext.Provider>;
}

/** The project of this page; whoever calls it stands below `/p/:project`. */
export function useProject(): SessionProject {
  const project = useContext(ProjectContext);
  if (project === null) throw new Error('useProject is called outside of a project page');
  return project;
}
