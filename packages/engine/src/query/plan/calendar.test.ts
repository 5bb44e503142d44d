import { expect, test } from 'vitest';
import type { TimeUnit } from '@arbor/schema/query';
import { calendar, calendarBuckets, cutBucket, trailingDays } from './calendar.ts';

const hourMs = 3_600_000;

function buckets(from: string, to: string, unit: TimeUnit, timezone: string, weekStart = 1) {
  const zone = calendar({ timezone, weekStart });
  const range = { startMs: Date.parse(from), endMs: Date.parse(to) };
  return calendarBuckets(range, unit, zone).map((bucket) => ({
    ...cutBucket(bucket, range, zone, 0),
    hours: (bucket.endMs - bucket.startMs) / hourMs,
  }));
}

const starts = (list: { start: string }[]) => list.map(({ start }) => start);
const hours = (list: { hours: number }[]) => list.map((bucket) => bucket.hours);

test('days have 23 and 25 hours when the clock changes', () => {
  const spring = buckets('2024-03-30T12:00Z', '2024-04-01T12:00Z', 'day', 'Europe/Berlin');
  expect(hours(spring)).toEqual([24, 23, 24]);
  expect(starts(spring)).toEqual([
    '2024-03-30T00:00:00+01:00',
    '2024-03-31T00:00:00+01:00',
    '2024-04-01T00:00:00+02:00',
  ]);
  const autumn = buckets('2024-10-27T12:00Z', '2024-10-27T13:00Z', 'day', 'Europe/Berlin');
  expect(hours(autumn)).toEqual([25]);
});

test('the repeated hour is two buckets that differ in their offset', () => {
  const night = buckets('2024-11-03T05:00Z', '2024-11-03T08:00Z', 'hour', 'America/New_York');
  expect(starts(night)).toEqual([
    '2024-11-03T01:00:00-04:00',
    '2024-11-03T01:00:00-05:00',
    '2024-11-03T02:00:00-05:00',
  ]);
});

test('a zone that moves by half an hour keeps its labels on the full hour', () => {
  const spring = buckets('2024-10-05T14:30Z', '2024-10-05T17:00Z', 'hour', 'Australia/Lord_Howe');
  expect(starts(spring)).toEqual([
    '2024-10-06T01:00:00+10:30',
    '2024-10-06T02:30:00+11:00',
    '2024-10-06T03:00:00+11:00',
  ]);
  expect(hours(spring)).toEqual([1, 0.5, 1]);
  const autumn = buckets('2024-04-06T14:00Z', '2024-04-06T16:00Z', 'hour', 'Australia/Lord_Howe');
  expect(starts(autumn)).toEqual([
    '2024-04-07T01:00:00+11:00',
    '2024-04-07T01:30:00+10:30',
    '2024-04-07T02:00:00+10:30',
  ]);
  expect(hours(autumn)).toEqual([1, 0.5, 1]);
});

test('an hour ends where the offset changes, also in the middle of it', () => {
  // At 23:30 the clocks of North Korea went to midnight.
  const night = buckets('2018-05-04T14:30Z', '2018-05-04T16:00Z', 'hour', 'Asia/Pyongyang');
  expect(starts(night)).toEqual(['2018-05-04T23:00:00+08:30', '2018-05-05T00:00:00+09:00']);
  expect(hours(night)).toEqual([0.5, 1]);
});

test('an hour that begins at a transition begins there, also as the first of a range', () => {
  const [first] = buckets('2024-04-06T15:10Z', '2024-04-06T15:20Z', 'hour', 'Australia/Lord_Howe');
  expect(first.start).toBe('2024-04-07T01:30:00+10:30');
  const [exact] = buckets('2024-04-06T15:00Z', '2024-04-06T15:20Z', 'hour', 'Australia/Lord_Howe');
  expect(exact.start).toBe('2024-04-07T01:30:00+10:30');
});

