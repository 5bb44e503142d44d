import type { DemoEvent } from '@arbor/demo-world/record';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Customer } from './customer.ts';
import { createCustomer } from './customer.ts';
import type { FakeApi } from './testing/fake-api.ts';
import { startFakeApi } from './testing/fake-api.ts';

let api: FakeApi;
let customer: Customer;
let refused: number[];
let stop: AbortController;

beforeEach(async () => {
  api = await startFakeApi();
  refused = [];
  stop = new AbortController();
  customer = createCustomer({
    apiUrl: `${api.url}/`,
    signal: stop.signal,
    onTrouble: () => {},
    onRefused: ({ status }) => refused.push(status),
  });
});
afterEach(() => api.close());

const events = (count: number): DemoEvent[] =>
  Array.from({ length: count }, (_, n) => ({
    event: 'Seen',
    properties: { time: n, distinct_id: 'd', $insert_id: `i-${n}` },
  }));

test('imports in gzipped requests of at most two thousand, with the token as credential', async () => {
  await customer.importEvents(events(4500));
  const sizes = api.received.map(({ records }) => records.length);
  expect(sizes.sort((a, b) => b - a)).toEqual([2000, 2000, 500]);
  const ids = api.received.flatMap(({ records }) => records.map((r) => JSON.stringify(r)));
  expect(new Set(ids).size).toBe(4500);
  const basic = Buffer.from('arbor-demo-shop-token:').toString('base64');
  for (const { path, authorization } of api.received) {
    expect(path).toBe('/import?strict=1&ip=0');
    expect(authorization).toBe(`Basic ${basic}`);
  }
});

test('puts the token into each live event and profile', async () => {
  await customer.track(events(1));
  await customer.updatePeople([{ $distinct_id: 'd', $time: 1, $set: { plan: 'Plus' } }]);
  expect(api.received.map(({ path }) => path)).toEqual([
    '/track?ip=0&verbose=1',
    '/engage?strict=1&ip=0',
  ]);
  expect(api.received[0]?.records[0]).toMatchObject({
    properties: { token: 'arbor-demo-shop-token' },
  });
  expect(api.received[1]?.records[0]).toEqual({
    $token: 'arbor-demo-shop-token',
    $distinct_id: 'd',
    $time: 1,
    $set: { plan: 'Plus' },
  });
});

test('sends again what the api could not take, as long as it asks', async () => {
  api.refusals.push({ status: 503 }, { status: 429, headers: { 'retry-after': '1' } });
  const begin = Date.now();
  await customer.importEvents(events(3));
  expect(Date.now() - begin).toBeGreaterThan(1000);
  expect(api.received).toHaveLength(1);
  expect(refused).toEqual([]);
});

test('reports what will never be taken, and goes on', async () => {
  api.refusals.push({ status: 400 });
  await customer.importEvents(events(3));
  expect(refused).toEqual([400]);
  expect(api.received).toEqual([]);
});

test('stops waiting at once when the process ends', async () => {
  api.refusals.push({ status: 429, headers: { 'retry-after': '60' } });
  const sending = customer.track(events(1));
  setTimeout(() => stop.abort(new Error('stopped')), 100);
  await expect(sending).rejects.toThrow('stopped');
});
