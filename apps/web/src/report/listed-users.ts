'use client';

import {
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  type InfiniteData,
} from '@tanstack/react-query';
import type { QueryInput } from '@arbor/schema/query';
import type { ListedEvent, ListResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useTRPCClient, type Api } from '#api/trpc.ts';
import type { ListedNumber } from './listed-number.ts';
import { pagesOf, type Paged } from './paged.ts';

export type ListQueryInput = Extract<QueryInput, { type: 'list' }>;
/** Which number of which report: what lies behind it (`reports.md` 4.6). */
export type NumberRef = Pick<ListQueryInput, 'of' | 'point'>;

export type ListedUser = {
  /** Canonical id. */
  readonly user: string;
  readonly profile: Readonly<Record<string, unknown>>;
};

/** A list that knows how many there are in all; null = not known yet. */
export type CountedPaged<T> = Paged<T> & { readonly total: number | null };
export type ListedUsers = CountedPaged<ListedUser>;
export type ListedEvents = CountedPaged<ListedEvent>;

const pageRows = 100;
/** Of a page of a file: as many as the API gives at once. */
const filePageRows = 10_000;
const userColumns = [
  '$name',
  '$first_name',
  '$last_name',
  '$email',
  '$city',
  '$country_code',
] as const;

/** The users behind a number, page by page: exactly as many as the number says (UX-P1). */
export function useListedUsers(number: NumberRef): ListedUsers {
  const result = useListPages(number, 'users');
  return { ...pagesOf(result, usersOf), total: totalOf(result) };
}

/** The events behind a number, newest first (UX-DD3). */
export function useListedEvents(number: NumberRef): ListedEvents {
  const result = useListPages(number, 'events');
  return { ...pagesOf(result, ({ events }: ListResult) => events), total: totalOf(result) };
}

type ListPages = UseInfiniteQueryResult<InfiniteData<ListResult>>;

function totalOf({ data }: ListPages): number | null {
  return data?.pages[0]?.total ?? null;
}

function useListPages({ of, point }: NumberRef, what: ListedNumber['what']): ListPages {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  return useInfiniteQuery({
    queryKey: [`listed-${what}`, projectId, of, point],
    queryFn: ({ pageParam, signal }) =>
      askList(
        api,
        projectId,
        listQuery({ of, point }, what, { limit: pageRows, cursor: pageParam }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    retry: false,
  });
}

type Page = { readonly limit: number; readonly cursor: string | undefined };

function listQuery(number: NumberRef, what: ListedNumber['what'], page: Page): ListQueryInput {
  return {
    type: 'list',
    ...number,
    what,
    ...(what === 'users' ? { columns: [...userColumns] } : {}),
    ...page,
  };
}

async function askList(
  api: Api,
  projectId: number,
  query: ListQueryInput,
  signal?: AbortSignal,
): Promise<ListResult> {
  const answer = await api.query.run.query(
    { projectId, query },
    signal === undefined ? {} : { signal },
  );
  if (answer.result.type !== 'list') throw new Error('the answer to a list is no list');
  return answer.result;
}

/** Everybody behind the number, however many: for a file (UX-DD2). */
export async function allListedUsers(
  api: Api,
  projectId: number,
  number: NumberRef,
): Promise<readonly ListedUser[]> {
  const users: ListedUser[] = [];
  let cursor: string | undefined;
  do {
    const page = await askList(
      api,
      projectId,
      listQuery(number, 'users', { limit: filePageRows, cursor }),
    );
    for (const user of usersOf(page)) users.push(user);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return users;
}

function usersOf({ users, profiles }: ListResult): readonly ListedUser[] {
  return users.map((user, index) => ({ user, profile: profiles?.[index] ?? {} }));
}
