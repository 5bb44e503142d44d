'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { UsersRequestInput } from '@arbor/schema/query';
import type { UsersResult } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { usersRequest, type UsersState } from './list.ts';
import { pagesOf, type Paged } from '#report/paged.ts';

export type ListedUser = UsersResult['users'][number];

export type UserList = Paged<ListedUser> & {
  /** How many there are in all; null = not known yet. */
  readonly total: number | null;
  /** What is shown belongs to the question before this one. */
  readonly outdated: boolean;
};

/** Users page by page. While another question is being answered, the users of the last one stay. */
export function useUserList(state: UsersState, search: string): UserList {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const users = usersRequest(state, search);
  const result = useInfiniteQuery({
    queryKey: [...trpc.users.list.pathKey(), projectId, users],
    queryFn: ({ pageParam, signal }) =>
      api.users.list.query({ projectId, users: { ...users, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  return {
    ...pagesOf(result, (page) => page.users),
    // Users come while the list is read: the page read last knows best.
    total: result.data?.pages.at(-1)?.total ?? null,
    outdated: result.isPlaceholderData,
  };
}

/** All users of the list as CSV, made by the server as it reads them. */
export function useExport(): UseMutationResult<Blob, Error, UsersRequestInput> {
  const { id } = useProject();
  return useMutation({
    mutationFn: async (users) => {
      const answer = await fetch(`/api/v1/projects/${id}/users/export?spreadsheet=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(users),
      });
      if (!answer.ok) throw new Error(await failureText(answer));
      return answer.blob();
    },
  });
}

/** What the server says went wrong. */
export async function failureText(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly message?: string } };
    return error?.message ?? text;
  } catch {
    return `the server answered ${answer.status}`;
  }
}
