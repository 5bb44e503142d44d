'use client';

import { ChevronsUpDown, Plus } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useMemo, type ReactNode } from 'react';
import type { Session, SessionProject } from '#api/trpc.ts';
import { classNames } from '#components/class-names.ts';
import { Combobox } from '#components/combobox.tsx';
import { leave } from '#components/leaving.ts';
import type { Option } from '#components/option-search.ts';
import { pathInProject } from '../model.ts';

export type ProjectSwitcherProps = {
  readonly session: Session;
  readonly project: SessionProject;
  readonly folded: boolean;
  readonly onNewProject: () => void;
  readonly testId?: string;
};

/** Who manages an organisation may also make projects in it; the server decides for good. */
export function canCreateProject(session: Session): boolean {
  return session.projects.some(
    ({ role, isDemo }) => !isDemo && (role === 'owner' || role === 'admin'),
  );
}

const newProject = 'new';

export function ProjectSwitcher(props: ProjectSwitcherProps): ReactNode {
  const { session, project, folded, onNewProject, testId = 'project-switcher' } = props;
  const router = useRouter();
  const path = usePathname();
  const options = useMemo((): readonly Option<number | typeof newProject>[] => {
    const projects = session.projects.map(({ id, name, organization }) => ({
      value: id,
      label: name,
      detail: organization,
      group: organization,
    }));
    return canCreateProject(session)
      ? [...projects, { value: newProject, label: 'New project…', group: ' ' }]
      : projects;
  }, [session]);
  return (
    <Combobox
      label="Project"
      placeholder="Search projects"
      options={options}
      isChosen={(id) => id === project.id}
      onSelect={(id) => {
        if (id === newProject) onNewProject();
        else leave(() => router.push(pathInProject(path, id)));
      }}
      trigger={
        <button
          type="button"
          data-testid={testId}
          aria-label={`Project ${project.name}, ${project.organization}. Switch project`}
          className="flex h-11 w-full min-w-0 items-center gap-2.5 rounded-md px-2 text-left hover:bg-hover data-[state=open]:bg-hover"
        >
          <ProjectMark name={project.name} />
          <span className={classNames('grid min-w-0 flex-1 leading-4', folded && 'hidden')}>
            <span className="font-semibold truncate-line">{project.name}</span>
            <span className="text-2xs text-ink-3 truncate-line">{project.organization}</span>
          </span>
          <ChevronsUpDown
            size={14}
            aria-hidden
            className={classNames('shrink-0 text-ink-3', folded && 'hidden')}
          />
        </button>
      }
    />
  );
}

function ProjectMark({ name }: { readonly name: string }): ReactNode {
  return (
    <span
      aria-hidden
      className="grid size-7 shrink-0 place-items-center rounded-md bg-accent text-xs font-semibold text-on-accent uppercase"
    >
      {name.slice(0, 1) || <Plus size={14} />}
    </span>
  );
}
