'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { Activity, SearchX } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ActivityEvent, UserProfile } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { chartColour } from '#charts/palette.ts';
import { Button } from '#components/button.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { bucketTitle } from '#format/bucket.ts';
import { formatCount } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { activityItems, type ActivityItem } from '../activity.ts';
import type { Paged } from '#report/paged.ts';
import { ActivityRow } from './activity-row.tsx';

export type ActivityListProps = {
  readonly feed: Paged<ActivityEvent>;
  /** Counts of days, where the feed shows all events. */
  readonly days: UserProfile['days'] | null;
  /** Nothing was asked for but everything. */
  readonly whole: boolean;
  /** Of each event of the user, by its name. */
  readonly colours: ReadonlyMap<string, number>;
};

const heights: Readonly<Record<ActivityItem['type'], number>> = { day: 40, gap: 36, event: 37 };
/** The next page is asked for while so many lines are still below. */
const nearEndItems = 30;

/** Days and events; only what is in sight is in the page, so it goes back as far as there is anything. */
export function ActivityList({ feed, days, whole, colours }: ActivityListProps): ReactNode {
  const { timezone } = useProject();
  const scrollRef = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const items = useMemo(
    () => activityItems(feed.rows ?? [], timezone, days),
    [feed.rows, timezone, days],
  );
  // The React compiler, which cannot follow this hook, is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: (index) => heights[items[index]?.type ?? 'event'],
    overscan: 12,
  });
  const drawn = virtualizer.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { loadMore } = feed;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - nearEndItems) loadMore();
  }, [items.length, last, loadMore]);

  if (feed.rows === undefined) {
    if (feed.failure === null) return <ListSkeleton />;
    return <FailureState failure={feed.failure} onRetry={feed.retry} />;
  }
  if (items.length === 0) return <NothingHere whole={whole} />;
  const toggle = (index: number): void => {
    const next = new Set(opened);
    if (!next.delete(index)) next.add(index);
    setOpened(next);
  };
  return (
    <div
      ref={scrollRef}
      data-testid="activity-list"
      className="min-h-0 flex-1 overflow-y-auto bg-surface"
    >
      {/* Arrow keys move between the rows, each of which is a button. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={moveFocus}
      >
        {drawn.map(({ index, key, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {item.type === 'event' ? (
                <ActivityRow
                  event={item.event}
                  colour={chartColour(colours.get(item.event.event) ?? 0)}
                  open={opened.has(item.index)}
                  onToggle={() => toggle(item.index)}
                />
              ) : (
                <Between item={item} whole={whole} />
              )}
            </div>
          );
        })}
      </div>
      <EndOfFeed feed={feed} whole={whole} />
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')].toSorted(
    (a, b) => rowIndex(a) - rowIndex(b),
  );
  const now = rows.findIndex((row) => row === document.activeElement);
  const next = rows[now + step];
  if (now < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function rowIndex(row: HTMLElement): number {
  return Number(row.closest('[data-index]')?.getAttribute('data-index'));
}

function Between({
  item,
  whole,
}: {
  readonly item: Exclude<ActivityItem, { type: 'event' }>;
  readonly whole: boolean;
}): ReactNode {
  if (item.type === 'gap') {
    const days = formatCount(item.days, 'day');
    return (
      <p
        data-testid="activity-gap"
        className="border-b border-line px-4 py-2 text-center text-xs text-ink-3 md:px-5"
      >
        {whole ? `${days} without activity` : `${days} without a match`}
      </p>
    );
  }
  return (
    <h2 className="flex items-baseline gap-2 border-b border-line bg-sunken px-4 pt-3 pb-1.5 text-xs font-semibold text-ink-2 md:px-5">
      {bucketTitle(item.date, 'day')}
      {item.count === null ? null : (
        <span className="font-normal text-ink-3">{formatCount(item.count, 'event')}</span>
      )}
    </h2>
  );
}

function EndOfFeed({ feed, whole }: Pick<ActivityListProps, 'feed' | 'whole'>): ReactNode {
  if (feed.failure !== null) {
    return (
      <p role="alert" className="grid justify-items-center gap-2 px-4 py-4 text-danger">
        Older events could not be read: {feed.failure.text}.
        <Button size="sm" onClick={feed.retry}>
          Try again
        </Button>
      </p>
    );
  }
  return (
    <output className="block px-4 py-4 text-center text-xs text-ink-3">
      {feed.more ? 'Loading older events' : whole ? 'Nothing before this' : 'No more matches'}
    </output>
  );
}

function NothingHere({ whole }: { readonly whole: boolean }): ReactNode {
  return whole ? (
    <StateMessage testId="activity-empty" icon={<Activity size={20} />} title="No events yet">
      There is a profile, but no event of this user.
    </StateMessage>
  ) : (
    <StateMessage testId="activity-empty" icon={<SearchX size={20} />} title="Nothing matches">
      No event of this user passes the search and filters.
    </StateMessage>
  );
}

function ListSkeleton(): ReactNode {
  return (
    <output className="grid content-start gap-3 px-4 py-4 md:px-5" aria-label="Loading">
      {[92, 70, 84, 62, 88, 74, 66, 80].map((width) => (
        <div key={width} style={{ width: `${width}%` }}>
          <Skeleton className="h-5" />
        </div>
      ))}
    </output>
  );
}
