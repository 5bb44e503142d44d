import { querySchema } from '@arbor/schema/query';
import type { QueryUpdate } from '@arbor/schema/result';
import { z } from 'zod';
import { streamQuery } from '../dqs/stream-query.ts';
import { projectProcedure, router, toFinalTrpcError } from './procedures.ts';

const queryInput = z.object({ query: querySchema });

export const queryRouter = router({
  run: projectProcedure.input(queryInput).query(({ ctx, input, signal: client }) => {
    const { queries, requests } = ctx.services;
    return requests.run(client, (signal) =>
      queries.run({ project: ctx.project, query: input.query, signal }),
    );
  }),

  /** Progress and partial results while the shards answer, then the result. Cancelled by unsubscribing. */
  stream: projectProcedure.input(queryInput).subscription(async function* ({
    ctx,
    input,
    signal: client,
  }): AsyncGenerator<QueryUpdate> {
    const { queries, requests } = ctx.services;
    const { signal, end } = requests.open(client);
    try {
      yield* streamQuery(queries, { project: ctx.project, query: input.query, signal });
    } catch (error) {
      throw toFinalTrpcError(error);
    } finally {
      end();
    }
  }),
});
