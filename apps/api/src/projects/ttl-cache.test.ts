import { beforeEach, expect, test } from 'vitest';
import { TtlCache } from './ttl-cache.ts';

let now: number;
let loads: number;
let cache: TtlCache<number>;

beforeEach(() => {
  now = 0;
  loads = 0;
  cache = new TtlCache({ clock: () => now, freshMs: 10, staleMs: 100, entriesMax: 2 });
});

const load = (): Promise<number> => Promise.resolve(++loads);
const fail = (): Promise<number> => Promise.reject(new Error('database is away'));

test('loads once while the value is fresh and again afterwards', async () => {
  expect(await cache.get('a', load)).toBe(1);
  now = 9;
  expect(cache.get('a', load)).toBe(1);
  now = 10;
  expect(await cache.get('a', load)).toBe(2);
});

test('shares one load among callers that come at the same time', async () => {
  expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
  expect(loads).toBe(1);
});

test('answers the last known value while loading fails, until it is too old', async () => {
  await cache.get('a', load);
  now = 99;
  expect(await cache.get('a', fail)).toBe(1);
  now = 100;
  await expect(cache.get('a', fail)).rejects.toThrow('database is away');
});

test('fails when nothing was ever known, and tries again the next time', async () => {
  await expect(cache.get('a', fail)).rejects.toThrow('database is away');
  expect(await cache.get('a', load)).toBe(1);
});

test('forgets the oldest entry when there are too many', async () => {
  await cache.get('a', load);
  await cache.get('b', load);
  await cache.get('c', load);
  expect(cache.get('c', load)).toBe(3);
  expect(await cache.get('a', load)).toBe(4);
});
