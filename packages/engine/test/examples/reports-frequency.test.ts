import { expect, test } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { FrequencyResult } from '@arbor/schema/result';
import { ask, later } from '../model/ask.ts';
import { listOf } from '../model/ask-list.ts';
import { at, d1, d1Views, did, event, only, viewsOf } from './sample-data.ts';

const daysPerWeek = {
  type: 'frequency',
  range: { from: '2024-03-04', to: '2024-03-17' },
  selector: only('Play'),
  unit: 'week',
  per: 'day',
} as const;
const noon = { timezone: 'UTC', weekStart: 1, nowMs: at('03-12 12:00') };

const counts = ({ rows }: Pick<FrequencyResult, 'rows'>): number[][] =>
  rows.map((row) => row.counts);

test('7: at least k days of the week', () => {
  expect(counts(ask(d1Views, daysPerWeek))).toEqual([
    [3, 1, 1, 0, 0, 0, 0],
    [2, 0, 0, 0, 0, 0, 0],
  ]);
});

test('7: exactly k days of the week', () => {
  expect(counts(ask(d1Views, { ...daysPerWeek, cumulative: false }))).toEqual([
    [2, 0, 1, 0, 0, 0, 0],
    [2, 0, 0, 0, 0, 0, 0],
  ]);
});

test('7: hours of a day', () => {
  const range = { from: '2024-03-05', to: '2024-03-05' };
  const [row] = counts(ask(d1Views, { ...daysPerWeek, range, unit: 'day', per: 'hour' }));
  expect(row).toEqual([2, ...Array.from({ length: 23 }, () => 0)]);
});

test('7: the columns are as many as a row can have', () => {
  const columns = (unit: 'day' | 'month', from: string, timezone: string): number =>
    ask(
      d1Views,
      { ...daysPerWeek, range: { from, to: from }, unit, per: unit === 'day' ? 'hour' : 'day' },
      { ...noon, timezone },
    ).rows[0].counts.length;
  expect(columns('day', '2024-03-05', 'Europe/Berlin')).toBe(24);
  expect(columns('day', '2024-10-27', 'Europe/Berlin')).toBe(25);
  expect(columns('month', '2024-02-10', 'UTC')).toBe(29);
});

test('7: the average row weighs complete rows by their users', () => {
  // 3/5 of the first week and 2/5 of the second: 9/5 + 4/5.
  expect(ask(d1Views, daysPerWeek).average[0]).toBeCloseTo(2.6, 10);
  const { rows, average } = ask(d1Views, daysPerWeek, noon);
  expect(rows.map(({ bucket }) => bucket.incomplete)).toEqual([false, true]);
  expect(average).toEqual([3, 1, 1, 0, 0, 0, 0]);
});

test('7: an average of no complete row is none', () => {
  const empty = { ...daysPerWeek, selector: only('Nothing') };
  expect(ask(d1Views, empty).average).toEqual(Array.from({ length: 7 }, () => null));
});

test('7: each segment counts its own days, best first', () => {
  const { segments, segmentCount } = ask(d1Views, {
    ...daysPerWeek,
    breakdowns: [{ property: event('song') }],
    segmentsMax: 2,
  });
  expect(segmentCount).toBe(3);
  expect(segments.map((own) => [own.segment.text, ...counts(own)])).toEqual([
    ['A', [2, 1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]],
    ['B', [1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]],
  ]);
});

test('3.1: nobody is no user', () => {
  const views = viewsOf(did('', 'Play', '03-04 10:00'), did('u', 'Play', '03-04 11:00'));
  expect(counts(ask(views, daysPerWeek))[0]).toEqual([1, 0, 0, 0, 0, 0, 0]);
});

test('4.6: behind a number are its users, and all that they did in the row', () => {
  const list = (times: number, cumulative = true) => {
    const point = { type: 'frequency' as const, bucket: 0, times, segment: null };
    const query = { of: listedReportSchema.parse({ ...daysPerWeek, cumulative }), point };
    const { users } = listOf(d1, { ...query, what: 'users' }, later);
    return { users, events: listOf(d1, { ...query, what: 'events' }, later).total };
  };
  expect(list(1)).toEqual({ users: ['u1', 'u2', 'u3'], events: 5 });
  expect(list(1, false)).toEqual({ users: ['u2', 'u3'], events: 2 });
  expect(list(3)).toEqual({ users: ['u1'], events: 3 });
  expect(() => list(8)).toThrow('nobody can be active 8 times: 7 at most');
});

test('refuses days of a day', () => {
  expect(() => ask(d1Views, { ...daysPerWeek, unit: 'day' })).toThrow(
    'a day has one day: count hours of days, or days of weeks or months',
  );
});
