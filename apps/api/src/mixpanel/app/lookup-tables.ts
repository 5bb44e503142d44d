import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Role } from '@arbor/db/roles';
import type { UploadReport } from '@arbor/schema/definitions';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { failureBody } from '../../edge/answer/failure-answer.ts';
import { ApiError } from '../../errors.ts';
import { answerMixpanelErrors } from '../answer-error.ts';
import { authenticate } from '../authenticate.ts';
import { readParameters } from '../parameters.ts';
import type { MixpanelDeps } from '../routes.ts';

/** Of rows that were left out, so many are told (`ingestion-api.md` 7). */
const failedRecordsMax = 10;

const pathSchema = z.object({ table: z.string().min(1).max(255) });

/**
 * `GET /lookup-tables` and `PUT /lookup-tables/{id}` (`ingestion-api.md` 7): what tables there are, and the rows of one
 * replaced by a CSV file, packed with gzip or not. Tables are made in Arbor first; the id is that, or the name. Where a row
 * cannot be taken the table stays as it was, and the answer is 400 with the first of these rows under `failed_records`.
 */
export function lookupTableRoutes(app: FastifyInstance, deps: MixpanelDeps): void {
  const { definitions } = deps.services;
  void app.register((scope, _options, done) => {
    answerMixpanelErrors(scope, deps.logger, errorBody);
    scope.removeAllContentTypeParsers();
    // Nothing of a table is held but what is being read.
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    for (const url of ['/lookup-tables', '/lookup-tables/']) {
      scope.get(url, async (request) => {
        const { project } = await callerOf(request, deps, 'consumer');
        const tables = await definitions.list(project, 'lookup_table', { archived: false });
        return { code: 200, status: 'OK', results: tables.map(({ id, name }) => ({ id, name })) };
      });
    }
    const replace = async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
      const { project, by } = await callerOf(request, deps, 'analyst');
      const { table } = pathSchema.parse(request.params);
      const tables = await definitions.list(project, 'lookup_table', { archived: false });
      const found = tables.find(({ id, name }) => id === table || name === table);
      if (found === undefined) {
        throw new ApiError('NOT_FOUND', `there is no lookup table "${table}"; make it first`);
      }
      const rows = unpacked(request);
      const report = await definitions.upload(project, 'lookup_table', found.id, rows, by, {
        whole: true,
      });
      if (report.refused === 0) return { code: 200, status: 'OK' };
      void reply.code(400);
      return failedRows(report);
    };
    for (const url of ['/lookup-tables/:table', '/lookup-tables/:table/']) scope.put(url, replace);
    done();
  });
}

/** As the other paths of the ingestion host answer (`ingestion-api.md` 1.4), not as those of queries. */
function errorBody({ code, status, message }: ApiError): object {
  const error = code === 'UNAUTHENTICATED' ? 'Invalid credentials' : message;
  return failureBody({ status, error });
}

function failedRows({ refused, problems }: UploadReport): object {
  const rows = refused === 1 ? '1 row' : `${refused} rows`;
  return {
    ...failureBody({ status: 400, error: `${rows} cannot be taken: the table stays as it was` }),
    failed_records: problems.slice(0, failedRecordsMax).map(({ line, reason }) => ({
      index: line,
      message: reason,
    })),
  };
}

async function callerOf(request: FastifyRequest, deps: MixpanelDeps, needed: Role) {
  return authenticate(request, await readParameters(request), { deps, needed });
}

function unpacked({ body, headers }: FastifyRequest): AsyncIterable<Uint8Array> {
  const stream = body as Readable | null | undefined;
  if (stream === null || stream === undefined) {
    throw new ApiError(
      'INVALID_REQUEST',
      'the body must be a CSV file, with content-type text/csv',
    );
  }
  if (headers['content-encoding'] !== 'gzip') return stream;
  return readGzip(stream);
}

/** Damaged packing is a matter of the caller. */
async function* readGzip(packed: Readable): AsyncGenerator<Uint8Array> {
  // The error reaches the reader through the last stream.
  const bytes: AsyncIterable<Uint8Array> = pipeline(packed, createGunzip(), () => undefined);
  try {
    yield* bytes;
  } catch (cause) {
    if (!String((cause as NodeJS.ErrnoException).code).startsWith('Z_')) throw cause;
    throw new ApiError('INVALID_REQUEST', 'the body is no gzip, or is cut short', { cause });
  }
}
