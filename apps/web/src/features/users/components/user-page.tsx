'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { FailureState } from '#report/report-states.tsx';
import type { UserProfile } from '@arbor/schema/users-result';
import { useProfile } from '../profile-api.ts';
import { useErasureId } from './erase-dialog.tsx';
import { ErasureState } from './erasure-state.tsx';
import { IdentityLog } from './identity-log.tsx';
import { UnknownUser } from './unknown-user.tsx';
import { UserActivity } from './user-activity.tsx';
import { UserFigures } from './user-figures.tsx';
import { UserHeader } from './user-header.tsx';
import { UserProperties } from './user-properties.tsx';
import { UserSummary } from './user-summary.tsx';

const tabs = ['activity', 'about', 'identity'] as const;
type Tab = (typeof tabs)[number];

/** Everything about one user, found by any identifier of his (UX-U3 to U8). */
export function UserPage({ identifier }: { readonly identifier: string }): ReactNode {
  const [erasure, setErasure] = useErasureId();
  if (erasure !== null) {
    return <ErasureState requestId={erasure} onBack={() => setErasure(null)} />;
  }
  return <FoundUser identifier={identifier} />;
}

function FoundUser({ identifier }: { readonly identifier: string }): ReactNode {
  const { data: profile, unknown, failure, retry } = useProfile(identifier);
  if (unknown) return <UnknownUser identifier={identifier} />;
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (profile === undefined) return <UserSkeleton />;
  return <KnownUser identifier={identifier} profile={profile} />;
}

const options: readonly { readonly value: Tab; readonly label: string }[] = [
  { value: 'activity', label: 'Activity' },
  { value: 'identity', label: 'Identity' },
];
const phoneOptions = options.toSpliced(1, 0, { value: 'about', label: 'About' });

/**
 * Three columns side by side where there is room; on a phone what stands in the outer two is a tab of its own. Each
 * column scrolls for itself.
 */
function KnownUser({
  identifier,
  profile,
}: {
  readonly identifier: string;
  readonly profile: UserProfile;
}): ReactNode {
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(tabs).withDefault('activity').withOptions({ history: 'push' }),
  );
  const wideTab = tab === 'about' ? 'activity' : tab;
  const change = (next: Tab): void => void setTab(next);
  const asideClass = classNames(
    'shrink-0 overflow-y-auto bg-surface md:block md:border-line',
    tab === 'about' ? 'block' : 'hidden',
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <UserHeader identifier={identifier} profile={profile}>
        <span className="md:hidden">
          <Segmented label="Part" value={tab} options={phoneOptions} onChange={change} />
        </span>
        <span className="hidden md:block">
          <Segmented
            label="Part"
            testId="user-tab"
            value={wideTab}
            options={options}
            onChange={change}
          />
        </span>
      </UserHeader>
      <div
        className={classNames(
          'flex min-h-0 flex-1 md:flex-row',
          tab === 'about' && 'max-md:flex-col max-md:overflow-y-auto',
        )}
      >
        <aside
          aria-label="About the user"
          className={classNames(asideClass, 'md:w-72 md:border-r xl:w-80')}
        >
          <UserSummary identifier={identifier} profile={profile} />
          <div className="xl:hidden">
            <UserFigures profile={profile} />
          </div>
          <UserProperties identifier={identifier} profile={profile} />
        </aside>
        <div className={classNames('min-h-0 min-w-0 flex-1', tab === 'about' && 'hidden md:block')}>
          {wideTab === 'identity' ? (
            <IdentityLog identifier={identifier} />
          ) : (
            <UserActivity identifier={identifier} profile={profile} />
          )}
        </div>
        <aside
          aria-label="Activity in figures"
          className="hidden w-72 shrink-0 overflow-y-auto border-l border-line bg-surface xl:block"
        >
          <UserFigures profile={profile} />
        </aside>
      </div>
    </div>
  );
}

function UserSkeleton(): ReactNode {
  return (
    <output className="flex h-full flex-col" aria-label="Loading">
      <div className="flex h-20 items-center gap-3 border-b border-line px-4 md:px-5">
        <Skeleton className="size-11 rounded-full" />
        <div className="grid gap-2">
          <Skeleton className="h-4 w-44" />
          <Skeleton className="h-3 w-64" />
        </div>
      </div>
      <div className="flex flex-1 gap-5 p-5">
        <div className="hidden w-60 content-start gap-3 md:grid">
          {[80, 65, 72, 58, 76, 62].map((width) => (
            <Skeleton key={width} className="h-4" />
          ))}
        </div>
        <div className="grid flex-1 content-start gap-3">
          {[1, 2, 3, 4, 5, 6, 7, 8].map((row) => (
            <Skeleton key={row} className="h-8" />
          ))}
        </div>
      </div>
    </output>
  );
}
