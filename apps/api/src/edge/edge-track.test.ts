import { gzipSync } from 'node:zlib';
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  base64,
  basic,
  blog,
  createTestEdge,
  event,
  now,
  shop,
  type TestEdge,
} from './testing/test-edge.ts';

let edge: TestEdge;
beforeEach(() => {
  edge = createTestEdge();
});
afterEach(() => edge.app.close());

const get = (query: Record<string, string>): Promise<Response> =>
  edge.app.inject({ method: 'GET', url: '/track', query });
const post = (payload: string | Buffer, options: InjectOptions = {}): Promise<Response> =>
  edge.app.inject({ method: 'POST', url: '/track', payload, ...options });
const names = (): string[] =>
  edge.records().map((record) => ('event' in record ? record.event : ''));
const form = { 'content-type': 'application/x-www-form-urlencoded' };

test('15.1: GET with base64 is answered 1, one byte', async () => {
  const response = await get({ data: base64(event()) });
  expect([response.statusCode, response.body]).toEqual([200, '1']);
  expect(response.headers['content-type']).toBe('text/plain');
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(edge.records()).toMatchObject([{ event: 'Order completed', distinctId: 'ada' }]);
});

test('15.1: verbose is JSON, to the byte', async () => {
  const response = await get({ data: base64(event()), verbose: '1' });
  expect(response.headers['content-type']).toBe('application/json');
  expect(response.body).toBe('{"status":1,"error":null}');
  expect((await get({ verbose: '1' })).body).toBe('{"status":0,"error":"data, missing or empty"}');
});

test('15.1: img is an image, whatever the validity', async () => {
  for (const data of [base64(event()), 'nonsense']) {
    const response = await get({ data, img: '1' });
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'image/gif']);
    expect(response.rawPayload.subarray(0, 6).toString()).toBe('GIF89a');
    expect(response.rawPayload).toHaveLength(42);
  }
});

test('15.1: callback wraps the result', async () => {
  const data = base64(event());
  const plain = await get({ data, callback: 'f' });
  expect(plain.headers['content-type']).toBe('text/javascript');
  expect(plain.body).toBe('f(1);');
  const verbose = await get({ data, callback: 'mixpanel._jsc[7]', verbose: '1' });
  expect(verbose.body).toBe('mixpanel._jsc[7]({"status":1,"error":null});');
  expect((await get({ data, callback: '(function(){})' })).body).toBe('(function(){})(1);');
});

test('2.2: a callback that is no name is ignored', async () => {
  for (const callback of ['alert(1)', 'a;b', '<script>', 'f(function(){})']) {
    expect((await get({ data: base64(event()), callback })).body).toBe('1');
  }
});

test('2.3: invalid input is answered 0 with status 200', async () => {
  for (const data of ['', 'not base64!', '{"event":', '"text"', '[]', '[1]']) {
    const response = await get({ data });
    expect([response.statusCode, response.body]).toEqual([200, '0']);
  }
  expect(edge.batches).toEqual([]);
});

test('15.2: form with base64 whose + was not encoded', async () => {
  const data = base64([event({ q: '>>>~~~' }, 'Search')]);
  expect(data).toContain('+');
  expect((await post(`data=${data}`, { headers: form })).body).toBe('1');
  expect(edge.records()).toMatchObject([{ properties: { q: '>>>~~~' } }]);
});

test('15.3: form with plain JSON, JSON object, JSON array, gzip', async () => {
  const json = JSON.stringify(event());
  const all = [
    await post(`data=${encodeURIComponent(json)}&verbose=0`, { headers: form }),
    await post(json, { headers: { 'content-type': 'application/json' } }),
    await post(`[${json},${json}]`, { headers: { 'content-type': 'application/json' } }),
    await post(gzipSync(json), { headers: { 'content-encoding': 'gzip' } }),
    await post(gzipSync(`data=${base64(json)}`), { headers: form }),
  ];
  expect(all.map(({ body }) => body)).toEqual(['1', '1', '1', '1', '1']);
  expect(edge.records()).toHaveLength(6);
});

