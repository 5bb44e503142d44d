'use client';

import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient, type Api, type ApiOutputs } from '#api/trpc.ts';
import { pagesOf, type Paged } from '#report/paged.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';
import { auditPageSchema, signInsSchema, type AuditLine, type SignIn } from './rest-schemas.ts';

export type ProjectSettings = ApiOutputs['project']['get'];
export type SessionSettings = ApiOutputs['sessionSettings']['get'];
export type PrivacySettings = ApiOutputs['privacy']['settings'];
export type PrivacyChange = Parameters<Api['privacy']['setSettings']['mutate']>[0]['settings'];
export type ProjectChange = Parameters<Api['project']['change']['mutate']>[0]['change'];

export type Loaded<T> = {
  readonly data: T | undefined;
  readonly failure: Failure | null;
  readonly retry: () => void;
};

type QueryState<T> = {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
};

/** What a page shows of a question: its data, or why there is none. */
export function loaded<T>({ data, error, refetch }: QueryState<T>): Loaded<T> {
  const failure = error === null ? null : describeFailure(error);
  return { data, failure, retry: () => void refetch() };
}

export function useProjectSettings(): Loaded<ProjectSettings> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  return loaded(useQuery(trpc.project.get.queryOptions({ projectId })));
}

/** The name stands in the navigation, the zone beside every range: the page is asked for anew. */
export function useChangeProject(): UseMutationResult<ProjectSettings, Error, ProjectChange> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const router = useRouter();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (change: ProjectChange) => api.project.change.mutate({ projectId, change }),
    onSuccess: (project) => {
      client.setQueryData(trpc.project.get.queryKey({ projectId }), project);
      router.refresh();
    },
  });
}

export function useSessionSettings(): Loaded<SessionSettings> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  return loaded(useQuery(trpc.sessionSettings.get.queryOptions({ projectId })));
}

export function useSetSessions(): UseMutationResult<unknown, Error, SessionSettings> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (settings: SessionSettings) =>
      api.sessionSettings.set.mutate({ projectId, settings }),
    onSuccess: () => client.invalidateQueries(trpc.sessionSettings.pathFilter()),
  });
}

export function usePrivacySettings(): Loaded<PrivacySettings> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  return loaded(useQuery(trpc.privacy.settings.queryOptions({ projectId })));
}

export function useSetPrivacy(): UseMutationResult<unknown, Error, PrivacyChange> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (settings: PrivacyChange) =>
      api.privacy.setSettings.mutate({ projectId, settings }),
    onSuccess: () => client.invalidateQueries(trpc.privacy.settings.pathFilter()),
  });
}

/** Who changed what, newest first, page by page. */
export function useAuditLog(): Paged<AuditLine> {
  const { id } = useProject();
  const query = useInfiniteQuery({
    queryKey: ['audit', id],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === undefined ? '' : `&cursor=${pageParam}`;
      const url = `/api/v1/projects/${id}/audit?limit=100${cursor}`;
      return auditPageSchema.parse(await answerOf(await fetch(url, { signal })));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    retry: false,
  });
  return pagesOf(query, ({ entries }) => entries);
}

/** Where this person is signed in, this browser marked. */
export function useSignIns(): Loaded<readonly SignIn[]> {
  return loaded(
    useQuery({
      queryKey: ['sign-ins'],
      queryFn: async ({ signal }) =>
        signInsSchema.parse({
          current: await answerOf(await fetch('/api/auth/get-session', { signal })),
          all: await answerOf(await fetch('/api/auth/list-sessions', { signal })),
        }),
      retry: false,
    }),
  );
}

export function useEndSignIn(): UseMutationResult<unknown, Error, SignIn> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ token }: SignIn) =>
      answerOf(
        await fetch('/api/auth/revoke-session', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token }),
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sign-ins'] }),
  });
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  throw new Error(`the server answered with status ${response.status}`);
}
