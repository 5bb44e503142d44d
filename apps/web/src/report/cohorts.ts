'use client';

import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { UserConditionInput } from '@arbor/schema/query';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient, type ApiOutputs } from '#api/trpc.ts';
import { describeFailure, type Failure } from './stream-query.ts';

/** A cohort as it was saved: its definition, not its members, which each query finds anew (UX-CO3). */
export type SavedCohort = ApiOutputs['cohorts']['list'][number];

export function useCohorts(): {
  readonly cohorts: readonly SavedCohort[];
  readonly loading: boolean;
  readonly failure: Failure | null;
  readonly retry: () => void;
} {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.cohorts.list.queryOptions({ projectId, archived: false }));
  return {
    cohorts: query.data ?? noCohorts,
    loading: query.isPending,
    failure: query.error === null ? null : describeFailure(query.error),
    retry: () => void query.refetch(),
  };
}

const noCohorts: readonly SavedCohort[] = [];

/** The name of a cohort by its id, for sentences; the id while names are not there or it is gone. */
export function useCohortName(): (id: string) => string {
  const { cohorts } = useCohorts();
  return (id) => cohorts.find((each) => each.id === id)?.name ?? id;
}

export type NewCohort = { readonly name: string; readonly filters: readonly UserConditionInput[] };

export function useSaveCohort(): UseMutationResult<SavedCohort, Error, NewCohort> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: ({ name, filters }: NewCohort) =>
      api.cohorts.create.mutate({
        projectId,
        new: { name, definition: { type: 'live', filters: [...filters] } },
      }),
    onSuccess: () => client.invalidateQueries(trpc.cohorts.pathFilter()),
  });
}
