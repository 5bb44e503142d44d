import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { defaultEdgeOptions } from './edge-options.ts';
import {
  account,
  basic,
  calm,
  createTestEdge,
  event,
  shop,
  type TestEdge,
  type TestEdgeOptions,
} from './testing/test-edge.ts';

const open: TestEdge[] = [];
function start(options?: TestEdgeOptions): TestEdge {
  const edge = createTestEdge(options);
  open.push(edge);
  return edge;
}
afterEach(async () => {
  for (const edge of open.splice(0)) await edge.app.close();
});

const origin = 'https://shop.example';
const paths = ['/track', '/engage', '/groups', '/flags', '/settings', '/record'];

test.each(paths)('14: a preflight of %s allows everything clients send', async (url) => {
  const response = await start().app.inject({
    method: 'OPTIONS',
    url: `${url}/`,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, x-custom, bad header',
    },
  });
  expect(response.statusCode).toBe(204);
  expect(response.headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers':
      'Content-Type, Authorization, X-Requested-With, traceparent, Content-Encoding, x-custom',
    vary: 'Origin',
  });
  expect(Number(response.headers['access-control-max-age'])).toBeGreaterThanOrEqual(3600);
});

const failing: [number, TestEdgeOptions, { method?: string; url?: string; payload?: unknown }][] = [
  [200, {}, {}],
  [413, { options: { requestBytesMax: 50 } }, {}],
  [413, {}, { payload: Array.from({ length: 2001 }, () => event()) }],
  [
    429,
    { deps: { backpressure: { overloaded: () => ({ retryAfterSeconds: 3 }), stateOf: calm } } },
    {},
  ],
  [503, { deps: { producer: { add: () => Promise.reject(new Error('redis is away')) } } }, {}],
  [
    500,
    {
      deps: {
        backpressure: {
          overloaded: () => {
            throw new Error('a mistake');
          },
          stateOf: calm,
        },
      },
    },
    {},
  ],
  [404, {}, { url: '/track/nowhere' }],
  [404, {}, { url: '/engage/a/b', method: 'GET' }],
  [405, {}, { method: 'PUT' }],
  [405, {}, { method: 'HEAD' }],
];

test.each(failing)(
  '15.11: status %i carries its CORS headers',
  async (status, options, request) => {
    const { method = 'POST', url = '/track', payload = event() } = request;
    const { app } = start(options);
    const response = await app.inject({
      method: method as 'POST',
      url,
      headers: { origin },
      ...(method === 'GET' || method === 'HEAD' ? {} : { payload: payload as object }),
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Retry-After',
      vary: 'Origin',
    });
    expect(Number(response.headers['content-length'])).toBeGreaterThan(0);
  },
);

const brackets = '['.repeat(600_000) + ']'.repeat(600_000);

test.each([
  ['/track', `{"event":"A","properties":{"token":"${shop.token}"},"x":${brackets}}`],
  ['/track', `{"event":"A","properties":{"token":"${shop.token}","ip":${brackets}}}`],
  ['/engage', `{"$token":"${shop.token}","$distinct_id":"ada","$delete":${brackets}}`],
])('%s refuses a record with a million brackets beside what is stored', async (url, payload) => {
  const { app, batches } = start();
  const headers = { 'content-type': 'application/json' };
  const response = await app.inject({ method: 'POST', url: `${url}?verbose=1`, headers, payload });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({
    status: 0,
    error: 'record exceeds max limit of 1048576 bytes',
  });
  expect(batches).toEqual([]);
});

test('14: without an Origin nothing is allowed to anybody, and caches know why', async () => {
  const { headers } = await start().app.inject({ method: 'POST', url: '/track', payload: event() });
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['vary']).toBe('Origin');
});

