'use client';

import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { ComplianceType, DataRequest } from '@arbor/schema/privacy';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { isOver } from './erasure.ts';

const pollMs = 1000;

export type NewRequest = {
  readonly kind: DataRequest['kind'];
  readonly identifier: string;
  readonly complianceType: ComplianceType;
};

/** Asks for everything that is known of a user, or for its erasure. */
export function useNewRequest(): UseMutationResult<DataRequest, Error, NewRequest> {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: ({ kind, identifier, complianceType }: NewRequest) =>
      api.privacy.create.mutate({
        projectId,
        request: { kind, distinctIds: [identifier], complianceType },
      }),
  });
}

/** How far a request is, asked again until it is over; null = there is none. */
export function useRequest(id: string | null): {
  readonly request: DataRequest | undefined;
  readonly error: string | null;
} {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(
    trpc.privacy.request.queryOptions(
      { projectId, id: id ?? '' },
      {
        enabled: id !== null,
        staleTime: 0,
        refetchInterval: ({ state }) =>
          state.data !== undefined && isOver(state.data.status) ? false : pollMs,
      },
    ),
  );
  return {
    request: query.data,
    error: query.data === undefined ? (query.error?.message ?? null) : null,
  };
}

export function useCancelRequest(): UseMutationResult<DataRequest, Error, string> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (id: string) => api.privacy.cancel.mutate({ projectId, id }),
    onSuccess: (request) =>
      client.setQueryData(trpc.privacy.request.queryKey({ projectId, id: request.id }), request),
  });
}

/** What the browser still holds of users goes, too. */
export function useForgetUser(): () => void {
  const trpc = useTRPC();
  const client = useQueryClient();
  return () => {
    client.removeQueries(trpc.users.pathFilter());
    client.removeQueries(trpc.identity.pathFilter());
  };
}
