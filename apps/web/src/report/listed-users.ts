'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import type { QueryInput } from '@arbor/schema/query';
import type { ListResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useTRPCClient } from '#api/trpc.ts';
import { pagesOf, type Paged } from './paged.ts';

export type ListQueryInput = Extract<QueryInput, { type: 'list' }>;
/** Which number of which report: the list of users behind it (`reports.md` 4.6). */
export type NumberRef = Pick<ListQueryInput, 'of' | 'point'>;

export type ListedUser = {
  /** Canonical id. */
  readonly user: string;
  readonly profile: Readonly<Record<string, unknown>>;
};

export type ListedUsers = Paged<ListedUser> & {
  /** How many there are in all; null = not known yet. */
  readonly total: number | null;
};

const pageUsers = 100;
const columns = ['$name', '$first_name', '$last_name', '$email', '$city', '$country_code'];

/** The users behind a number, page by page: exactly as many as the number says (UX-P1). */
export function useListedUsers({ of, point }: NumberRef): ListedUsers {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const result = useInfiniteQuery({
    queryKey: ['listed-users', projectId, of, point],
    queryFn: async ({ pageParam, signal }): Promise<ListResult> => {
      const query: ListQueryInput = {
        type: 'list',
        of,
        point,
        what: 'users',
        columns,
        limit: pageUsers,
        cursor: pageParam,
      };
      const answer = await api.query.run.query({ projectId, query }, { signal });
      if (answer.result.type !== 'list') throw new Error('the answer to a list is no list');
      return answer.result;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    retry: false,
  });
  return { ...pagesOf(result, usersOf), total: result.data?.pages[0]?.total ?? null };
}

function usersOf({ users, profiles }: ListResult): readonly ListedUser[] {
  return users.map((user, index) => ({ user, profile: profiles?.[index] ?? {} }));
}
