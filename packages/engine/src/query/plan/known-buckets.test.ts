import { expect, test } from 'vitest';
import { calendar, calendarBuckets, cutBucket } from './calendar.ts';
import { bucketsOfRange } from './known-buckets.ts';

const dayMs = 86_400_000;
const range = { startMs: Date.UTC(2026, 2, 27), endMs: Date.UTC(2026, 2, 31) };
const berlin = calendar({ timezone: 'Europe/Berlin', weekStart: 1 });
const utc = calendar({ timezone: 'UTC', weekStart: 1 });

function anew(own = berlin, unit: 'day' | 'week' = 'day', nowMs = 0) {
  return calendarBuckets(range, unit, own).map((bucket) => cutBucket(bucket, range, own, nowMs));
}

test('gives the buckets of the calendar, the first time and again', () => {
  for (const _ of ['first', 'again']) {
    expect(bucketsOfRange(range, 'day', berlin, 0)).toEqual(anew());
  }
});

test('tells ranges, units and calendars apart', () => {
  const sunday = calendar({ timezone: 'UTC', weekStart: 7 });
  expect(bucketsOfRange(range, 'day', berlin, 0)).toEqual(anew());
  expect(bucketsOfRange(range, 'day', utc, 0)).toEqual(anew(utc));
  expect(bucketsOfRange(range, 'week', utc, 0)).toEqual(anew(utc, 'week'));
  expect(bucketsOfRange(range, 'week', sunday, 0)).toEqual(anew(sunday, 'week'));
  expect(bucketsOfRange({ ...range, endMs: range.startMs + dayMs }, 'day', utc, 0)).toHaveLength(1);
});

test('says of each bucket whether it has ended by the clock of the query', () => {
  const isIncomplete = (nowMs: number): boolean[] =>
    bucketsOfRange(range, 'day', utc, nowMs).map(({ incomplete }) => incomplete);
  expect(isIncomplete(0)).toEqual([true, true, true, true]);
  expect(isIncomplete(range.startMs + 2 * dayMs)).toEqual([false, false, true, true]);
  expect(isIncomplete(range.endMs)).toEqual([false, false, false, false]);
  expect(isIncomplete(0)).toEqual([true, true, true, true]);
});

test('what a caller does to its buckets is not kept', () => {
  const [first] = bucketsOfRange(range, 'day', utc, 0);
  Object.assign(first, { start: 'changed' });
  expect(bucketsOfRange(range, 'day', utc, 0)).toEqual(anew(utc));
});

test('forgets the ranges that were asked for longest ago, which come out the same all the same', () => {
  const many = Array.from({ length: 200 }, (_, n) => ({
    startMs: range.startMs + n * dayMs,
    endMs: range.endMs + n * dayMs,
  }));
  const starts = (): (string | undefined)[] =>
    many.map((each) => bucketsOfRange(each, 'day', utc, 0)[0]?.start);
  const once = starts();
  expect(starts()).toEqual(once);
  expect(new Set(once).size).toBe(200);
});
