import type { LightMyRequestResponse as Response } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  base64,
  basic,
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

const good = (id: string): object => event({ time: now / 1000, $insert_id: id });
const bad = (id: string): object => event({ time: 'soon', $insert_id: id });

function send(
  payload: string | object,
  { query = 'strict=1', authorization = basic(shop.token), type = 'application/json' } = {},
): Promise<Response> {
  return edge.app.inject({
    method: 'POST',
    url: `/import?${query}`,
    headers: { 'content-type': type, ...(authorization === '' ? {} : { authorization }) },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
}

test('3.3: success, to the byte', async () => {
  const response = await send([good('a'), good('b'), good('c')]);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('application/json');
  expect(response.body).toBe('{"code":200,"num_records_imported":3,"status":"OK"}');
});

test('a request is one batch; those of a project that sends much go by the bulk queue', async () => {
  for (const part of ['a', 'b', 'c']) {
    await send(Array.from({ length: 2000 }, (_, i) => good(`${part}-${i}`)));
  }
  const batch = { project: shop.id, source: 'import', receivedAt: now };
  expect(edge.batches).toMatchObject([
    { queue: 'live', batch },
    { queue: 'live', batch },
    { queue: 'bulk', batch },
  ]);
  expect(edge.batches.map((one) => one.batch.records.length)).toEqual([2000, 2000, 2000]);
});

test('15.8: strict with one bad record of three is 400 and names it; the good ones are stored', async () => {
  const response = await send([good('k-16'), bad('k-17'), good('k-18')]);
  expect(response.statusCode).toBe(400);
  expect(response.json()).toEqual({
    code: 400,
    status: 'Bad Request',
    error: 'some data points in the request failed validation',
    num_records_imported: 2,
    failed_records: [
      {
        index: 1,
        $insert_id: 'k-17',
        insert_id: 'k-17',
        field: 'properties.time',
        message: "'properties.time' is invalid: must be specified as seconds since epoch",
      },
    ],
  });
  expect(edge.records()).toHaveLength(2);
  expect(edge.rejected).toMatchObject([{ project: shop.id, entry: { source: 'import' } }]);
});

test('3.2: without strict the bad ones are skipped silently', async () => {
  const response = await send([good('a'), bad('b')], { query: '' });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({ code: 200, num_records_imported: 1, status: 'OK' });
});

test('15.6: events of any age are stored', async () => {
  await send([event({ time: 31_536_000, $insert_id: 'old' })]);
  expect(edge.records()).toMatchObject([{ time: 31_536_000_000 }]);
});

test('3.4: NDJSON counts lines without the blank ones', async () => {
  const lines = [good('a'), '', bad('b'), 'broken', good('c')].map((line) =>
    typeof line === 'string' ? line : JSON.stringify(line),
  );
  const response = await send(lines.join('\n'), { type: 'application/x-ndjson' });
  expect(response.statusCode).toBe(400);
  const { num_records_imported: imported, failed_records: failed } = response.json<{
    num_records_imported: number;
    failed_records: { index: number; message: string }[];
  }>();
  expect(imported).toBe(2);
  expect(failed.map(({ index }) => index)).toEqual([1, 2]);
  expect(failed[1]?.message).toMatch(/^line is not valid json: /);
});

test('3.4: a first line of NDJSON that is broken costs no other line', async () => {
  for (const [id, first] of ['oops', '[1, 2', '"', '5'].entries()) {
    const lines = [first, JSON.stringify(good(`first-${id}`))].join('\n');
    const response = await send(lines, { type: 'application/x-ndjson' });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      num_records_imported: 1,
      failed_records: [{ index: 0 }],
    });
    expect(edge.records()).toHaveLength(id + 1);
  }
});

test('3.4: a body that is no JSON at all', async () => {
  for (const payload of ['{nonsense', '[1,', 'data=%%%']) {
    const response = await send(payload);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ num_records_imported: 0, failed_records: [] });
  }
});