test('15.4: a beacon sends the form as text', async () => {
  const headers = { 'content-type': 'text/plain;charset=UTF-8' };
  const response = await post(`data=${encodeURIComponent(base64([event()]))}`, {
    headers,
    url: '/track/?verbose=1&ip=1',
  });
  expect(response.body).toBe('{"status":1,"error":null}');
  expect(edge.records()).toHaveLength(1);
});

test('1.2: the content decides under any content type, also an invalid one', async () => {
  for (const type of ['application/octet-stream', 'nonsense', '', 'application/json; charset']) {
    expect((await post(JSON.stringify(event()), { headers: { 'content-type': type } })).body).toBe(
      '1',
    );
  }
});

test('1.2: control fields are read in the form body; the query string wins', async () => {
  const body = `data=${base64(event())}&verbose=1`;
  expect((await post(body, { headers: form })).body).toBe('{"status":1,"error":null}');
  expect((await post(body, { headers: form, url: '/track?verbose=0' })).body).toBe('1');
});

test('1.1: with and without slash, below a prefix, with unknown parameters', async () => {
  const prefixed = createTestEdge({ options: { pathPrefixes: ['collect/'] } });
  for (const url of ['/track', '/track/', '/collect/track', '/collect/track/?_=1&x=y']) {
    const response = await prefixed.app.inject({ method: 'POST', url, payload: [event()] });
    expect([url, response.body]).toEqual([url, '1']);
  }
  await prefixed.app.close();
});

test('1.3: a Basic header is ignored here', async () => {
  const headers = { authorization: basic('whoever', 'wrong') };
  expect((await post(JSON.stringify(event()), { headers })).body).toBe('1');
});

test('15.5: an unknown token is a success, and nothing is stored', async () => {
  expect((await get({ data: base64(event({ token: 'nobody' })) })).body).toBe('1');
  expect(edge.batches).toEqual([]);
});

test('2.1: a record without a token is refused', async () => {
  const { body } = await get({ data: base64(event({ token: undefined })), verbose: '1' });
  expect(body).toBe(`{"status":0,"error":"'properties.token' is invalid: must not be missing"}`);
});

test('15 a: the good records of a batch are stored, and one is enough for 1', async () => {
  const batch = [event({}, 'A'), event({}, ''), event({}, 'B')];
  expect((await post(JSON.stringify(batch))).body).toBe('1');
  expect(names()).toEqual(['A', 'B']);
});

test('a refused record is shown in Live with its reason', async () => {
  await post(JSON.stringify([event({ price: 5 }, ''), event({}, 'B')]));
  expect(edge.rejected).toEqual([
    {
      project: shop.id,
      entry: {
        kind: 'rejected',
        id: expect.stringMatching(/^rejected-/),
        receivedAt: now,
        source: 'track',
        field: 'event',
        reason: "'event' is invalid: must not be missing",
        record: '{"event":"","properties":{"token":"shop-token","distinct_id":"ada","price":5}}',
      },
    },
  ]);
});

test('Live gets no flood: at most 20 refused records a second and project', async () => {
  await post(JSON.stringify(Array.from({ length: 500 }, () => event({}, ''))));
  expect(edge.rejected).toHaveLength(20);
});

test('$ignore is a success without a record', async () => {
  expect((await get({ data: base64(event({ $ignore: true })) })).body).toBe('1');
  expect(edge.batches).toEqual([]);
});

test('records of two projects in one request go to their own batches', async () => {
  await post(JSON.stringify([event({}, 'A'), event({ token: blog.token }, 'B'), event({}, 'C')]));
  expect(
    edge.batches.map(({ batch }) => [
      batch.project,
      batch.records.map((r) => 'event' in r && r.event),
    ]),
  ).toEqual([
    [shop.id, ['A', 'C']],
    [blog.id, ['B']],
  ]);
});

test('a request with a thousand tokens looks up few of them', async () => {
  let lookups = 0;
  const counting = createTestEdge({
    deps: {
      projects: { byToken: () => (lookups++, null), byCredential: () => Promise.resolve(null) },
    },
  });
  const records = Array.from({ length: 1000 }, (_, i) => event({ token: `token-${i}` }));
  await counting.app.inject({ method: 'POST', url: '/track', payload: records });
  expect(lookups).toBeLessThanOrEqual(50);
  await counting.app.close();
});

