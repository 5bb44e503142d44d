'use client';

import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { UserConditionInput } from '@arbor/schema/query';
import type { CohortResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { isApiError, useTRPC, useTRPCClient } from '#api/trpc.ts';
import { useNow } from '#format/use-now.ts';
import type { SavedCohort } from '#report/cohorts.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';
import { useReportRun, type ReportRun } from '#report/use-report-run.ts';
import type { CohortState } from './definition.ts';
import { cohortQuery, type CohortPageState, type CohortQueryInput } from './state.ts';

export type CohortAnswer = {
  readonly cohort: SavedCohort | undefined;
  readonly unknown: boolean;
  readonly failure: Failure | null;
  readonly retry: () => void;
};

export function useCohort(id: string): CohortAnswer {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.cohorts.get.queryOptions({ projectId, id }));
  const code = isApiError(query.error) ? query.error.data?.arbor?.code : undefined;
  return {
    cohort: query.data,
    unknown: code === 'NOT_FOUND',
    failure: query.error === null ? null : describeFailure(query.error),
    retry: () => void query.refetch(),
  };
}

/** The question about the size of a cohort that is being looked at or edited. */
export function useSizes(
  cohort: CohortState,
  state: CohortPageState,
): {
  readonly run: ReportRun;
  readonly result: CohortResult | null;
  /** The state the result was asked by. */
  readonly asked: CohortPageState;
  readonly query: CohortQueryInput | null;
} {
  const { timezone } = useProject();
  const query = cohortQuery(cohort, state, timezone, useNow());
  const { run, asked } = useReportRun(query, state);
  const result = run.answer?.result;
  return { run, result: result?.type === 'cohort' ? result : null, asked: asked ?? state, query };
}

/** How many users a saved cohort has, as of now. */
export function useSize(id: string): {
  readonly users: number | null;
  readonly failure: Failure | null;
} {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const query = useQuery({
    queryKey: ['cohort-size', projectId, id],
    queryFn: async ({ signal }) => {
      const filters: UserConditionInput[] = [
        { type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] },
      ];
      const { result } = await api.query.run.query(
        { projectId, query: { type: 'cohort', filters } },
        { signal },
      );
      if (result.type !== 'cohort') throw new Error('the answer about a cohort is of another kind');
      return result.users;
    },
    retry: false,
  });
  return {
    users: query.data ?? null,
    failure: query.error === null ? null : describeFailure(query.error),
  };
}

export type CohortChange = {
  readonly id: string;
  readonly name?: string;
  readonly filters?: readonly UserConditionInput[];
};

/** Renames a cohort, or changes whom it means. */
export function useChangeCohort(): UseMutationResult<SavedCohort, Error, CohortChange> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: ({ id, filters, ...change }: CohortChange) =>
      api.cohorts.change.mutate({
        projectId,
        id,
        change: {
          ...change,
          ...(filters === undefined ? {} : { definition: { type: 'live', filters: [...filters] } }),
        },
      }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries(trpc.cohorts.pathFilter()),
        client.invalidateQueries({ queryKey: ['cohort-size', projectId] }),
        client.invalidateQueries({ queryKey: ['listed-users', projectId] }),
        client.invalidateQueries({ queryKey: ['report', projectId] }),
      ]);
    },
  });
}

/**
 * Puts a cohort away, or brings it back. `onDone` is called before anything is read anew, and also when whoever asked
 * is gone: the page of a cohort goes with it, and what Undo brings back is asked for from another page.
 */
export function useArchiveCohort(
  archived: boolean,
  onDone?: () => void,
): UseMutationResult<SavedCohort, Error, string> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (id: string) => api.cohorts.change.mutate({ projectId, id, change: { archived } }),
    onSuccess: () => {
      onDone?.();
      return client.invalidateQueries(trpc.cohorts.pathFilter());
    },
  });
}
