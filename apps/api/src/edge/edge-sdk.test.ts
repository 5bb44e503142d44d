import { gzipSync } from 'node:zlib';
import type { LightMyRequestResponse as Response } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { calm, createTestEdge, event, now, shop, type TestEdge } from './testing/test-edge.ts';

let edge: TestEdge;
beforeEach(() => {
  edge = createTestEdge({ options: { sdkPaths: ['/pulse'] } });
});
afterEach(() => edge.app.close());

const hour = 3_600_000;
const day = 24 * hour;
const update = { $token: shop.token, $distinct_id: 'ada', $set: { plan: 'pro' } };

function send(
  payload: unknown,
  url = '/e',
  {
    headers = {},
    app = edge.app,
  }: { headers?: Record<string, string>; app?: TestEdge['app'] } = {},
): Promise<Response> {
  return app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      origin: 'https://shop.example',
      'user-agent': 'Mozilla/5.0 (test)',
      ...headers,
    },
    payload: Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
}

test('SRV-1: events and updates mixed, JSON as text, in one batch in order', async () => {
  const response = await send([event({ time: now }), update, event({ time: now })]);
  expect(response.json()).toEqual({ status: 1, accepted: 3, failed: [], now });
  expect(edge.batches).toMatchObject([{ queue: 'live', batch: { source: 'sdk' } }]);
  expect(edge.records().map(({ kind }) => kind)).toEqual(['event', 'person', 'event']);
});

test('SRV-5: people keep the insert id that the SDK gave them', async () => {
  const sent = [{ $insert_id: 'i-1' }, { $insert_id: 'not one' }];
  await send(sent.map((id) => ({ ...update, ...id })));
  expect(edge.records()).toMatchObject([{ kind: 'person', insertId: 'i-1' }, { kind: 'person' }]);
  expect(edge.records()[1]).not.toHaveProperty('insertId');
});

test('SRV-1: gzip by its first bytes, and a neutral path', async () => {
  const response = await send(gzipSync(JSON.stringify([event()])), '/pulse');
  expect(response.json()).toMatchObject({ accepted: 1 });
});

test('SRV-1: the token may be said once for all', async () => {
  const records = [event({ token: undefined }), { ...update, $token: undefined }];
  expect((await send(records, `/e?k=${shop.token}`)).json()).toMatchObject({ accepted: 2 });
  expect(edge.records()).toHaveLength(2);
});

test('SRV-2, SRV-6, SDK-TM4: each refused record says why; the others are stored', async () => {
  const response = await send([
    event({ time: now - 35 * day }),
    event({ time: now - 35 * day - 1000 }),
    event({ time: now + hour }),
    event({ time: now + hour + 1000 }),
    { something: 'else' },
  ]);
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({
    status: 1,
    accepted: 2,
    failed: [
      {
        index: 1,
        code: 'too_old',
        field: 'properties.time',
        message: "'properties.time' is invalid: must not be older than 35 days",
      },
      {
        index: 3,
        code: 'future',
        field: 'properties.time',
        message: "'properties.time' is invalid: must not be more than one hour in the future",
      },
      {
        index: 4,
        code: 'missing',
        field: '$token',
        message: "'$token' is invalid: must not be missing",
      },
    ],
    now,
  });
});

test('SRV-7: a time is never rewritten here', async () => {
  await send([event({ time: now + hour })]);
  expect(edge.records()).toMatchObject([{ time: now + hour }]);
  expect(edge.records()[0]).not.toHaveProperty('sentTime');
});

test('SRV-8: the agent and the address of the browser travel with its events', async () => {
  await send([event({ time: now })]);
  expect(edge.records()).toMatchObject([{ userAgent: 'Mozilla/5.0 (test)', ip: '127.0.0.1' }]);
});

test.each([
  [400, 'nonsense', {}],
  [413, Array.from({ length: 2001 }, () => 1), {}],
  [404, [], { url: '/e/x' }],
])(
  'SRV-2, SRV-3: status %i has the same shape and is open to all pages',
  async (status, payload, { url }: { url?: string }) => {
    const response = await send(typeof payload === 'string' ? Buffer.from(payload) : payload, url);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({
      status: 0,
      accepted: 0,
      failed: [],
      error: expect.any(String),
      now,
    });
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Retry-After',
      'timing-allow-origin': '*',
    });
    expect(response.headers['access-control-allow-credentials']).toBeUndefined();
  },
);

test('SRV-2: 429 and 503 say in ms when to come back', async () => {
  const busy = createTestEdge({
    deps: { backpressure: { overloaded: () => ({ retryAfterSeconds: 4 }), stateOf: calm } },
  });
  const response = await busy.app.inject({ method: 'POST', url: '/e', payload: [event()] });
  expect(response.statusCode).toBe(429);
  const { retry_after_ms: ms } = response.json<{ retry_after_ms: number }>();
  expect(ms).toBe(Number(response.headers['retry-after']) * 1000);
  await busy.app.close();
});

