'use client';

import {
  CancelledError,
  keepPreviousData,
  skipToken,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { QueryInput } from '@arbor/schema/query';
import type { QueryAnswer } from '@arbor/schema/result';
import { useEffect, useState } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPCClient } from '#api/trpc.ts';
import {
  describeFailure,
  streamQuery,
  unreachable,
  type Failure,
  type QueryProgressState,
} from './stream-query.ts';

/** A change runs the query after this much quiet (UX-R2). */
const settleMs = 250;
/** An answer about past days stays right; this is how long one about today is shown without asking. */
const staleMs = 15_000;

export type ReportRun = {
  readonly answer: QueryAnswer | null;
  /** The answer covers only part of the data so far. */
  readonly partial: boolean;
  /** The answer belongs to the question before this one. */
  readonly outdated: boolean;
  readonly running: boolean;
  readonly cancelled: boolean;
  readonly failure: Failure | null;
  readonly progress: QueryProgressState | null;
  readonly answeredAt: number;
  readonly cancel: () => void;
  readonly rerun: () => void;
};

type Held<S> = { readonly answer: QueryAnswer; readonly partial: boolean; readonly asked: S };

/** A run together with the state whose question the answer on the screen belongs to. */
export type AskedRun<S> = { readonly run: ReportRun; readonly asked: S | null };

/**
 * Runs a report's query whenever it changes; null is a question that is not complete yet. While the
 * next answer is on its way the last one stays, and must be read with the state it was asked by:
 * figures of the old question under names of the new one would be wrong.
 */
export function useReportRun<S>(query: QueryInput | null, state: S): AskedRun<S> {
  const { id: projectId } = useProject();
  const api = useTRPCClient();
  const queryClient = useQueryClient();
  const { query: settled, state: asked } = useSettled(query, state);
  const queryKey = ['report', projectId, settled] as const;
  const progressKey = ['report-progress', projectId, settled] as const;

  const run = useQuery<Held<S>>({
    queryKey,
    enabled: settled !== null,
    staleTime: staleMs,
    retry: false,
    ...(settled === null ? {} : { placeholderData: keepPreviousData<Held<S>> }),
    queryFn: async ({ signal }) => {
      if (settled === null) throw new Error('a query that is not complete must not run');
      queryClient.setQueryData(progressKey, null);
      const answer = await streamQuery(
        api,
        { projectId, query: settled },
        {
          signal,
          onProgress: (progress) => queryClient.setQueryData(progressKey, progress),
          onPartial: (partial) => {
            queryClient.setQueryData<Held<S>>(queryKey, { answer: partial, partial: true, asked });
          },
        },
      );
      return { answer, partial: false, asked };
    },
  });
  const { data: progress = null } = useQuery<QueryProgressState | null>({
    queryKey: progressKey,
    queryFn: skipToken,
  });

  const cancelled = run.error instanceof CancelledError;
  const failure = run.error === null || cancelled ? null : describeFailure(run.error);
  // Without a connection the bar on top says so, and what was answered stays readable (UX-S9).
  const isReadable = run.data !== undefined && failure?.code === unreachable;
  return {
    asked: run.data?.asked ?? null,
    run: {
      answer: run.data?.answer ?? null,
      partial: run.data?.partial ?? false,
      outdated: run.isPlaceholderData,
      running: run.isFetching,
      cancelled,
      failure: isReadable ? null : failure,
      progress,
      answeredAt: run.dataUpdatedAt,
      cancel: () => void queryClient.cancelQueries({ queryKey, exact: true }, { revert: false }),
      rerun: () => void run.refetch(),
    },
  };
}

/** Query and state once the query has not changed for a moment; the first ones at once. */
function useSettled<S>(
  query: QueryInput | null,
  state: S,
): { readonly query: QueryInput | null; readonly state: S } {
  const text = JSON.stringify(query);
  const [settled, setSettled] = useState({ text, query, state });
  useEffect(() => {
    if (text === settled.text) return;
    const timer = setTimeout(() => setSettled({ text, query, state }), settleMs);
    return () => clearTimeout(timer);
  }, [text, query, state, settled.text]);
  return settled;
}
