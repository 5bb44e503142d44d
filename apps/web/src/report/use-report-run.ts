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

type Held = { readonly answer: QueryAnswer; readonly partial: boolean };

/** Runs a report's query whenever it changes; null is a question that is not complete yet. */
export function useReportRun(query: QueryInput | null): ReportRun {
  const { id: projectId } = useProject();
  const api = useTRPCClient();
  const queryClient = useQueryClient();
  const settled = useSettled(query);
  const queryKey = ['report', projectId, settled] as const;
  const progressKey = ['report-progress', projectId, settled] as const;

  const run = useQuery<Held>({
    queryKey,
    enabled: settled !== null,
    staleTime: staleMs,
    retry: false,
    ...(settled === null ? {} : { placeholderData: keepPreviousData<Held> }),
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
            queryClient.setQueryData<Held>(queryKey, { answer: partial, partial: true });
          },
        },
      );
      return { answer, partial: false };
    },
  });
  const { data: progress = null } = useQuery<QueryProgressState | null>({
    queryKey: progressKey,
    queryFn: skipToken,
  });

  const cancelled = run.error instanceof CancelledError;
  return {
    answer: run.data?.answer ?? null,
    partial: run.data?.partial ?? false,
    outdated: run.isPlaceholderData,
    running: run.isFetching,
    cancelled,
    failure: run.error === null || cancelled ? null : describeFailure(run.error),
    progress,
    answeredAt: run.dataUpdatedAt,
    cancel: () => void queryClient.cancelQueries({ queryKey, exact: true }, { revert: false }),
    rerun: () => void run.refetch(),
  };
}

/** The value once it has not changed for a moment; the first one at once. */
function useSettled(query: QueryInput | null): QueryInput | null {
  const text = JSON.stringify(query);
  const [settled, setSettled] = useState({ text, query });
  useEffect(() => {
    if (text === settled.text) return;
    const timer = setTimeout(() => setSettled({ text, query }), settleMs);
    return () => clearTimeout(timer);
  }, [text, query, settled.text]);
  return settled.query;
}
