import { afterEach, beforeEach, expect, test } from 'vitest';
import { base64, createTestEdge, shop, type TestEdge } from './testing/test-edge.ts';

let edge: TestEdge;
beforeEach(() => {
  edge = createTestEdge();
});
afterEach(() => edge.app.close());

const update = (operators: object): object => ({
  $token: shop.token,
  $distinct_id: 'u7',
  ...operators,
});

async function send(updates: unknown, query = ''): Promise<{ status: number; body: string }> {
  const response = await edge.app.inject({
    method: 'POST',
    url: `/engage/?${query}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `data=${encodeURIComponent(base64(updates))}`,
  });
  return { status: response.statusCode, body: response.body };
}

test('4.4: plain and verbose answers', async () => {
  const good = update({ $set: { plan: 'pro' } });
  const bad = update({ $add: { n: 'x' } });
  expect(await send(good)).toEqual({ status: 200, body: '1' });
  expect(await send(bad)).toEqual({ status: 200, body: '0' });
  expect((await send([good], 'verbose=1')).body).toBe('{"status":1,"error":null}');
  expect((await send([bad], 'verbose=1')).body).toBe(
    `{"status":0,"error":"'$add.n' is invalid: must be a number"}`,
  );
  expect((await send([bad, good], 'verbose=1')).body).toBe('{"status":1,"error":null}');
});

test('4.4: strict counts the good ones and names the others, with status 200', async () => {
  const good = update({ $set: { plan: 'pro' } });
  expect((await send([good, good], 'strict=1')).body).toBe(
    '{"code":200,"num_good_events":2,"error":null,"status":"OK"}',
  );
  const { status, body } = await send(
    [good, update({ $union: { tags: 'a' } })],
    'strict=1&verbose=1',
  );
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    code: 200,
    num_good_events: 1,
    error: 'some data points in the request failed validation',
    status: 'OK',
    failed_records: [
      {
        index: 1,
        $distinct_id: 'u7',
        field: '$union.tags',
        message: "'$union.tags' is invalid: must be a list",
      },
    ],
  });
});

test('15 c: a whole batch arrives as operations, in the order it was sent', async () => {
  await send([
    update({ $set_once: { a: 1 } }),
    update({ $set: { a: 2 } }),
    update({ $add: { a: -5 } }),
    update({ $append: { l: 'x' } }),
    update({ $union: { l: ['x', 'y'] } }),
    update({ $remove: { l: 'x' } }),
    update({ $unset: ['a'] }),
    update({ $delete: '' }),
  ]);
  expect(edge.batches).toMatchObject([{ queue: 'live', batch: { source: 'engage' } }]);
  expect(
    edge.records().flatMap((record) => ('operations' in record ? record.operations : [])),
  ).toEqual([
    { operator: '$set_once', values: { a: 1 } },
    { operator: '$set', values: { a: 2 } },
    { operator: '$add', values: { a: -5 } },
    { operator: '$append', values: { l: 'x' } },
    { operator: '$union', values: { l: ['x', 'y'] } },
    { operator: '$remove', values: { l: 'x' } },
    { operator: '$unset', names: ['a'] },
    { operator: '$delete' },
  ]);
});

test('SRV-5: an insert id travels beside the operations; a wrong one is ignored', async () => {
  const sent = [{ $insert_id: 'i-1' }, { $insert_id: 'not one' }, {}];
  const updates = sent.map((id) => update({ $add: { n: 1 }, ...id }));
  expect(await send(updates)).toEqual({ status: 200, body: '1' });
  const operations = [{ operator: '$add', values: { n: 1 } }];
  expect(edge.records()).toMatchObject([{ insertId: 'i-1', operations }, { operations }, {}]);
  expect(edge.records().map((record) => 'insertId' in record)).toEqual([true, false, false]);
});

test('4.1: the connection is geolocated by default, not with ip=0', async () => {
  await send(update({ $set: {} }));
  await send(update({ $set: {} }), 'ip=0');
  expect(edge.records().map((record) => ('ip' in record ? record.ip : undefined))).toEqual([
    '127.0.0.1',
    undefined,
  ]);
});

test('2.1: an unknown token is a success, a missing one is not', async () => {
  const { $token: _, ...without } = update({ $set: {} }) as { $token: string };
  expect((await send(update({ $token: 'nobody', $set: {} }))).body).toBe('1');
  expect((await send(without, 'verbose=1')).body).toBe(
    `{"status":0,"error":"'$token' is invalid: must not be missing"}`,
  );
  expect(edge.batches).toEqual([]);
});
