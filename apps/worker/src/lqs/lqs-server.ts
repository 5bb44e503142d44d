import { createHash, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EngineError } from '@arbor/engine/errors';
import type { ScanHost } from '@arbor/engine/host';
import type { Plan } from '@arbor/engine/plan';
import type { Logger } from '@arbor/runtime/logger';
import { registry } from '@arbor/runtime/metrics';
import {
  clusterKeyHeader,
  type LqsLine,
  lqsExportSchema,
  lqsNamesRequestSchema,
  lqsProfilesRequestSchema,
  lqsQuerySchema,
} from '@arbor/schema/lqs';
import type { z } from 'zod';
import { workerLimits } from '../limits.ts';
import { collectNames, type NamedShard } from './collect-names.ts';
import { collectProfiles, type ProfiledShard } from './collect-profiles.ts';
import { drained } from './drained.ts';
import { LqsError, runQuery, type QueryableShard, type RunQueryOptions } from './run-query.ts';
import { exportType, streamExport } from './stream-export.ts';

export interface LqsServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface LqsOptions {
  readonly host: string;
  readonly port: number;
  readonly clusterKey: string;
  readonly shards: ReadonlyMap<number, QueryableShard & NamedShard & ProfiledShard>;
  readonly scanHost: RunQueryOptions['scanHost'] & Pick<ScanHost, 'addList' | 'holdLists'>;
  readonly moveEpochs: RunQueryOptions['moveEpochs'];
  /** False until the replica has caught up: its answers would lack what waits in its queues. */
  readonly isServing: () => boolean;
  readonly logger: Logger;
}

/** The local query server: queries and names of this process's shards, for the DQS alone. */
export async function startLqsServer(options: LqsOptions): Promise<LqsServer> {
  const server = http.createServer((request, response) => {
    void answer(options, request, response).catch((error: unknown) =>
      answerError(options.logger, response, error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: LqsOptions,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const route = `${request.method ?? ''} ${(request.url ?? '').split('?', 1)[0]}`;
  switch (route) {
    case 'GET /healthz':
      return sendJson(response, 200, { ok: true });
    case 'GET /readyz': {
      const ok = options.isServing();
      return sendJson(response, ok ? 200 : 503, {
        ok,
        parts: { replica: ok ? 'ok' : 'catching up' },
      });
    }
    case 'GET /metrics':
      response.writeHead(200, { 'content-type': registry.contentType });
      response.end(await registry.metrics());
      return;
    case 'POST /lqs/query':
      checkCaller(options, request);
      return streamQuery(options, response, await readBody(request, lqsQuerySchema));
    case 'POST /lqs/export':
      checkCaller(options, request);
      return streamExport(options, response, await readBody(request, lqsExportSchema));
    case 'POST /lqs/names': {
      checkCaller(options, request);
      const names = await readBody(request, lqsNamesRequestSchema);
      return sendJson(response, 200, await collectNames(options.shards, names));
    }
    case 'POST /lqs/profiles': {
      checkCaller(options, request);
      const profiles = await readBody(request, lqsProfilesRequestSchema);
      return sendJson(response, 200, collectProfiles(options.shards, profiles));
    }
    default:
      if (!route.startsWith(listRoute)) {
        throw new LqsError(404, 'NOT_FOUND', `no such path: ${route}`);
      }
      checkCaller(options, request);
      options.scanHost.addList(
        route.slice(listRoute.length),
        await readBytes(request, workerLimits.lqsListBytesMax),
      );
      return sendJson(response, 200, { ok: true });
  }
}

const listRoute = 'PUT /lqs/lists/';

/** The key comes before anything else is read, and is compared in a time that does not depend on it. */
function checkCaller(options: LqsOptions, request: http.IncomingMessage): void {
  const given = request.headers[clusterKeyHeader];
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (typeof given !== 'string' || !timingSafeEqual(digest(given), digest(options.clusterKey))) {
    throw new LqsError(401, 'UNAUTHORIZED', `the header ${clusterKeyHeader} is missing or wrong`);
  }
  if (!options.isServing()) {
    throw new LqsError(503, 'NOT_SERVING', 'this replica is still catching up, ask another one');
  }
}

async function readBody<Schema extends z.ZodType>(
  request: http.IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const bytes = await readBytes(request, workerLimits.lqsBodyBytesMax);
  const parsed = schema.safeParse(parseJson(bytes.toString('utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LqsError(400, 'BAD_REQUEST', `${issue.path.join('.')}: ${issue.message}`);
}

async function readBytes(request: http.IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new LqsError(413, 'TOO_LARGE', `a request has at most ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LqsError(400, 'BAD_REQUEST', `the body is not JSON: ${(error as Error).message}`);
  }
}

async function streamQuery(
  options: LqsOptions,
  response: http.ServerResponse,
  query: z.output<typeof lqsQuerySchema>,
): Promise<void> {
  // The plan was made and checked by our own planner; the cluster key proves it.
  const lists = options.scanHost.holdLists(query.plan as Plan);
  const left = new AbortController();
  response.on('close', () => left.abort(new LqsError(499, 'CANCELLED', 'the caller went away')));
  const timeLimit = AbortSignal.timeout(workerLimits.queryMsMax);
  const signal = AbortSignal.any([left.signal, timeLimit]);
  try {
    await runQuery({
      query,
      shards: options.shards,
      scanHost: options.scanHost,
      moveEpochs: options.moveEpochs,
      signal,
      send: (line) => sendLine(response, line),
    });
  } catch (error) {
    if (left.signal.aborted) return;
    if (!timeLimit.aborted) throw error;
    const seconds = workerLimits.queryMsMax / 1000;
    throw new LqsError(504, 'TIMEOUT', `the query took more than ${seconds} s`);
  } finally {
    lists.end();
  }
  response.end();
}

async function sendLine(
  response: http.ServerResponse,
  pieces: readonly Uint8Array[],
): Promise<void> {
  if (response.destroyed) return;
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  // All pieces in one turn: lines of several shards must not mix.
  for (const piece of pieces) response.write(piece);
  if (!response.write('\n')) await drained(response);
}

/** Before the first line an error is an HTTP status, after it the last line of the stream. */
function answerError(logger: Logger, response: http.ServerResponse, error: unknown): void {
  const { status, code, message } = describe(error);
  if (status >= 500 && code === 'INTERNAL') logger.error({ err: error }, 'a query failed');
  if (response.destroyed) return;
  // Its lines are the caller's: cut off, they are known not to be whole.
  if (response.headersSent && response.getHeader('content-type') === exportType) {
    logger.error({ err: error }, 'an export broke off');
    response.destroy();
    return;
  }
  if (!response.headersSent) return sendJson(response, status, { code, message });
  const line: LqsLine = { type: 'error', code, message };
  response.end(`${JSON.stringify(line)}\n`);
}

function describe(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof LqsError || error instanceof EngineError) return error;
  return { status: 500, code: 'INTERNAL', message: String(error) };
}

function sendJson(response: http.ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(value)}\n`);
}