test('15.10: 2001 records are 413, 2000 are not', async () => {
  const { app, batches } = start();
  const stored = (): number => batches.flatMap(({ batch }) => batch.records).length;
  const send = (count: number): Promise<{ statusCode: number; body: string }> =>
    app.inject({
      method: 'POST',
      url: '/track',
      payload: Array.from({ length: count }, () => event()),
    });
  expect((await send(2000)).statusCode).toBe(200);
  expect(stored()).toBe(2000);
  const refused = await send(2001);
  expect(refused.statusCode).toBe(413);
  expect(JSON.parse(refused.body)).toEqual({
    code: 413,
    error: 'request exceeds max limit of 2000 records',
    status: 'Request Entity Too Large',
  });
  expect(stored()).toBe(2000);
});

test('15.10: 11 MB are 413, plain and compressed; 9.8 MB compressed pass', async () => {
  const { app } = start();
  const import_ = (
    megabytes: number,
    gzip: boolean,
  ): Promise<{ statusCode: number; body: string }> => {
    const size = Math.floor((megabytes * 1e6) / 1000);
    const record = JSON.stringify(
      event({ time: 1709510400, $insert_id: 'x', pad: 'x'.repeat(size - 150) }),
    );
    const body = Buffer.from(`[${Array.from({ length: 1000 }, () => record).join(',')}]`);
    expect(body.byteLength / 1e6).toBeCloseTo(megabytes, 0);
    return app.inject({
      method: 'POST',
      url: '/import?strict=1',
      headers: { authorization: basic(shop.token), 'content-type': 'application/json' },
      payload: gzip ? gzipSync(body) : body,
    });
  };
  const message = 'request exceeds max limit of 10485760 bytes';
  for (const gzip of [false, true]) {
    const refused = await import_(11, gzip);
    expect(refused.statusCode).toBe(413);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 413, error: message });
  }
  expect((await import_(9.8, true)).statusCode).toBe(200);
  expect((await import_(9.8, false)).statusCode).toBe(200);
});

test('1.4: 429 says when to come back, in whole seconds, not the same for all', async () => {
  const { app, batches } = start({
    deps: { backpressure: { overloaded: () => ({ retryAfterSeconds: 8 }), stateOf: calm } },
  });
  const seconds = new Set<number>();
  for (let i = 0; i < 30; i++) {
    const response = await app.inject({ method: 'POST', url: '/track', payload: event() });
    expect(response.statusCode).toBe(429);
    expect(response.json()).toEqual({
      code: 429,
      error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
      status: 'Too Many Requests',
    });
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
    seconds.add(Number(response.headers['retry-after']));
  }
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(8);
  expect(Math.max(...seconds)).toBeLessThanOrEqual(12);
  expect(seconds.size).toBeGreaterThan(1);
  expect(batches).toEqual([]);
});

test('the small and the large customers are turned away each for themselves', async () => {
  const { app } = start({
    deps: {
      backpressure: {
        overloaded: (queue) => (queue === 'bulk' ? { retryAfterSeconds: 1 } : null),
        stateOf: calm,
      },
    },
  });
  const headers = { authorization: basic(account.username, account.secret) };
  const url = `/import?strict=1&project_id=${account.projectId}`;
  const bulk = await app.inject({ method: 'POST', url, headers, payload: [event()] });
  const live = await app.inject({ method: 'POST', url: '/track', payload: [event()] });
  expect([bulk.statusCode, live.statusCode]).toEqual([429, 200]);
});

test.each(['/track', '/engage', '/import', '/e'])(
  'nothing is answered 200 that is not durable: %s says 503 while Redis is away',
  async (url) => {
    const { app } = start({
      deps: { producer: { add: () => Promise.reject(new Error('redis is away')) } },
    });
    const update = { $token: shop.token, $distinct_id: 'ada', $set: { plan: 'pro' } };
    const response = await app.inject({
      method: 'POST',
      url,
      headers: { authorization: basic(shop.token) },
      payload: [url === '/engage' ? update : event({ time: 1772600000 })],
    });
    expect(response.statusCode).toBe(503);
    expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(2);
    expect(response.body).toContain('events cannot be stored right now');
  },
);

