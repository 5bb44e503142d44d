'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { Radio, TriangleAlert } from 'lucide-react';
import { useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { LiveEntry } from '@arbor/schema/live';
import { StateMessage } from '#components/state-message.tsx';
import type { LiveStream } from '../api.ts';
import { EntryRowLine } from './entry-row-line.tsx';

export type EntryListProps = {
  readonly stream: LiveStream;
  readonly filtered: boolean;
  readonly openedId: string | null;
  readonly onOpen: (entry: LiveEntry) => void;
};

const rowHeight = 40;

/** Newest on top. Whoever has scrolled down stays at the rows they read while new ones arrive above. */
export function EntryList({ stream, filtered, openedId, onOpen }: EntryListProps): ReactNode {
  const { entries } = stream;
  const scrollRef = useRef<HTMLDivElement>(null);
  // The React compiler, which cannot follow this hook, is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 10,
  });
  useKeepPlace(scrollRef, entries);

  if (entries.length === 0) return <NothingYet stream={stream} filtered={filtered} />;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const focused = document.activeElement?.getAttribute('data-index');
    const next = Math.max(0, Math.min(entries.length - 1, Number(focused ?? -1) + step));
    virtualizer.scrollToIndex(next);
    scrollRef.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
  };
  return (
    <div
      ref={scrollRef}
      className="min-h-0 flex-1 overflow-y-auto bg-surface"
      data-testid="live-list"
    >
      {/* Arrow keys move between the rows, each of which is a button. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        onKeyDown={onKeyDown}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const entry = entries[item.index];
          if (entry === undefined) return null;
          return (
            <EntryRowLine
              key={item.key}
              entry={entry}
              index={item.index}
              top={item.start}
              height={rowHeight}
              opened={entry.id === openedId}
              onOpen={() => onOpen(entry)}
            />
          );
        })}
      </div>
    </div>
  );
}

function useKeepPlace(
  scrollRef: { readonly current: HTMLDivElement | null },
  entries: readonly LiveEntry[],
): void {
  const firstId = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    const added = entries.findIndex(({ id }) => id === firstId.current);
    if (scroll !== null && added > 0 && scroll.scrollTop > rowHeight) {
      scroll.scrollTop += added * rowHeight;
    }
    firstId.current = entries[0]?.id;
  }, [scrollRef, entries]);
}

function NothingYet({
  stream,
  filtered,
}: {
  readonly stream: LiveStream;
  readonly filtered: boolean;
}): ReactNode {
  if (stream.state === 'failed') {
    return (
      <StateMessage tone="danger" icon={<TriangleAlert size={20} />} title="The stream ended">
        {stream.failure}
      </StateMessage>
    );
  }
  return (
    <StateMessage
      testId="live-empty"
      icon={<Radio size={20} />}
      title={filtered ? 'Nothing has passed the filters yet' : 'Listening'}
    >
      {filtered
        ? 'New records that match appear here as they arrive.'
        : 'Records appear here as they arrive, also those that are refused, with the reason.'}
    </StateMessage>
  );
}