test('SRV-3: a preflight is answered all the same', async () => {
  const response = await edge.app.inject({
    method: 'OPTIONS',
    url: '/e',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
  });
  expect(response.statusCode).toBe(204);
  expect(response.headers['access-control-allow-origin']).toBe('*');
});

test('SRV-8: what the browser says of itself beside its agent; explicit properties win', async () => {
  const headers = {
    'sec-ch-ua': '"Chromium";v="126", "Google Chrome";v="126"',
    'sec-ch-ua-platform': '"Windows"',
    'sec-ch-ua-platform-version': '"15.0.0"',
  };
  await send([event({ time: now }), event({ time: now, $os: 'My own' })], '/e', { headers });
  const hints = { $browser: 'Chrome', $browser_version: 126, $os_version: '11' };
  expect(edge.records()).toMatchObject([
    { properties: { ...hints, $os: 'Windows' } },
    { properties: { ...hints, $os: 'My own' } },
  ]);
});

test('SRV-9: a record that names nobody gets an id of the day, and keeps no other', async () => {
  const nameless = { distinct_id: 'x', $cookieless: true, $device_id: 'd', $user_id: 'ada' };
  const operation = { $token: shop.token, $cookieless: true, $set: { plan: 'pro' } };
  const response = await send([event({ ...nameless, time: now }), operation]);
  expect(response.json()).toMatchObject({ accepted: 2, failed: [] });
  const [first, second] = edge.records() as { distinctId: string; properties?: object }[];
  expect(first?.distinctId).toMatch(/^\$cookieless:[0-9a-f]{32}$/);
  expect(first?.properties).toEqual({ $cookieless: true });
  expect(second?.distinctId).toBe(first?.distinctId);
});

test('SRV-9: visitors of a day are told apart by address, agent and site, and never merged', async () => {
  const nameless = event({ $cookieless: true, distinct_id: undefined, time: now });
  await send([nameless]);
  await send([nameless]);
  await send([nameless], '/e', { headers: { 'user-agent': 'another' } });
  await send([nameless], '/e', { headers: { origin: 'https://blog.example' } });
  const ids = (edge.records() as { distinctId: string }[]).map(({ distinctId }) => distinctId);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
  const merging = ['$identify', '$create_alias'].map((name) =>
    event({ $cookieless: true, $identified_id: 'ada', time: now }, name),
  );
  expect((await send(merging)).json()).toMatchObject({
    accepted: 0,
    failed: [{ code: 'not_supported' }, { code: 'not_supported' }],
  });
});

test('SRV-9: without the key of the day such records are sent again later, others are stored', async () => {
  const away = createTestEdge({
    deps: { dayKeys: () => Promise.reject(new Error('redis is away')) },
  });
  const post = (record: object) =>
    away.app.inject({ method: 'POST', url: '/e', payload: JSON.stringify([record]) });
  const response = await post(event({ $cookieless: true, time: now }));
  expect([response.statusCode, response.headers['retry-after']]).toEqual([503, expect.any(String)]);
  expect((await post(event({ time: now }))).json()).toMatchObject({ accepted: 1 });
  expect(away.records()).toMatchObject([{ distinctId: 'ada' }]);
});

test('SRV-12: an address that sends without end waits; others and the project do not', async () => {
  const busy = createTestEdge({
    fastify: { trustProxy: true },
    options: { addressRecordsPerMinuteMax: 100 },
  });
  const of = (address: string) =>
    send(
      Array.from({ length: 100 }, () => event({ time: now })),
      '/e',
      { headers: { 'x-forwarded-for': address }, app: busy.app },
    );
  expect((await of('192.0.2.1')).statusCode).toBe(200);
  const refused = await of('192.0.2.1');
  expect(refused.statusCode).toBe(429);
  expect(refused.headers['access-control-allow-origin']).toBe('*');
  expect(refused.json<{ retry_after_ms: number }>().retry_after_ms).toBeGreaterThanOrEqual(60_000);
  expect((await of('192.0.2.2')).statusCode).toBe(200);
  await busy.app.close();
});

test('SRV-13: a project takes from the pages of its list alone, and is shown who else came', async () => {
  const strict = createTestEdge({ settings: { allowedOrigins: ['https://shop.example'] } });
  const from = (origin: string, url: string, payload: unknown = [event({ time: now })]) =>
    send(payload, url, { headers: { origin }, app: strict.app });
  for (const url of ['/e', '/track']) {
    expect((await from('https://shop.example', url)).statusCode).toBe(200);
    expect((await from('https://evil.example', url)).statusCode).toBe(403);
  }
  const refused = await from('https://evil.example', '/engage', [update]);
  expect(refused.statusCode).toBe(403);
  // The words of 1.4.
  expect(refused.json()).toEqual({
    error: expect.stringContaining('https://evil.example') as string,
    status: 'error',
  });
  expect(strict.records()).toHaveLength(2);
  expect(strict.rejected).toHaveLength(3);
  expect(strict.rejected[0]).toMatchObject({
    project: shop.id,
    entry: {
      reason: 'origin https://evil.example is not among the allowed origins of the project',
    },
  });
  await strict.app.close();
});
