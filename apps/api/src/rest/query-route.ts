import { createHash } from 'node:crypto';
import { querySchema } from '@arbor/schema/query';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { QueryService, RunQuery } from '../dqs/ports.ts';
import { streamQuery } from '../dqs/stream-query.ts';
import { ApiError } from '../errors.ts';
import type { RestDeps } from './rest-request.ts';
import { projectOf, signalOf } from './rest-request.ts';
import type { StreamUpdate } from './update-stream.ts';
import { sendUpdates, streamTypeOf } from './update-stream.ts';
import { WorkAhead } from './work-ahead.ts';

/** A hundred thousand ids of users in place, as much as `/import` takes. Longer lists are saved as frozen cohorts. */
const bodyLimit = 10 * 1024 * 1024;

/**
 * A query (`packages/schema/src/query.ts`) in, its answer or a stream of updates out: `POST /api/v1/query`, or `GET` with
 * the query in the URL. It is cancelled when its client goes away.
 */
export function queryRoute(app: FastifyInstance, deps: RestDeps): void {
  const { queries } = deps.services;
  const zone = z.enum([...deps.zones] as [string, ...string[]]).optional();
  const parameters = z.object({ zone });
  const ahead = new WorkAhead();

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    queryOf: () => unknown,
  ): Promise<FastifyReply> => {
    const authorise = (): Promise<AuthorizedProject> => projectOf(request, deps);
    const runOf = (project: AuthorizedProject, signal: AbortSignal): RunQuery => ({
      project,
      query: querySchema.parse(queryOf()),
      signal,
      zone: parameters.parse(request.query).zone,
    });
    const type = streamTypeOf(request);
    if (type !== null) {
      const run = runOf(await authorise(), signalOf(reply, deps));
      return sendUpdates(reply, updatesOf(queries, run), { type, signal: run.signal });
    }
    const whole = await ahead.run({
      key: callerOf(request),
      authorise,
      work: async (project, signal) => queries.run(runOf(project, signal)),
      signal: signalOf(reply, deps),
    });
    return reply.send(whole);
  };

  app.post('/api/v1/query', { bodyLimit, config: { asks: true } }, (request, reply) =>
    answer(request, reply, () => request.body),
  );
  app.get('/api/v1/query', (request, reply) =>
    answer(request, reply, () => queryIn(inUrl.parse(request.query))),
  );
}

const inUrl = z.object({ query: z.string() });

/** Who asks, for what project: no secret is kept in memory for longer than its request. */
function callerOf({ headers, url }: FastifyRequest): string {
  const { authorization = '', cookie = '' } = headers;
  return createHash('sha256')
    .update(JSON.stringify([authorization, cookie, url]))
    .digest('base64');
}

/** Progress and partial results while the shards answer, then the result. */
async function* updatesOf(queries: QueryService, run: RunQuery): AsyncGenerator<StreamUpdate> {
  for await (const update of streamQuery(queries, run)) yield { update };
}

/** The query of a URL: browsers' EventSource, and whoever has a link to a number, ask by GET. */
function queryIn(url: { readonly query: string }): unknown {
  try {
    return JSON.parse(url.query);
  } catch (cause) {
    throw new ApiError('INVALID_REQUEST', 'query: is no JSON', { cause });
  }
}
