import { Readable } from 'node:stream';
import { usersRequestSchema } from '@arbor/schema/query';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { csvRows } from '@arbor/schema/csv-rows';
import { ApiError } from '../errors.ts';
import type { RestDeps } from './rest-request.ts';
import { authorizeFor, principalOf, projectIdSchema, signalOf } from './rest-request.ts';
import { fromSpreadsheet, toSpreadsheet } from './spreadsheet-csv.ts';

const projectParameters = z.object({ id: projectIdSchema });
const spreadsheetQuery = z.object({ spreadsheet: z.enum(['true', 'false']).optional() });
const importQuery = spreadsheetQuery.extend({ columns: z.string().optional() });

/** Frozen cohorts of a million ids are part of what is asked. */
const bodyLimit = 64 * 1024 * 1024;

/** All users of a project (reports.md 10): below `/api/v1/projects/:id/users`. */
export async function userListRoutes(app: FastifyInstance, deps: RestDeps): Promise<void> {
  const { users } = deps.services;
  const url = '/api/v1/projects/:id/users';

  app.post(`${url}/list`, { bodyLimit, config: { asks: true } }, async (request, reply) => {
    const { id } = projectParameters.parse(request.params);
    const project = await authorizeFor(await principalOf(request, deps), id, {
      deps,
      needed: 'consumer',
    });
    const asked = usersRequestSchema.parse(request.body ?? {});
    return users.list({ project, users: asked, signal: signalOf(reply, deps) });
  });

  app.post(`${url}/export`, { bodyLimit, config: { asks: true } }, async (request, reply) => {
    const { id } = projectParameters.parse(request.params);
    const project = await authorizeFor(await principalOf(request, deps), id, {
      deps,
      needed: 'consumer',
    });
    const asked = usersRequestSchema.parse(request.body ?? {});
    const { spreadsheet } = spreadsheetQuery.parse(request.query);
    const plain = users.export({ project, users: asked, signal: signalOf(reply, deps) });
    const lines = spreadsheet === 'true' ? toSpreadsheet(plain) : plain;
    // A file that cannot begin is answered with a status.
    const first = await lines.next();
    async function* whole(): AsyncGenerator<string> {
      yield first.done === true ? '' : first.value;
      yield* lines;
    }
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(Readable.from(whole()));
  });

  await app.register((scope, _options, done) => {
    importRoute(scope, deps);
    done();
  });
}

/** Its body is a stream: nothing of it is held but what is being read. */
function importRoute(scope: FastifyInstance, deps: RestDeps): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  scope.post('/api/v1/projects/:id/users/import', async (request, reply) => {
    const { id } = projectParameters.parse(request.params);
    const by = await principalOf(request, deps);
    const project = await authorizeFor(by, id, { deps, needed: 'admin' });
    const { columns, spreadsheet } = importQuery.parse(request.query);
    const csv = request.body as AsyncIterable<Uint8Array> | null | undefined;
    if (csv === null || csv === undefined) {
      throw new ApiError('INVALID_REQUEST', 'the body is missing: send the file as text/csv');
    }
    const imported = await deps.services.users.importPeople({
      project,
      columns: columns === undefined ? undefined : await namesIn(columns),
      csv: spreadsheet === 'true' ? fromSpreadsheet(csv) : csv,
      by,
      signal: signalOf(reply, deps),
    });
    return { imported };
  });
}

/** One line of CSV. */
async function namesIn(columns: string): Promise<readonly string[]> {
  const rows = csvRows(Readable.from([Buffer.from(columns)]));
  const first = await rows.next();
  const cells: readonly string[] = first.done === true ? [] : first.value.cells;
  return cells.map((name) => name.trim());
}
