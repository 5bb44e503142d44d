'use client';

import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { IdentityCluster, IdentityLinkEntry, IdentitySplit } from '@arbor/schema/identity';
import type { ActivityEvent, UserCohorts, UserProfile } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { isApiError, useTRPC, useTRPCClient } from '#api/trpc.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';
import { pagesOf, type Paged } from '#report/paged.ts';
import { withEdit, type ProfileEdit } from './profile.ts';

/** An edit goes the way of events; after so long the server tells it by itself. */
const editSeenMs = 3000;
const pageEvents = 100;
const cohortsStaleMs = 60_000;

export type Answer<T> = {
  readonly data: T | undefined;
  readonly failure: Failure | null;
  readonly retry: () => void;
};

export function useProfile(
  identifier: string,
): Answer<UserProfile> & { readonly unknown: boolean } {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.users.profile.queryOptions({ projectId, identifier }));
  const unknown = isApiError(query.error) && query.error.data?.arbor?.code === 'NOT_FOUND';
  return { ...answerOf(query), unknown };
}

/** Identifiers that look like one that nobody has. */
export function useNearIdentifiers(identifier: string): readonly string[] {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  return useQuery(trpc.users.near.queryOptions({ projectId, identifier })).data ?? [];
}

/**
 * Saved cohorts that he is a member of now. The server asks a small question for each: so it is asked after his identifiers
 * are there, which would wait for it in one request.
 */
export function useUserCohorts(identifier: string): Answer<UserCohorts> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = trpc.users.cohorts.queryOptions(
    { projectId, identifier },
    { staleTime: cohortsStaleMs, enabled: useIdentity(identifier).data !== undefined },
  );
  return answerOf(useQuery(query));
}

/** Everything that is this user. */
export function useIdentity(identifier: string): Answer<IdentityCluster> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  return answerOf(useQuery(trpc.identity.user.queryOptions({ projectId, identifier })));
}

export type ActivityFilter = {
  /** Null = all events. */
  readonly event: string | null;
  readonly search: string;
  readonly hidden: boolean;
  /** Up to this day, itself too; "" = up to now. */
  readonly to: string;
};

/** All events of the user, newest first, page by page. */
export function useActivity(identifier: string, filter: ActivityFilter): Paged<ActivityEvent> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const { event, search, hidden, to } = filter;
  const activity = {
    ...(event === null ? {} : { events: [event] }),
    ...(to === '' ? {} : { to }),
    search,
    withHidden: hidden,
    limit: pageEvents,
  };
  const query = useInfiniteQuery({
    queryKey: [...trpc.users.activity.pathKey(), projectId, identifier, activity],
    queryFn: ({ pageParam, signal }) =>
      api.users.activity.query(
        { projectId, identifier, activity: { ...activity, cursor: pageParam } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return pagesOf(query, ({ events }) => events);
}

/** What joined the user's identifiers, what was refused and what was taken back, newest first. */
export function useIdentityLog(identifier: string): Paged<IdentityLinkEntry> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const query = useInfiniteQuery({
    queryKey: [...trpc.identity.log.pathKey(), projectId, identifier],
    queryFn: ({ pageParam, signal }) =>
      api.identity.log.query({ projectId, identifier, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return pagesOf(query, ({ links }) => links);
}

/** What unmerging a link would do; null = no link is asked about. */
export function useSplit(link: string): Answer<IdentitySplit> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.identity.preview.queryOptions({ projectId, link }, { staleTime: 0 }));
  return answerOf(query);
}

type Change<V> = UseMutationResult<unknown, Error, V>;

/** Changes the profile; what is shown follows at once. */
export function useEditProfile(identifier: string): Change<ProfileEdit> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  const queryKey = trpc.users.profile.queryKey({ projectId, identifier });
  return useMutation({
    mutationFn: (edit: ProfileEdit) =>
      api.users.edit.mutate({ projectId, identifier, edits: [edit] }),
    onSuccess: (_, edit) => {
      client.setQueryData(queryKey, (profile) =>
        profile === undefined
          ? undefined
          : { ...profile, properties: withEdit(profile.properties, edit) },
      );
      setTimeout(() => void client.invalidateQueries({ queryKey }), editSeenMs);
    },
  });
}

export function useMerge(identifier: string): Change<string> {
  const api = useTRPCClient();
  const forget = useForgetUsers();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (other: string) => api.identity.merge.mutate({ projectId, one: identifier, other }),
    onSuccess: forget,
  });
}

export function useUnmerge(): Change<string> {
  const api = useTRPCClient();
  const forget = useForgetUsers();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (link: string) => api.identity.undo.mutate({ projectId, link }),
    onSuccess: forget,
  });
}

/** Who is whom has changed: everything about users is asked anew. */
function useForgetUsers(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries(trpc.users.pathFilter()),
      client.invalidateQueries(trpc.identity.pathFilter()),
    ]);
  };
}

function answerOf<T>(query: {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}): Answer<T> {
  return {
    data: query.data,
    failure: query.data !== undefined || query.error === null ? null : describeFailure(query.error),
    retry: () => void query.refetch(),
  };
}
