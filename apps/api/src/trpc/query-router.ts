import { querySchema } from '@arbor/schema/query';
import type { QueryUpdate } from '@arbor/schema/result';
import { z } from 'zod';
import { streamQuery } from '../dqs/stream-query.ts';
import { projectProcedure, router, toFinalTrpcError } from './procedures.ts';
import { untilClosed } from './until-closed.ts';

const queryInput = z.object({ query: querySchema });

export const queryRouter = router({
  run: projectProcedure.input(queryInput).query(({ ctx, input, signal }) => {
    const { queries, closing } = ctx.services;
    return queries.run({
      project: ctx.project,
      query: input.query,
      signal: untilClosed(signal, closing),
    });
  }),

  /** Progress and partial results while the shards answer, then the result. Cancelled by unsubscribing. */
  stream: projectProcedure.input(queryInput).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<QueryUpdate> {
    const { queries, closing } = ctx.services;
    try {
      yield* streamQuery(queries, {
        project: ctx.project,
        query: input.query,
        signal: untilClosed(signal, closing),
      });
    } catch (error) {
      throw toFinalTrpcError(error);
    }
  }),
});
