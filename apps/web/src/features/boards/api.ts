'use client';

import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { Board, BoardSummary } from '@arbor/schema/boards';
import type { SavedReport, SavedReportSummary } from '@arbor/schema/saved-reports';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';

type Read<T> = {
  readonly data: T | undefined;
  readonly failure: Failure | null;
  readonly reload: () => void;
};

export type Listed<T> = Read<readonly T[]> & {
  /** Absent when everything is there. */
  readonly more: (() => void) | undefined;
};

export function useBoards(): Listed<BoardSummary> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useInfiniteQuery({
    queryKey: [...trpc.boards.list.pathKey(), 'all', projectId],
    queryFn: ({ pageParam }) =>
      api.boards.list.query({ projectId, page: pageParam === null ? {} : { cursor: pageParam } }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  });
  return listed(
    query,
    query.data?.pages.flatMap(({ boards }) => boards),
  );
}

export function useReports(): Listed<SavedReportSummary> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useInfiniteQuery({
    queryKey: [...trpc.savedReports.list.pathKey(), 'all', projectId],
    queryFn: ({ pageParam }) =>
      api.savedReports.list.query({
        projectId,
        page: pageParam === null ? {} : { cursor: pageParam },
      }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  });
  return listed(
    query,
    query.data?.pages.flatMap(({ reports }) => reports),
  );
}

function listed<T>(
  query: {
    readonly error: unknown;
    readonly hasNextPage: boolean;
    readonly fetchNextPage: () => unknown;
    readonly refetch: () => unknown;
  },
  data: readonly T[] | undefined,
): Listed<T> {
  return {
    data,
    failure: failureOf(data, query.error),
    reload: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}

/** What was read stays readable when it cannot be read again. */
function failureOf(data: unknown, error: unknown): Failure | null {
  return data === undefined && error !== null ? describeFailure(error) : null;
}

export function useBoard(id: number): Read<Board> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.boards.get.queryOptions({ projectId, id }));
  return {
    data: query.data,
    failure: failureOf(query.data, query.error),
    reload: () => void query.refetch(),
  };
}

export function useReport(id: number): Read<SavedReport> {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.savedReports.get.queryOptions({ projectId, id }));
  return {
    data: query.data,
    failure: failureOf(query.data, query.error),
    reload: () => void query.refetch(),
  };
}

export function useCreateBoard(): UseMutationResult<Board, Error, string> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (title: string) => api.boards.create.mutate({ projectId, board: { title } }),
    onSuccess: (board) => {
      client.setQueryData(trpc.boards.get.queryKey({ projectId, id: board.id }), board);
      return client.invalidateQueries(trpc.boards.list.pathFilter());
    },
  });
}