test('an empty list imports nothing and is no error', async () => {
  expect((await send([])).json()).toEqual({ code: 200, num_records_imported: 0, status: 'OK' });
  expect(edge.batches).toEqual([]);
});

test('15.9: GET from Node without strict is answered like /track', async () => {
  const answer = async (query: Record<string, string>): Promise<string> => {
    const response = await edge.app.inject({
      method: 'GET',
      url: '/import',
      query: { ip: '0', api_key: shop.secret, ...query },
    });
    expect(response.statusCode).toBe(200);
    return response.body;
  };
  const data = base64(event({ time: now }));
  expect(await answer({ data, verbose: '0' })).toBe('1');
  expect(await answer({ data: base64(bad('x')) })).toBe('0');
  expect(await answer({})).toBe('0');
  expect(JSON.parse(await answer({ data, verbose: '1' }))).toEqual({
    code: 200,
    num_records_imported: 1,
    status: 1,
    error: null,
  });
});

test('3.3: a form with strict=1 in its body gets the documented answer', async () => {
  const body = `data=${encodeURIComponent(JSON.stringify([good('a')]))}&strict=1&verbose=1`;
  const response = await send(body, { query: '', type: 'application/x-www-form-urlencoded' });
  expect(response.json()).toEqual({ code: 200, num_records_imported: 1, status: 'OK' });
});

test.each([
  ['token', basic(shop.token), ''],
  ['project secret', basic(shop.secret), ''],
  ['service account', basic(account.username, account.secret), `&project_id=${shop.id}`],
  ['api_key', '', `&api_key=${shop.secret}`],
  ['bearer token that is the secret', `Bearer ${shop.secret}`, ''],
  [
    'bearer token that is a service account',
    `Bearer ${account.username}:${account.secret}`,
    `&project_id=${shop.id}`,
  ],
  ['empty header, token in the records', basic(''), ''],
])('1.3: may import with %s', async (_, authorization, query) => {
  const response = await send([good('a')], { query: `strict=1${query}`, authorization });
  expect(response.json()).toMatchObject({ num_records_imported: 1 });
  expect(edge.batches).toMatchObject([{ batch: { project: shop.id } }]);
});

test.each([
  ['nothing', '', ''],
  ['an unknown token', basic('nobody'), ''],
  ['a wrong secret', basic(account.username, 'wrong'), `&project_id=${shop.id}`],
  ['a foreign project', basic(account.username, account.secret), '&project_id=8'],
  ['an unknown bearer token', 'Bearer abc', ''],
  ['another scheme', 'Digest abc', ''],
  ['a bearer token beside a good api_key', 'Bearer abc', `&api_key=${shop.secret}`],
  ['a wrong api_key', '', '&api_key=wrong'],
])('1.3: may not import with %s', async (_, authorization, query) => {
  const response = await send([good('a')], { query: `strict=1${query}`, authorization });
  expect(response.statusCode).toBe(401);
  expect(response.body).toBe('{"code":401,"error":"Invalid credentials","status":"Unauthorized"}');
  expect(edge.batches).toEqual([]);
});

test('3.1: a service account must name the project', async () => {
  const authorization = basic(account.username, account.secret);
  const response = await send([good('a')], { authorization });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({
    error: "'project_id' is invalid: must be given with a service account",
  });
});

test('the credential decides the project, whatever tokens the records carry', async () => {
  await send([event({ token: 'blog-token', time: now, $insert_id: 'a' })]);
  expect(edge.batches).toMatchObject([{ batch: { project: shop.id } }]);
  expect(edge.records()[0]).not.toHaveProperty('properties.token');
});

test('12.1: the connection is geolocated unless the record or ip=0 says otherwise', async () => {
  const record = (ip?: string): object => event({ time: now, $insert_id: 'a', ip });
  await send([record(), record('203.0.113.9')]);
  await send([record()], { query: 'strict=1&ip=0' });
  expect(edge.records().map((record) => ('ip' in record ? record.ip : undefined))).toEqual([
    '127.0.0.1',
    '203.0.113.9',
    undefined,
  ]);
});
