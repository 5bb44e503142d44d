import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { querySchema } from '@arbor/schema/query';
import type { QueryUpdate } from '@arbor/schema/result';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { RunQuery } from '../dqs/ports.ts';
import { streamQuery } from '../dqs/stream-query.ts';
import { toApiError } from '../errors.ts';
import type { RestDeps } from './rest-request.ts';
import { projectOf, signalOf } from './rest-request.ts';
import { WorkAhead } from './work-ahead.ts';

export const ndjson = 'application/x-ndjson';

/** A hundred thousand ids of users in place, as much as `/import` takes. Longer lists are saved as frozen cohorts. */
const bodyLimit = 10 * 1024 * 1024;

/** `POST /api/v1/query`: a query (`packages/schema/src/query.ts`) in, its answer or a stream of updates out. */
export function queryRoute(app: FastifyInstance, deps: RestDeps): void {
  const { queries } = deps.services;
  const zone = z.enum([...deps.zones] as [string, ...string[]]).optional();
  const parameters = z.object({ zone });

  const ahead = new WorkAhead();

  app.post('/api/v1/query', { bodyLimit }, async (request, reply) => {
    const authorise = (): Promise<AuthorizedProject> => projectOf(request, deps);
    const runOf = (project: AuthorizedProject, signal: AbortSignal): RunQuery => ({
      project,
      query: querySchema.parse(request.body),
      signal,
      zone: parameters.parse(request.query).zone,
    });
    if (request.headers.accept?.includes(ndjson)) {
      const run = runOf(await authorise(), signalOf(reply, deps));
      return sendStream(reply, streamQuery(queries, run), run);
    }
    const answer = await ahead.run({
      key: callerOf(request),
      authorise,
      work: async (project, signal) => queries.run(runOf(project, signal)),
      signal: signalOf(reply, deps),
    });
    return reply.send(answer);
  });
}

/** Who asks, for what project: no secret is kept in memory for longer than its request. */
function callerOf({ headers, url }: FastifyRequest): string {
  const { authorization = '', cookie = '' } = headers;
  return createHash('sha256')
    .update(JSON.stringify([authorization, cookie, url]))
    .digest('base64');
}

/** A query that fails before its first update is answered like any other request: with a status. */
async function sendStream(
  reply: FastifyReply,
  updates: AsyncGenerator<QueryUpdate>,
  { signal }: Pick<RunQuery, 'signal'>,
): Promise<FastifyReply> {
  const first = await updates.next();
  async function* lines(): AsyncGenerator<string> {
    try {
      if (first.done !== true) yield line(first.value);
      for await (const update of updates) yield line(update);
    } catch (error) {
      // The status is long sent: the last line says what happened.
      if (!signal.aborted) yield line({ type: 'error', error: toApiError(error).body() });
    } finally {
      await updates.return(undefined);
    }
  }
  return reply
    .header('content-type', ndjson)
    .header('cache-control', 'no-store')
    .send(Readable.from(lines()));
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
