'use client';

import { Pause, Play } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo, useState, type ReactNode } from 'react';
import type { LiveEntry } from '@arbor/schema/live';
import { Button } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Sheet } from '#components/dialog.tsx';
import { formatCount, formatNumber } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { useLiveStream, type LiveStream } from '../api.ts';
import { entryKinds, entryRow, liveFilter } from '../model.ts';
import { rowsPerSecondMax } from '../sample.ts';
import { EntryDetails } from './entry-details.tsx';
import { EntryList } from './entry-list.tsx';
import { LiveFilters, type LiveFilterState } from './live-filters.tsx';

const filterParsers = {
  kind: parseAsStringLiteral(['all', ...entryKinds] as const).withDefault('all'),
  event: parseAsString,
  user: parseAsString.withDefault(''),
};

/** Everything that arrives, as it arrives. */
export function Live(): ReactNode {
  const [filters, setFilters] = useQueryStates(filterParsers, { history: 'push' });
  const change = (next: Partial<LiveFilterState>): void => void setFilters(next);
  return <Feed key={JSON.stringify(filters)} filters={filters} onFilters={change} />;
}

type FeedProps = {
  readonly filters: LiveFilterState;
  readonly onFilters: (change: Partial<LiveFilterState>) => void;
};

function Feed({ filters, onFilters }: FeedProps): ReactNode {
  const filter = useMemo(() => liveFilter(filters), [filters]);
  const stream = useLiveStream(filter);
  const [opened, setOpened] = useState<LiveEntry | null>(null);
  useShortcut('Space', 'Pause or resume', () => stream.setPaused(!stream.paused));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="grid gap-2 border-b border-line px-4 pt-3 pb-2.5 md:px-5">
        <div className="flex items-center gap-3">
          <h1 className="text-base font-semibold">Live</h1>
          <StreamState stream={stream} />
          <SampleNote stream={stream} />
          <span className="flex-1" />
          <Button
            onClick={() => stream.setPaused(!stream.paused)}
            data-testid="live-pause"
            aria-pressed={stream.paused}
            variant={stream.paused ? 'primary' : 'secondary'}
          >
            {stream.paused ? <Play size={14} /> : <Pause size={14} />}
            {stream.paused ? 'Resume' : 'Pause'}
          </Button>
        </div>
        <LiveFilters filters={filters} onChange={onFilters} />
      </header>
      {stream.paused ? (
        <button
          type="button"
          onClick={() => stream.setPaused(false)}
          data-testid="live-waiting"
          className="h-8 shrink-0 border-b border-line bg-accent-soft font-medium text-accent hover:brightness-97"
        >
          {stream.waiting.length === 0
            ? 'Paused'
            : `${formatCount(stream.waiting.length, 'new', 'new')}, show`}
        </button>
      ) : null}
      <EntryList
        stream={stream}
        filtered={Object.keys(filter).length > 0}
        openedId={opened?.id ?? null}
        onOpen={setOpened}
      />
      <Sheet
        side="right"
        modal={false}
        testId="panel"
        title={opened === null ? '' : entryRow(opened).title}
        open={opened !== null}
        onOpenChange={(open) => {
          if (!open) setOpened(null);
        }}
      >
        {opened === null ? null : <EntryDetails entry={opened} />}
      </Sheet>
    </div>
  );
}

/** A rate that was not seen again in this time is over. */
const rateMsMax = 3000;

/** Never a silent cut: where more comes than can be read, how much (UX-L6). */
function SampleNote({ stream: { rate } }: { readonly stream: LiveStream }): ReactNode {
  const now = useNow(1000);
  if (rate.perSecond <= rowsPerSecondMax || rate.seenAt < now - rateMsMax) return null;
  return (
    <span className="text-xs text-ink-2" data-testid="live-sample">
      showing {rowsPerSecondMax} of {formatNumber(rate.perSecond)} a second; a filter shows all
    </span>
  );
}

const stateTexts = { connecting: 'Connecting', open: 'Listening', failed: 'Stopped' } as const;

function StreamState({ stream }: { readonly stream: LiveStream }): ReactNode {
  const open = stream.state === 'open' && !stream.paused;
  return (
    <output className="flex items-center gap-1.5 text-xs text-ink-2" data-testid="live-state">
      <span
        aria-hidden
        className={classNames(
          'size-2 rounded-full',
          open && 'bg-positive animate-pulse-soft',
          !open && stream.state === 'failed' ? 'bg-danger' : !open && 'bg-line-strong',
        )}
      />
      {stream.paused ? 'Paused' : stateTexts[stream.state]}
    </output>
  );
}
