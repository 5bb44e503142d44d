import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { base64, createTestEdge, now, shop, type TestEdge } from './testing/test-edge.ts';

let edge: TestEdge;
beforeEach(() => {
  edge = createTestEdge();
});
afterEach(() => edge.app.close());

const update = (operators: object): object => ({
  $token: shop.token,
  $group_key: 'company',
  $group_id: 'acme',
  ...operators,
});

async function post(
  payload: string | Buffer,
  { url = '/groups', headers = {} }: { url?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string }> {
  const response = await edge.app.inject({ method: 'POST', url, headers, payload });
  return { status: response.statusCode, body: response.body };
}

const sendForm = (updates: unknown, query = ''): Promise<{ status: number; body: string }> =>
  post(`data=${encodeURIComponent(base64(updates))}`, {
    url: `/groups/?${query}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

test('5: every operator of a profile is one of a group', async () => {
  const operators = {
    $set: { plan: 'pro' },
    $set_once: { since: 2020 },
    $add: { seats: 2 },
    $append: { log: 'a' },
    $union: { tags: ['x'] },
    $remove: { tags: 'y' },
    $unset: ['old'],
    $delete: '',
  };
  expect(await sendForm(update(operators))).toEqual({ status: 200, body: '1' });
  expect(edge.batches.map(({ queue, batch }) => [queue, batch.source])).toEqual([
    ['live', 'groups'],
  ]);
  expect(edge.records()).toEqual([
    {
      kind: 'group',
      groupKey: 'company',
      groupId: 'acme',
      time: now,
      operations: [
        { operator: '$set', values: { plan: 'pro' } },
        { operator: '$set_once', values: { since: 2020 } },
        { operator: '$add', values: { seats: 2 } },
        { operator: '$append', values: { log: 'a' } },
        { operator: '$union', values: { tags: ['x'] } },
        { operator: '$remove', values: { tags: 'y' } },
        { operator: '$unset', names: ['old'] },
        { operator: '$delete' },
      ],
    },
  ]);
});

test('1.2: an update comes by GET, as a form, as JSON and compressed', async () => {
  const json = JSON.stringify([update({ $set: { n: 1 } })]);
  const got = await edge.app.inject({ url: `/groups?data=${encodeURIComponent(base64(json))}` });
  expect(got.body).toBe('1');
  expect((await post(`data=${encodeURIComponent(json)}`)).body).toBe('1');
  const headers = { 'content-type': 'application/json' };
  expect((await post(json, { headers })).body).toBe('1');
  const gzip = { ...headers, 'content-encoding': 'gzip' };
  expect((await post(gzipSync(json), { headers: gzip })).body).toBe('1');
  expect(edge.records()).toHaveLength(4);
});

test('5: a number is an id as its text; time, $ignore_time and $insert_id are as of persons', async () => {
  const own = { $group_id: 42, $time: 1709510400, $ignore_time: true, $insert_id: 'i-1' };
  expect((await sendForm(update({ ...own, $set: {} }))).body).toBe('1');
  expect(edge.records()).toMatchObject([
    { groupId: '42', time: 1709510400000, ignoreTime: true, insertId: 'i-1' },
  ]);
});

test.each([
  [{ $group_key: undefined }, "'$group_key' is invalid: must not be missing"],
  [{ $group_key: '' }, "'$group_key' is invalid: must not be missing"],
  [{ $group_id: undefined }, "'$group_id' is invalid: must not be missing"],
  [{ $group_id: ['a'] }, "'$group_id' is invalid: must be a string"],
  [{ $union: { l: 'a' } }, "'$union.l' is invalid: must be a list"],
  [{ $token: undefined }, "'$token' is invalid: must not be missing"],
])('5: %j is refused', async (fields, error) => {
  const { status, body } = await sendForm(update({ $set: {}, ...fields }), 'verbose=1');
  expect({ status, body }).toEqual({ status: 200, body: JSON.stringify({ status: 0, error }) });
  expect(edge.batches).toEqual([]);
});

test('5: strict counts the good ones and names the groups of the others', async () => {
  const { body } = await sendForm([update({ $set: {} }), update({ $add: { n: 'x' } })], 'strict=1');
  expect(JSON.parse(body)).toEqual({
    code: 200,
    num_good_events: 1,
    error: 'some data points in the request failed validation',
    status: 'OK',
    failed_records: [
      {
        index: 1,
        $group_id: 'acme',
        field: '$add.n',
        message: "'$add.n' is invalid: must be a number",
      },
    ],
  });
});

test('5: more than 2000 updates are too many, and one above 1 MB is refused', async () => {
  const many = Array.from({ length: 2001 }, () => update({ $set: {} }));
  expect((await sendForm(many)).status).toBe(413);
  const texts = Object.fromEntries(
    Array.from({ length: 240 }, (_, n) => [
      `p${n}`,
      Array.from({ length: 20 }, () => 'x'.repeat(255)),
    ]),
  );
  const { body } = await sendForm(update({ $set: texts }), 'verbose=1');
  expect(JSON.parse(body)).toMatchObject({ status: 0 });
  expect(edge.batches).toEqual([]);
});

test('SRV-1: the endpoint of the browser SDK takes updates of groups among the rest', async () => {
  const { body } = await post(
    JSON.stringify([
      {
        event: 'View',
        properties: { token: shop.token, distinct_id: 'ada', $insert_id: 'v1', time: now },
      },
      update({ $set: { plan: 'pro' } }),
    ]),
    { url: '/e' },
  );
  expect(JSON.parse(body)).toMatchObject({ accepted: 2 });
  expect(edge.records().map(({ kind }) => kind)).toEqual(['event', 'group']);
});
