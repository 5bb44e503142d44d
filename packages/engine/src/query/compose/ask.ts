import type { Query } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';

/**
 * Where a composed query stands: it asks queries that the shards can answer by themselves, as often as what to ask
 * next depends on the answers, and then knows its own.
 *
 * `next` keeps nothing: called with what is known so far it says what the answer would be then.
 */
export type ComposeStep =
  | {
      readonly type: 'ask';
      readonly queries: readonly Query[];
      /** `results` are those of the queries, one each. */
      next(results: readonly QueryResult[]): ComposeStep;
    }
  | { readonly type: 'answer'; readonly result: QueryResult };

/** Queries, and what is read from their results. */
export interface Ask<T> {
  readonly queries: readonly Query[];
  readonly read: (results: readonly QueryResult[]) => T;
}

/** Several side by side. */
export function askAll<T>(asks: readonly Ask<T>[]): Ask<T[]> {
  return {
    queries: asks.flatMap(({ queries }) => queries),
    read(results) {
      let start = 0;
      return asks.map(({ queries, read }) => {
        const end = start + queries.length;
        const value = read(results.slice(start, end));
        start = end;
        return value;
      });
    },
  };
}

/** Asks, where there is anything to ask, and goes on with what was read. */
export function askThen<T>(
  { queries, read }: Ask<T>,
  next: (value: T) => ComposeStep,
): ComposeStep {
  if (queries.length === 0) return next(read([]));
  return { type: 'ask', queries, next: (results) => next(read(results)) };
}

/** What a part of a query is answered with is of its own type. */
export function resultOf<T extends QueryResult['type']>(
  result: QueryResult | undefined,
  type: T,
): Extract<QueryResult, { type: T }> {
  if (result?.type === type) return result as Extract<QueryResult, { type: T }>;
  throw new TypeError(`a part of a query wants a result of type ${type}, not ${result?.type}`);
}
