import { describeFailure, type Failure } from './stream-query.ts';

/** A list that comes page by page. */
export type Paged<T> = {
  /** Of the pages that are there; absent = not even the first is. */
  readonly rows: readonly T[] | undefined;
  readonly failure: Failure | null;
  readonly more: boolean;
  readonly loading: boolean;
  /** Asks for the next page, if there is one and nothing is under way. */
  readonly loadMore: () => void;
  readonly retry: () => void;
};

type PagedQuery<P> = {
  readonly data: { readonly pages: readonly P[] } | undefined;
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
};

export function pagesOf<P, T>(query: PagedQuery<P>, rowsOf: (page: P) => readonly T[]): Paged<T> {
  const { data, error } = query;
  return {
    rows: data?.pages.flatMap(rowsOf),
    failure: error === null ? null : describeFailure(error),
    retry: () => void (data === undefined ? query.refetch() : query.fetchNextPage()),
    more: query.hasNextPage,
    loading: query.isFetching,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetching && error === null) void query.fetchNextPage();
    },
  };
}
