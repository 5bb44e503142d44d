import { expect, test } from 'vitest';
import { demoSeed } from './demo-project.ts';
import type { LiveRecord } from './live-visitors.ts';
import { createLiveVisitors } from './live-visitors.ts';

const begin = Date.parse('2026-11-22T19:00:00Z');
const world = { seed: demoSeed, endDay: '2026-11-21' };

/** Takes records while a clock that never waits follows them. */
function take(seed: number, count: number): LiveRecord[] {
  let now = begin;
  const visitors = createLiveVisitors({ seed, world, clock: () => now });
  return Array.from({ length: count }, () => {
    const record = visitors.next().value;
    now = Math.max(now, record.at);
    return record;
  });
}

test('is the same stream for the same seed', () => {
  expect(take(3, 200)).toEqual(take(3, 200));
  expect(take(3, 5)).not.toEqual(take(4, 5));
});

test('sends about two events a second from the first second on, in order of time', () => {
  const records = take(9, 4000);
  const times = records.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(begin);
  const seconds = ((times.at(-1) ?? 0) - begin) / 1000;
  expect(records.length / seconds).toBeGreaterThan(1.5);
  expect(records.length / seconds).toBeLessThan(2.6);
  expect(times.filter((at) => at < begin + 60_000).length).toBeGreaterThan(60);
});

test('mixes customers of the history with new people, and introduces those who sign up', () => {
  const records = take(9, 4000);
  const events = records.flatMap((record) => (record.kind === 'event' ? [record.event] : []));
  const signUps = events.filter(({ event }) => event === 'Signed up');
  const people = records.filter(({ kind }) => kind === 'person');
  expect(signUps.length).toBeGreaterThan(5);
  expect(Math.abs(people.length - signUps.length)).toBeLessThan(10);
  expect(events.some(({ properties }) => properties['$user_id'] === undefined)).toBe(true);
  const ids = new Set(events.map(({ properties }) => properties.$insert_id));
  expect(ids.size).toBe(events.length);
});

test('leaves out the time the machine slept', () => {
  let now = begin;
  const visitors = createLiveVisitors({ seed: 1, world, clock: () => now });
  visitors.next();
  now += 3 * 3_600_000;
  expect(visitors.next().value.at).toBeGreaterThanOrEqual(now);
});
