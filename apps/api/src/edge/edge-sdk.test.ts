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

function send(payload: unknown, url = '/e'): Promise<Response> {
  return edge.app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      origin: 'https://shop.example',
      'user-agent': 'Mozilla/5.0 (test)',
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
