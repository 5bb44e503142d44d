import { expect, test } from 'vitest';
import { CookielessIds, type Visitor, withoutNames } from './cookieless.ts';

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 2, 4, 12);
const visitor: Visitor = {
  project: 7,
  address: '192.0.2.1',
  userAgent: 'Mozilla/5.0',
  site: 'https://shop.example',
};

test('gives a visitor one id a day, and another one on the next', () => {
  const ids = new CookielessIds();
  const id = ids.idOf(visitor, noon, noon);
  expect(id).toMatch(/^\$cookieless:[0-9a-f]{32}$/);
  expect(ids.idOf(visitor, noon + 3_600_000, noon + 3_600_000)).toBe(id);
  expect(ids.idOf(visitor, noon + dayMs, noon + dayMs)).not.toBe(id);
});

test.each([
  ['project', { project: 8 }],
  ['address', { address: '192.0.2.2' }],
  ['agent', { userAgent: 'curl' }],
  ['site', { site: 'https://blog.example' }],
])('tells visitors apart by %s', (_, other) => {
  const ids = new CookielessIds();
  expect(ids.idOf({ ...visitor, ...other }, noon, noon)).not.toBe(ids.idOf(visitor, noon, noon));
});

test('gives a record that is sent again after midnight the id of its own day', () => {
  const ids = new CookielessIds();
  const before = Date.UTC(2026, 2, 4, 23, 59);
  const after = before + 10 * 60_000;
  const id = ids.idOf(visitor, before, before);
  expect(ids.idOf(visitor, before, after)).toBe(id);
  expect(ids.idOf(visitor, after, after)).not.toBe(id);
});

test('throws the key of a day away an hour after it', () => {
  const ids = new CookielessIds();
  const before = Date.UTC(2026, 2, 4, 23, 59);
  const id = ids.idOf(visitor, before, before);
  const later = before + 2 * 3_600_000;
  expect(ids.idOf(visitor, before, later)).not.toBe(id);
  expect(ids.idOf(visitor, before, later)).toBe(ids.idOf(visitor, later, later));
});

test('no two processes agree', () => {
  expect(new CookielessIds().idOf(visitor, noon, noon)).not.toBe(
    new CookielessIds().idOf(visitor, noon, noon),
  );
});

test('leaves out whatever names somebody', () => {
  expect(withoutNames({ $user_id: 'ada', $device_id: 'd', distinct_id: 'x', plan: 'pro' })).toEqual(
    {
      plan: 'pro',
    },
  );
});
