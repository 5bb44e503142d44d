'use client';

import { Ellipsis, Search } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Sheet } from '#components/dialog.tsx';
import { pagesOf, viewInfo, viewOf, viewPath, views, type View } from '../model.ts';
import { AccountMenu } from './account-menu.tsx';
import { PageIcon } from './page-icon.tsx';
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

/** What is read most on the way: each fits beside the others at 320 px. */
const firstViews: readonly View[] = ['boards', 'insights', 'live', 'users'];

const tab =
  'grid h-13 min-w-0 flex-1 content-center justify-items-center gap-0.5 text-2xs font-medium';

/** The first views at the bottom of small screens, each at least 44 px high, and the way to all others. */
export function PhoneTabs(props: NavigationProps): ReactNode {
  const { project, path } = props;
  const current = viewOf(path);
  const [open, setOpen] = useState(false);
  return (
    <nav
      aria-label="Views"
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {firstViews.map((view) => (
        <Link
          key={view}
          href={viewPath(project.id, view)}
          data-testid={`tab-${view}`}
          aria-current={view === current ? 'page' : undefined}
          className={classNames(tab, view === current ? 'text-accent' : 'text-ink-2')}
        >
          <ViewIcon view={view} size={18} aria-hidden />
          {viewInfo[view].label}
        </Link>
      ))}
      <button
        type="button"
        data-testid="tab-more"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className={classNames(
          tab,
          current === null || !firstViews.includes(current) ? 'text-accent' : 'text-ink-2',
        )}
      >
        <Ellipsis size={18} aria-hidden />
        More
      </button>
      <MoreSheet {...props} open={open} onOpenChange={setOpen} />
    </nav>
  );
}

const line = 'flex h-12 items-center gap-3 rounded-md px-3 text-base font-medium';

/** Every page of the project, so that none is out of reach on a phone. */
function MoreSheet({
  project,
  path,
  open,
  onOpenChange,
}: NavigationProps & {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}): ReactNode {
  const current = viewOf(path);
  const close = (): void => onOpenChange(false);
  return (
    <Sheet side="bottom" title="All pages" testId="more" open={open} onOpenChange={onOpenChange}>
      <ul className="grid grid-cols-2 gap-1 p-3">
        {views.map((view) => (
          <li key={view}>
            <Link
              href={viewPath(project.id, view)}
              onClick={close}
              data-testid={`more-${view}`}
              aria-current={view === current ? 'page' : undefined}
              className={classNames(
                line,
                view === current ? 'bg-accent-soft text-accent' : 'text-ink-2',
              )}
            >
              <ViewIcon view={view} size={18} aria-hidden />
              {viewInfo[view].label}
            </Link>
          </li>
        ))}
        {pagesOf(project).map(({ page, href, label }) => (
          <li key={page}>
            <Link
              href={href}
              onClick={close}
              data-testid={`more-${page}`}
              aria-current={path === href ? 'page' : undefined}
              className={classNames(
                line,
                path === href ? 'bg-accent-soft text-accent' : 'text-ink-2',
              )}
            >
              <PageIcon page={page} size={18} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
