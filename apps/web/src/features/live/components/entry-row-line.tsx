'use client';

import { CircleAlert, Link2, MousePointerClick, UserRound } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { LiveEntry } from '@arbor/schema/live';
import { useProject } from '#api/project-context.tsx';
import { assignColours, chartColour } from '#charts/palette.ts';
import { classNames } from '#components/class-names.ts';
import { useNow } from '#format/use-now.ts';
import { entryRow, entryTime, timeText } from '../model.ts';

export type EntryRowLineProps = {
  readonly entry: LiveEntry;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly opened: boolean;
  readonly onOpen: () => void;
};

/** One record as one line; on narrow screens what matters least is left out. */
export const EntryRowLine = memo(function EntryRowLine(props: EntryRowLineProps): ReactNode {
  const { entry, opened } = props;
  const { timezone } = useProject();
  const now = useNow();
  const row = entryRow(entry);
  const rejected =
    entry.kind === 'rejected' || (entry.kind === 'alias' && entry.refused !== undefined);
  return (
    <button
      type="button"
      data-testid="live-row"
      data-kind={entry.kind}
      data-index={props.index}
      aria-pressed={opened}
      onClick={props.onOpen}
      style={{ transform: `translateY(${props.top}px)`, height: props.height }}
      className={classNames(
        'absolute inset-x-0 top-0 flex items-center gap-2.5 border-b border-line px-4 text-left -outline-offset-2 md:px-5',
        rejected ? 'bg-danger-soft text-danger hover:brightness-97' : 'hover:bg-hover',
        opened && !rejected && 'bg-accent-soft',
      )}
    >
      <span
        className={classNames(
          'w-22 shrink-0 font-mono text-2xs whitespace-nowrap tabular sm:w-auto sm:min-w-24',
          !rejected && 'text-ink-3',
        )}
      >
        {timeText(entryTime(entry), timezone, now)}
      </span>
      <KindMark entry={entry} />
      <span
        className={classNames(
          'w-28 shrink-0 font-medium truncate-line sm:w-36 lg:w-44',
          entry.kind === 'rejected' && 'hidden sm:block',
        )}
      >
        {row.title}
      </span>
      {entry.kind === 'rejected' ? null : (
        <span className="w-32 min-w-0 flex-1 truncate-line text-ink-2 sm:w-44 sm:flex-none">
          {row.user}
        </span>
      )}
      {entry.kind === 'event' ? (
        <>
          <span className="hidden w-32 shrink-0 text-ink-2 truncate-line xl:block">
            {row.place}
          </span>
          <span className="hidden w-36 shrink-0 text-ink-2 truncate-line xl:block">
            {row.device}
          </span>
          <span className="hidden w-20 shrink-0 text-ink-3 truncate-line 2xl:block">
            {row.library}
          </span>
        </>
      ) : null}
      <span
        className={classNames(
          'min-w-0 flex-1 text-xs truncate-line',
          entry.kind === 'rejected' ? 'block' : 'hidden text-ink-3 sm:block',
        )}
      >
        {row.detail}
      </span>
    </button>
  );
});

function KindMark({ entry }: { readonly entry: LiveEntry }): ReactNode {
  const size = 14;
  switch (entry.kind) {
    case 'event':
      return (
        <MousePointerClick
          size={size}
          aria-label="event"
          className="shrink-0"
          style={{ color: chartColour(assignColours([entry.event]).get(entry.event) ?? 0) }}
        />
      );
    case 'person':
      return <UserRound size={size} aria-label="user" className="shrink-0 text-ink-3" />;
    case 'alias':
      return <Link2 size={size} aria-label="identity" className="shrink-0 text-ink-3" />;
    case 'rejected':
      return <CircleAlert size={size} aria-label="rejected" className="shrink-0" />;
  }
}
