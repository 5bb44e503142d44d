import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly records: readonly Record<string, unknown>[];
}

export interface FakeApi {
  readonly url: string;
  readonly received: Received[];
  /** Answers the next requests in this order; afterwards all are taken. */
  readonly refusals: { status: number; headers?: Record<string, string> }[];
  close(): Promise<void>;
}

/** The three endpoints on a real socket, remembering what they took. */
export async function startFakeApi(): Promise<FakeApi> {
  const received: Received[] = [];
  const refusals: FakeApi['refusals'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const refusal = refusals.shift();
      if (refusal !== undefined) {
        response.writeHead(refusal.status, refusal.headers).end('{"error":"not now"}');
        return;
      }
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      received.push({
        path: request.url ?? '',
        authorization: request.headers.authorization,
        records: JSON.parse(body.toString()) as Record<string, unknown>[],
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"error":null}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
