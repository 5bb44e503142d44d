'use client';

import type { LiveEntry, LiveFilter } from '@arbor/schema/live';
import { useEffect, useRef, useState } from 'react';
import { connection } from '#api/connection.ts';
import { useProject } from '#api/project-context.tsx';
import { isConnectionError, useTRPCClient } from '#api/trpc.ts';
import { withNewest } from './model.ts';
import { createSampler } from './sample.ts';

/** Arrivals are put on the screen together, ten times a second at most. */
const flushMs = 100;

export type LiveStream = {
  readonly entries: readonly LiveEntry[];
  /** Arrived while paused. */
  readonly waiting: readonly LiveEntry[];
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  readonly state: 'connecting' | 'open' | 'failed';
  readonly failure: string | null;
  /** What came in a second lately, and when that was seen; more than is shown, where the list is a sample. */
  readonly rate: Rate;
};

type Rate = { readonly perSecond: number; readonly seenAt: number };

/**
 * One stream of server-sent events. It reconnects by itself and then sends the id of the last entry,
 * so the server fills the gap. Pausing keeps the stream open: what arrives waits. Another filter is
 * another stream: the caller gives its component the filter as key, so that it starts empty.
 */
export function useLiveStream(filter: LiveFilter): LiveStream {
  const { id: projectId } = useProject();
  const api = useTRPCClient();
  const [lists, setLists] = useState<Lists>(noEntries);
  const [paused, setPaused] = useState(false);
  const [state, setState] = useState<LiveStream['state']>('connecting');
  const [failure, setFailure] = useState<string | null>(null);
  const [rate, setRate] = useState<Rate>({ perSecond: 0, seenAt: 0 });
  const pausedRef = useRef(false);
  const filterText = JSON.stringify(filter);

  useEffect(() => {
    let arrived: LiveEntry[] = [];
    const parsed = JSON.parse(filterText) as LiveFilter;
    // Whoever filters wants each that passes (UX-L6).
    const sampler = Object.keys(parsed).length === 0 ? createSampler() : null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      const batch = sampler?.take(arrived) ?? arrived;
      arrived = [];
      timer = undefined;
      if (sampler !== null) setRate({ perSecond: sampler.perSecond(), seenAt: Date.now() });
      setLists((before) => withBatch(before, batch, pausedRef.current));
    };
    const subscription = api.live.entries.subscribe(
      { projectId, filter: parsed },
      {
        onData: ({ data }) => {
          arrived.push(data);
          timer ??= setTimeout(flush, flushMs);
        },
        onConnectionStateChange: ({ state: next, error }) => {
          if (next === 'pending') {
            setState('open');
            connection.restored();
          } else {
            setState('connecting');
            if (isConnectionError(error)) connection.lost();
          }
        },
        onError: (error) => {
          setState('failed');
          setFailure(error.message);
        },
      },
    );
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [api, projectId, filterText]);

  const changePaused = (next: boolean): void => {
    pausedRef.current = next;
    setPaused(next);
    if (!next)
      setLists((before) => ({
        entries: withNewest(before.entries, before.waiting.toReversed()),
        waiting: [],
      }));
  };
  return { ...lists, paused, setPaused: changePaused, state, failure, rate };
}

type Lists = { readonly entries: readonly LiveEntry[]; readonly waiting: readonly LiveEntry[] };

const noEntries: Lists = { entries: [], waiting: [] };

function withBatch(lists: Lists, batch: readonly LiveEntry[], paused: boolean): Lists {
  if (!paused) return { ...lists, entries: withNewest(lists.entries, batch) };
  const shown = new Set(lists.entries.map(({ id }) => id));
  return {
    ...lists,
    waiting: withNewest(
      lists.waiting,
      batch.filter(({ id }) => !shown.has(id)),
    ),
  };
}
