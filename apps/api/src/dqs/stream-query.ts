import type { QueryUpdate } from '@arbor/schema/result';
import type { QueryService, RunQuery } from './ports.ts';

/**
 * A query as a stream: progress and partial results as they come, then the result. A reader that is
 * slower than the shards gets the newest progress and the newest partial only. Leaving the loop
 * cancels the query.
 */
export async function* streamQuery(
  queries: QueryService,
  request: Omit<RunQuery, 'onUpdate'>,
): AsyncGenerator<QueryUpdate> {
  const leaving = new AbortController();
  const pending = new Map<QueryUpdate['type'], QueryUpdate>();
  let wake = (): void => undefined;
  let ended = false;
  const run = queries
    .run({
      ...request,
      signal: AbortSignal.any([request.signal, leaving.signal]),
      onUpdate: (update) => {
        pending.set(update.type, update);
        wake();
      },
    })
    .finally(() => {
      ended = true;
      wake();
    });
  // It is awaited below; until then a failure must not count as unhandled.
  run.catch(() => undefined);
  try {
    while (!ended) {
      if (pending.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const updates = [...pending.values()];
      pending.clear();
      yield* updates;
    }
    yield* pending.values();
    yield { type: 'result', answer: await run };
  } finally {
    leaving.abort();
  }
}