test("11: a made insert id names batch and position and cannot be a client's", async () => {
  await post(JSON.stringify([event(), event({ $insert_id: 'mine' }), event()]));
  const [{ batch }] = edge.batches;
  expect(batch.records.map((record) => 'insertId' in record && record.insertId)).toEqual([
    `${batch.batchId}:0`,
    'mine',
    `${batch.batchId}:2`,
  ]);
});

test('2.2, 12.1: the connection counts with ip=1 only; so does the agent', async () => {
  const headers = { 'user-agent': 'Mozilla/5.0 (test)' };
  const payload = JSON.stringify(event());
  await post(payload, { headers, remoteAddress: '203.0.113.5' });
  await post(payload, { headers, remoteAddress: '203.0.113.5', url: '/track?ip=1' });
  const [without, withAddress] = edge.records();
  expect(without).not.toHaveProperty('ip');
  expect(without).not.toHaveProperty('userAgent');
  expect(withAddress).toMatchObject({ ip: '203.0.113.5', userAgent: 'Mozilla/5.0 (test)' });
});

test('2.2: X-Forwarded-For counts behind a trusted proxy, and nowhere else', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.77' };
  const request = { method: 'POST', url: '/track?ip=1', headers, payload: event() } as const;
  const behindProxy = createTestEdge({ fastify: { trustProxy: '127.0.0.1' } });
  await edge.app.inject(request);
  await behindProxy.app.inject(request);
  expect(edge.records()).toMatchObject([{ ip: '127.0.0.1' }]);
  expect(behindProxy.records()).toMatchObject([{ ip: '203.0.113.77' }]);
  await behindProxy.app.close();
});

test('2.4: with ip=1 the address becomes an id: stable in a project, another in each', async () => {
  const anonymous = (token: string): object => event({ token, distinct_id: undefined });
  const payload = JSON.stringify([anonymous(shop.token), anonymous(blog.token)]);
  await post(payload, { url: '/track?ip=1' });
  await post(payload, { url: '/track?ip=1' });
  await post(payload);
  const ids = edge.batches.map(({ batch: { project, records } }) => {
    const [record] = records;
    return [project, record?.kind === 'event' ? record.distinctId : undefined];
  });
  const shopIds = ids.filter(([project]) => project === shop.id).map(([, id]) => id);
  const blogIds = ids.filter(([project]) => project === blog.id).map(([, id]) => id);
  expect(shopIds[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(shopIds).toEqual([shopIds[0], shopIds[0], '']);
  expect(blogIds[0]).not.toBe(shopIds[0]);
  expect(blogIds).toEqual([blogIds[0], blogIds[0], '']);
});

test('9.5: one record over 1 MB is refused, its neighbour is stored', async () => {
  const values = Array.from({ length: 255 }, () => 'x'.repeat(300));
  const large = event(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`list${i}`, values])),
    'Large',
  );
  expect((await post(JSON.stringify([large, event({}, 'Small')]))).body).toBe('1');
  expect(names()).toEqual(['Small']);
  expect(edge.rejected[0]?.entry).toMatchObject({
    reason: 'record exceeds max limit of 1048576 bytes',
  });
  expect(edge.rejected[0]?.entry.record).toHaveLength(4096);
});

test('bytes that are not UTF-8 cost their record, not its neighbours', async () => {
  const body = Buffer.concat([
    Buffer.from(
      `[${JSON.stringify(event({}, 'Good'))},{"event":"Bad","properties":{"token":"shop-token","city":"`,
    ),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('"}}]'),
  ]);
  expect((await post(body)).body).toBe('1');
  expect(names()).toEqual(['Good']);
  expect(edge.rejected[0]?.entry).toMatchObject({
    reason: "'properties.city' is invalid: string should be valid utf8",
  });
});

test('2.2: redirect leads on to a host that the operator named, once the event is stored', async () => {
  const edge = createTestEdge({ options: { redirectHosts: ['shop.example'] } });
  const open = (redirect: string) =>
    edge.app.inject({ url: '/track', query: { data: base64(event()), redirect } });
  const response = await open('https://shop.example/sale');
  expect(response.statusCode).toBe(302);
  expect(response.headers.location).toBe('https://shop.example/sale');
  expect((await open('https://evil.example/')).body).toBe('1');
  expect(edge.records()).toHaveLength(2);
  await edge.app.close();
});
