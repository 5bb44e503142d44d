import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DayKeys } from '../ports.ts';
import { CookielessIds, type Visitor, withoutNames } from './cookieless.ts';

/** Keys as Redis has them: one a day for all who ask, and those of days that are over are gone. */
function sharedKeys(): DayKeys {
  const keys = new Map<number, Buffer>();
  return (day) => {
    const key = keys.get(day) ?? randomBytes(32);
    keys.set(day, key);
    return Promise.resolve(key);
  };
}

/** The id of who did something at `time` that arrived at `now`. */
async function idAt(ids: CookielessIds, time: number, now = time, who = visitor): Promise<string> {
  await ids.prepare(now);
  return ids.idOf(who, time, now);
}

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 2, 4, 12);
const visitor: Visitor = {
  project: 7,
  address: '192.0.2.1',
  userAgent: 'Mozilla/5.0',
  site: 'https://shop.example',
};

test('gives a visitor one id a day, and another one on the next', async () => {
  const ids = new CookielessIds(sharedKeys());
  const id = await idAt(ids, noon);
  expect(id).toMatch(/^\$cookieless:[0-9a-f]{32}$/);
  expect(await idAt(ids, noon + 3_600_000)).toBe(id);
  expect(await idAt(ids, noon + dayMs)).not.toBe(id);
});

test.each([
  ['project', { project: 8 }],
  ['address', { address: '192.0.2.2' }],
  ['agent', { userAgent: 'curl' }],
  ['site', { site: 'https://blog.example' }],
])('tells visitors apart by %s', async (_, other) => {
  const ids = new CookielessIds(sharedKeys());
  const another = await idAt(ids, noon, noon, { ...visitor, ...other });
  expect(another).not.toBe(await idAt(ids, noon));
});

test('gives a record that is sent again after midnight the id of its own day', async () => {
  const ids = new CookielessIds(sharedKeys());
  const before = Date.UTC(2026, 2, 4, 23, 59);
  const after = before + 10 * 60_000;
  const id = await idAt(ids, before);
  expect(await idAt(ids, before, after)).toBe(id);
  expect(await idAt(ids, after)).not.toBe(id);
});

test('throws the key of a day away an hour after it', async () => {
  const ids = new CookielessIds(sharedKeys());
  const before = Date.UTC(2026, 2, 4, 23, 59);
  const id = await idAt(ids, before);
  const later = before + 2 * 3_600_000;
  expect(await idAt(ids, before, later)).not.toBe(id);
  expect(await idAt(ids, before, later)).toBe(await idAt(ids, later));
});

test('asks for a key once, and until when it is needed', async () => {
  const asked: [day: number, forMs: number][] = [];
  const keyOf = sharedKeys();
  const ids = new CookielessIds((day, forMs) => {
    asked.push([day, forMs]);
    return keyOf(day, forMs);
  });
  const day = Math.floor(noon / dayMs);
  await idAt(ids, noon);
  await idAt(ids, noon + 1000);
  expect(asked).toEqual([[day, 13 * 3_600_000]]);
  // Half an hour after midnight a process that begins then needs both.
  await new CookielessIds((...key) => (asked.push(key), keyOf(...key))).prepare(
    noon + dayMs / 2 + 1_800_000,
  );
  expect(asked.slice(1)).toEqual([
    [day, 1_800_000],
    [day + 1, 24.5 * 3_600_000],
  ]);
});

test('asks again now and then, waits for no answer, and takes the key that the others have', async () => {
  let shared = Buffer.from('first');
  let isAway = false;
  const ids = new CookielessIds(() =>
    isAway ? Promise.reject(new Error('redis is away')) : Promise.resolve(shared),
  );
  const first = await idAt(ids, noon);
  // Redis was started anew, and another process began before this one asked again.
  shared = Buffer.from('second');
  expect(await idAt(ids, noon + 9_000)).toBe(first);
  await ids.prepare(noon + 10_000);
  await Promise.resolve();
  const second = await idAt(ids, noon + 10_001);
  expect(second).not.toBe(first);
  isAway = true;
  expect(await idAt(ids, noon + 60_000)).toBe(second);
});

test('processes that share the keys of days agree, others do not', async () => {
  const keys = sharedKeys();
  const id = await idAt(new CookielessIds(keys), noon);
  expect(await idAt(new CookielessIds(keys), noon)).toBe(id);
  expect(await idAt(new CookielessIds(sharedKeys()), noon)).not.toBe(id);
});

test('leaves out whatever names somebody', () => {
  expect(withoutNames({ $user_id: 'ada', $device_id: 'd', distinct_id: 'x', plan: 'pro' })).toEqual(
    {
      plan: 'pro',
    },
  );
});
