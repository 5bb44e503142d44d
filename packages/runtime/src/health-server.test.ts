import { afterEach, expect, it } from 'vitest';
import { startHealthServer } from './health-server.ts';
import type { HealthServer, Readiness } from './health-server.ts';
import { counter } from './metrics.ts';

let server: HealthServer | null = null;
afterEach(async () => {
  await server?.close();
});

async function serve(ready: () => Promise<Readiness>): Promise<string> {
  server = await startHealthServer({ host: '127.0.0.1', port: 0, ready });
  return `http://127.0.0.1:${server.port}`;
}

it('answers 503 with the failing part until every part works', async () => {
  let redis = 'connection refused';
  const url = await serve(() =>
    Promise.resolve({ ok: redis === 'ok', parts: { redis, postgres: 'ok' } }),
  );
  const before = await fetch(`${url}/readyz`);
  expect(before.status).toBe(503);
  expect(await before.json()).toEqual({
    ok: false,
    parts: { redis: 'connection refused', postgres: 'ok' },
  });
  redis = 'ok';
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

it('answers 503 when the check itself fails', async () => {
  const url = await serve(() => Promise.reject(new Error('no answer')));
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.text()).toBe('Error: no answer\n');
});

it('prints metrics, and the same metric for the same name', async () => {
  counter({ name: 'test_batches_total', help: 'batches', labels: ['zone'] }).inc({ zone: 'a' }, 2);
  counter({ name: 'test_batches_total', help: 'batches', labels: ['zone'] }).inc({ zone: 'a' }, 1);
  const url = await serve(() => Promise.resolve({ ok: true, parts: {} }));
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('test_batches_total{zone="a"} 3');
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
});