test.each([
  [1, '2024-03-04T00:00:00+00:00'],
  [3, '2024-02-28T00:00:00+00:00'],
  [7, '2024-03-03T00:00:00+00:00'],
])('a week that starts on day %i is labelled by it, and its first bucket is cut', (day, label) => {
  const [first] = buckets('2024-03-05T10:00Z', '2024-03-05T11:00Z', 'week', 'UTC', day);
  expect(first).toMatchObject({
    start: label,
    startMs: Date.parse('2024-03-05T10:00Z'),
    endMs: Date.parse('2024-03-05T11:00Z'),
    hours: 168,
  });
});

test('months end with their last day', () => {
  const months = buckets('2024-01-31T12:00Z', '2024-03-01T12:00Z', 'month', 'UTC');
  expect(hours(months)).toEqual([31 * 24, 29 * 24, 31 * 24]);
});

test('a date that a zone skipped has no bucket', () => {
  const days = buckets('2011-12-29T12:00Z', '2011-12-31T12:00Z', 'day', 'Pacific/Apia');
  expect(starts(days)).toEqual([
    '2011-12-29T00:00:00-10:00',
    '2011-12-31T00:00:00+14:00',
    '2012-01-01T00:00:00+14:00',
  ]);
});

test('marks a bucket incomplete until its end', () => {
  const zone = calendar({ timezone: 'UTC', weekStart: 1 });
  const range = { startMs: 0, endMs: 24 * hourMs };
  const [day] = calendarBuckets(range, 'day', zone);
  expect(cutBucket(day, range, zone, 24 * hourMs - 1).incomplete).toBe(true);
  expect(cutBucket(day, range, zone, 24 * hourMs).incomplete).toBe(false);
});

test('trailing days are whole local days', () => {
  const zone = calendar({ timezone: 'America/New_York', weekStart: 1 });
  const span = trailingDays(Date.parse('2024-03-12T16:22Z'), 7, zone);
  expect(new Date(span.startMs).toISOString()).toBe('2024-03-06T05:00:00.000Z');
  expect(new Date(span.endMs).toISOString()).toBe('2024-03-13T04:00:00.000Z');
});

test('quarters start as the project says, and each is three months long', () => {
  const quarters = (quarterStart?: number) => {
    const zone = calendar({ timezone: 'UTC', weekStart: 1, ...(quarterStart && { quarterStart }) });
    const range = { startMs: Date.UTC(2024, 0, 31), endMs: Date.UTC(2024, 6, 1) };
    return calendarBuckets(range, 'quarter', zone).map(({ startMs }) =>
      new Date(startMs).toISOString().slice(0, 10),
    );
  };
  expect(quarters()).toEqual(['2024-01-01', '2024-04-01']);
  expect(quarters(10)).toEqual(['2024-01-01', '2024-04-01']);
  expect(quarters(2)).toEqual(['2023-11-01', '2024-02-01', '2024-05-01']);
  expect(quarters(3)).toEqual(['2023-12-01', '2024-03-01', '2024-06-01']);
});

test.each([
  [
    () => calendar({ timezone: 'UTC', weekStart: 1, quarterStart: 13 }),
    'quarter start 13 is not a month: use 1 to 12',
  ],
  [
    () => calendar({ timezone: 'Mars/Olympus', weekStart: 1 }),
    'time zone "Mars/Olympus" is unknown: use a name such as Europe/Berlin',
  ],
  [
    () => calendar({ timezone: 'UTC', weekStart: 0 }),
    'week start 0 is not a day: use 1 (Monday) to 7 (Sunday)',
  ],
  [
    () => buckets('2000-01-01T00:00Z', '2024-01-01T00:00Z', 'hour', 'UTC'),
    'the range has more than 50000 buckets by the hour: shorten it or use a longer unit',
  ],
])('refuses with a text for the user', (call, message) => {
  expect(call).toThrow(expect.objectContaining({ code: 'INVALID_QUERY', message }));
});
