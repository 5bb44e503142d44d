'use client';

import { Keyboard, PanelLeft, Search } from 'lucide-react';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import type { Session, SessionProject } from '#api/trpc.ts';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Kbd } from '#components/kbd.tsx';
import { Tooltip } from '#components/tooltip.tsx';
import { pagesOf, viewInfo, viewOf, viewPath, views } from '../model.ts';
import { AccountMenu } from './account-menu.tsx';
import { HealthDot } from './health-dot.tsx';
import { PageIcon } from './page-icon.tsx';
import { PinnedBoards } from './pinned-boards.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { ViewIcon } from './view-icon.tsx';

export type NavigationProps = {
  readonly session: Session;
  readonly project: SessionProject;
  readonly path: string;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly onNewProject: () => void;
};

export type SideNavigationProps = NavigationProps & {
  readonly folded: boolean;
  readonly onFold: () => void;
};

/** 224 px wide, folded to icons 56 px; on phones its place is taken by header and tabs. */
export function SideNavigation(props: SideNavigationProps): ReactNode {
  const { session, project, path, folded } = props;
  const current = viewOf(path);
  return (
    <nav
      aria-label="Views"
      className={classNames(
        'hidden shrink-0 flex-col gap-1 border-r border-line bg-surface p-2 md:flex',
        folded ? 'w-14' : 'w-56',
      )}
    >
      <ProjectSwitcher
        session={session}
        project={project}
        folded={folded}
        onNewProject={props.onNewProject}
      />
      <button
        type="button"
        onClick={props.onPalette}
        aria-label="Search and commands"
        data-testid="palette-open"
        className="mb-1 flex h-8 items-center gap-2.5 rounded-md border border-line bg-sunken px-2 text-ink-3 hover:border-line-strong hover:text-ink-2"
      >
        <Search size={15} className="mx-0.5 shrink-0" aria-hidden />
        {folded ? null : (
          <>
            <span className="flex-1 text-left">Search</span>
            <Kbd keys="Ctrl K" />
          </>
        )}
      </button>
      {views.map((view) => (
        <Fragment key={view}>
          <NavigationLink
            href={viewPath(project.id, view)}
            icon={<ViewIcon view={view} size={16} />}
            label={viewInfo[view].label}
            shortcut={`g ${viewInfo[view].key}`}
            current={view === current}
            folded={folded}
            testId={`nav-${view}`}
          />
          {view === 'boards' && !folded ? (
            <PinnedBoards projectId={project.id} path={path} />
          ) : null}
        </Fragment>
      ))}
      <span className="flex-1" />
      {pagesOf(project).map(({ page, href, label }) => (
        <NavigationLink
          key={page}
          href={href}
          icon={<PageIcon page={page} size={16} />}
          label={label}
          current={path === href}
          folded={folded}
          testId={`nav-${page}`}
        />
      ))}
      <HealthDot projectId={project.id} folded={folded} />
      <div className={classNames('flex items-center gap-1', folded && 'flex-col')}>
        <AccountMenu session={session} folded={folded} />
        <IconButton label="Shortcuts" shortcut="?" onClick={props.onHelp}>
          <Keyboard size={16} />
        </IconButton>
        <IconButton
          label={folded ? 'Unfold navigation' : 'Fold navigation'}
          shortcut="["
          aria-expanded={!folded}
          data-testid="nav-fold"
          onClick={props.onFold}
        >
          <PanelLeft size={16} />
        </IconButton>
      </div>
    </nav>
  );
}

type NavigationLinkProps = {
  readonly href: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly shortcut?: string;
  readonly current?: boolean;
  readonly folded: boolean;
  readonly testId: string;
};

function NavigationLink(props: NavigationLinkProps): ReactNode {
  const current = props.current === true;
  const link = (
    <Link
      href={props.href}
      data-testid={props.testId}
      aria-label={props.label}
      aria-current={current ? 'page' : undefined}
      className={classNames(
        'flex h-8 items-center gap-2.5 rounded-md px-2.5 font-medium',
        current ? 'bg-accent-soft text-accent' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      <span className="shrink-0">{props.icon}</span>
      {props.folded ? null : <span className="truncate-line">{props.label}</span>}
    </Link>
  );
  return (
    <Tooltip label={props.label} shortcut={props.shortcut} side="right">
      {link}
    </Tooltip>
  );
}