test('an outage is logged once a second with its cause, not once a request', async () => {
  const logged: object[] = [];
  const cause = new Error('redis is away');
  let nowMs = 0;
  const { app } = start({
    deps: {
      producer: { add: () => Promise.reject(cause) },
      logger: { error: (details) => logged.push(details), info: () => {} },
      clock: () => nowMs,
    },
  });
  const fail = (): Promise<unknown> =>
    app.inject({ method: 'POST', url: '/track', payload: event() });
  for (let i = 0; i < 5; i++) await fail();
  nowMs = 1000;
  await fail();
  expect(logged).toEqual([
    { err: cause, requests: 1 },
    { err: cause, requests: 5 },
  ]);
});

test('a token that cannot be looked up is 503, not an unknown token', async () => {
  const byToken = (): Promise<null> => Promise.reject(new Error('postgres is away'));
  const { app } = start({
    deps: { projects: { byToken, byCredential: byToken } },
  });
  const tracked = await app.inject({ method: 'POST', url: '/track', payload: event() });
  const headers = { authorization: basic(shop.token) };
  const imported = await app.inject({
    method: 'POST',
    url: '/import',
    headers,
    payload: [event()],
  });
  expect([tracked.statusCode, imported.statusCode]).toEqual([503, 503]);
});

test('too much that waits for Redis is 429 before more is read into memory', async () => {
  let finish = (): void => {};
  const { app } = start({
    deps: { producer: { add: () => new Promise<void>((resolve) => (finish = resolve)) } },
    options: { waitingBytesMax: 50 },
  });
  const first = app.inject({ method: 'POST', url: '/track', payload: event() });
  await expect
    .poll(async () => {
      const { statusCode } = await app.inject({ method: 'GET', url: '/track' });
      return statusCode;
    })
    .toBe(429);
  finish();
  expect((await first).statusCode).toBe(200);
  expect((await app.inject({ method: 'GET', url: '/track' })).statusCode).toBe(200);
});

test('closing the server sends what waits, and answers it', async () => {
  const { app, batches } = start({ options: { batchDelayMs: 60_000 } });
  const arrived = new Promise<void>((resolve) => {
    app.server.on('request', () => setTimeout(resolve, 50));
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = fetch(`${url}/track`, { method: 'POST', body: JSON.stringify(event()) });
  await arrived;
  expect(batches).toHaveLength(0);
  await app.close();
  expect(await (await answer).text()).toBe('1');
  expect(batches).toHaveLength(1);
});

test('8: minimal answers keep optional features of clients quiet', async () => {
  const { app } = start();
  const bodies = async (method: 'GET' | 'POST', url: string): Promise<unknown> => {
    const response = await app.inject({
      method,
      url,
      ...(method === 'POST' ? { payload: {} } : {}),
    });
    expect(response.statusCode).toBe(200);
    return response.json();
  };
  expect(await bodies('GET', '/flags/?context=%7B%7D&token=t')).toEqual({ flags: {} });
  expect(await bodies('GET', '/flags/definitions')).toEqual({ flags: [] });
  expect(await bodies('POST', '/flags/12/first-time-events')).toEqual({ code: 200, status: 'OK' });
  expect(await bodies('GET', '/settings/?sdk_config=1')).toEqual({ sdk_config: { config: {} } });
  expect(await bodies('POST', '/record/?seq=0')).toEqual({ code: 200, status: 'OK' });
});

test('the defaults are those of the specification', () => {
  expect(defaultEdgeOptions.requestBytesMax).toBe(10 * 1024 * 1024);
});

test.each(['/track', '/import?strict=1'])(
  '3.5: beyond its quota %s is 429 and nothing is stored',
  async (url) => {
    const { app, batches } = start({ options: { projectEventsPerMinuteMax: 1 } });
    const send = () =>
      app.inject({
        method: 'POST',
        url,
        headers: { authorization: basic(shop.secret) },
        payload: [event({ time: 1_700_000_000, $insert_id: 'a' })],
      });
    expect((await send()).statusCode).toBe(200);
    const response = await send();
    expect(response.statusCode).toBe(429);
    expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(60);
    expect(response.json()).toEqual({
      code: 429,
      error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
      status: 'Too Many Requests',
    });
    expect(batches).toHaveLength(1);
  },
);
