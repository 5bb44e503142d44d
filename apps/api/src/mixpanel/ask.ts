import type { QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import type { QueryAnswer, QueryResult } from '@arbor/schema/result';
import type { QueryService } from '../dqs/ports.ts';
import type { Asked } from './endpoint.ts';

export type ResultOf<Q extends QueryInput> = Extract<QueryResult, { type: Q['type'] }>;

/** Questions of one request side by side: fewer than a project may ask at once (`query-service.ts`). */
const atOnce = 3;

/** Asks a query for whoever made the request, with `groups` about the profiles of groups instead of users. Throws ApiError as `QueryService.run` does. */
export async function askQuery<const Q extends QueryInput>(
  queries: QueryService,
  { project, signal, groups = false }: Pick<Asked, 'project' | 'signal'> & { groups?: boolean },
  query: Q,
): Promise<ResultOf<Q>> {
  const answer: QueryAnswer = await queries.run({
    project,
    query: querySchema.parse(query),
    signal,
    groups,
  });
  // The type of a result is that of its query (`packages/schema/src/result.ts`).
  return answer.result as ResultOf<Q>;
}

/** Works through a list a few at a time, and gives the results in its order. */
export async function inTurns<T, R>(
  list: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < list.length; index = next++) {
      const item = list[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
  return results;
}
