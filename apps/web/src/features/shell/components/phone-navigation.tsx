'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { viewInfo, viewOf, viewPath, views } from '../model.ts';
import { AccountMenu } from './account-menu.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import type { NavigationProps } from './side-navigation.tsx';
import { ViewIcon } from './view-icon.tsx';

/** Project, search and account on small screens. */
export function PhoneHeader(props: NavigationProps): ReactNode {
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line bg-surface px-2 md:hidden">
      <div className="min-w-0 flex-1">
        <ProjectSwitcher
          session={props.session}
          project={props.project}
          folded={false}
          testId="phone-project-switcher"
          onNewProject={props.onNewProject}
        />
      </div>
      <IconButton label="Search and commands" size="md" onClick={props.onPalette}>
        <Search size={18} />
      </IconButton>
      <div className="w-9">
        <AccountMenu session={props.session} folded testId="phone-account-menu" />
      </div>
    </header>
  );
}

/** The views at the bottom of small screens, each at least 44 px high; those that do not fit are scrolled to. */
export function PhoneTabs({ project, path }: NavigationProps): ReactNode {
  const current = viewOf(path);
  return (
    <nav
      aria-label="Views"
      className="flex shrink-0 overflow-x-auto border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {views.map((view) => (
        <Link
          key={view}
          href={viewPath(project.id, view)}
          data-testid={`tab-${view}`}
          aria-current={view === current ? 'page' : undefined}
          className={classNames(
            'grid h-13 min-w-16 flex-1 content-center justify-items-center gap-0.5 text-2xs font-medium',
            view === current ? 'text-accent' : 'text-ink-2',
          )}
        >
          <ViewIcon view={view} size={18} aria-hidden />
          {viewInfo[view].label}
        </Link>
      ))}
    </nav>
  );
}
