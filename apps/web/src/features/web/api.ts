'use client';

import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import type { QueryInput } from '@arbor/schema/query';
import type { InsightsResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useTRPC } from '#api/trpc.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';

const staleMs = 15_000;

export type WebList = {
  readonly result: InsightsResult | null;
  readonly failure: Failure | null;
  /** The answer belongs to the question before. */
  readonly outdated: boolean;
  readonly retry: () => void;
};

/** One list of the page. All of them are asked in one request, which the client makes of them by itself (UX-W5). */
export function useWebList(query: QueryInput | null): WebList {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const { data, error, isPlaceholderData, refetch } = useQuery(
    trpc.query.run.queryOptions(query === null ? skipToken : { projectId, query }, {
      staleTime: staleMs,
      placeholderData: keepPreviousData,
      retry: false,
    }),
  );
  return {
    result: data?.result.type === 'insights' ? data.result : null,
    failure: error === null ? null : describeFailure(error),
    outdated: isPlaceholderData,
    retry: () => void refetch(),
  };
}
