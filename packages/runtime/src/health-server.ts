import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { registry } from './metrics.ts';

/** Answer of `/readyz`: every part that must work, by name; `ok` only when all of them do. */
export type Readiness = {
  readonly ok: boolean;
  /** `ok`, or what is wrong in words. */
  readonly parts: Readonly<Record<string, string>>;
};

export type HealthServer = { readonly port: number; close(): Promise<void> };

/** `/healthz`, `/readyz` and `/metrics` for a process that has no HTTP server of its own. */
export async function startHealthServer(options: {
  host: string;
  port: number;
  ready: () => Promise<Readiness>;
}): Promise<HealthServer> {
  const server = http.createServer((request, response) => {
    void answer(request.url ?? '/', options.ready).then(
      ({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(body);
      },
      (error: unknown) => {
        response.writeHead(503, { 'content-type': 'text/plain' });
        response.end(`${String(error)}\n`);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = { readonly status: number; readonly type: string; readonly body: string };

async function answer(url: string, ready: () => Promise<Readiness>): Promise<Answer> {
  const path = url.split('?', 1)[0];
  if (path === '/healthz') return json(200, { ok: true });
  if (path === '/readyz') {
    const readiness = await ready();
    return json(readiness.ok ? 200 : 503, readiness);
  }
  if (path === '/metrics') {
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  }
  return json(404, { error: `no such path: ${path}; there are /healthz, /readyz and /metrics` });
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}
