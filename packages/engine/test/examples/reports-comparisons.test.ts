import { expect, test } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { ListPoint, QueryInput } from '@arbor/schema/query';
import { ask, later } from '../model/ask.ts';
import { listOf } from '../model/ask-list.ts';
import { buildViews } from '../model/build-views.ts';
import { d1, d1Views, did, event, only } from './sample-data.ts';
import type { World } from '../model/world.ts';

type ReportInput = Exclude<QueryInput, { type: 'list' }>;

const steps = [only('Signup'), only('Play')];
const counts = (all: readonly { readonly count: number }[]) => all.map(({ count }) => count);

function users(things: World, report: ReportInput, point: object): string[] {
  const of = listedReportSchema.parse(report);
  const at = { outcome: 'reached', segment: null, bucket: null, ...point } as ListPoint;
  return listOf(things, { of, point: at, what: 'users' }, later).users;
}

test('3.9: the steps of a funnel stand beside those of the week before, and so do the users behind them', () => {
  const report = {
    type: 'funnel' as const,
    range: { from: '2024-03-11', to: '2024-03-12' },
    steps: [only('Play'), only('Play')],
    compare: { type: 'previous' as const, unit: 'week' as const },
  };
  const { steps: now, comparison } = ask(d1Views, report);
  expect(counts(now)).toEqual([2, 0]);
  expect(counts(comparison?.steps ?? [])).toEqual([2, 2]);
  expect(comparison?.range.start).toBe('2024-03-04T00:00:00+00:00');
  expect(users(d1, report, { type: 'funnel', step: 1, compared: true })).toEqual(['u1', 'u2']);
  expect(users(d1, report, { type: 'funnel', step: 1 })).toEqual([]);
});

test('3.9: segments that only the other time has follow where none were left out', () => {
  const report = {
    type: 'funnel' as const,
    range: { from: '2024-03-11', to: '2024-03-13' },
    steps: [only('Play')],
    breakdowns: [{ property: event('song') }],
    compare: { type: 'previous' as const, unit: 'week' as const },
  };
  const { segments, comparison } = ask(d1Views, report);
  const lines = (all: typeof segments) =>
    all.map(({ segment, steps: [{ count }] }) => [segment.text, count]);
  expect(lines(segments)).toEqual([
    ['A', 1],
    ['B', 1],
    ['C', 0],
  ]);
  expect(lines(comparison?.segments ?? []).map(([name]) => name)).toEqual(['A', 'B', 'C']);
});

test('3.9: points of a trend of the year before that fall on a weekend are those of the next Monday', () => {
  // 8 and 9 March 2025 are a Saturday and a Sunday; 2024-03-08 is a Friday, 03-09 a Saturday.
  const world: World = {
    events: [
      did('friday', 'A', '03-08 10:00'),
      did('saturday', 'A', '03-09 10:00'),
      did('monday', 'A', '03-11 10:00'),
      did('monday 2', 'A', '03-11 11:00'),
    ],
    people: {},
  };
  const report = {
    type: 'funnel' as const,
    range: { from: '2025-03-08', to: '2025-03-09' },
    steps: [only('A')],
    unit: 'day' as const,
    trends: true,
    compare: { type: 'previous' as const, unit: 'year' as const },
  };
  const { comparison } = ask(buildViews(world, 2), report);
  expect(comparison?.byEntry?.counts).toEqual([[1], [2]]);
  expect(comparison?.byEntry?.buckets.map(({ start }) => start.slice(0, 10))).toEqual([
    '2024-03-08',
    '2024-03-11',
  ]);
  // One funnel over the range is split by the days of that range.
  expect(counts(comparison?.steps ?? [])).toEqual([2]);
  const point = { type: 'funnel', step: 0, compared: true, bucket: 1 };
  expect(users(world, report, point)).toEqual(['monday', 'monday 2']);
});

test('3.9: cohorts of a retention stand beside those of the week before', () => {
  const report = {
    type: 'retention' as const,
    range: { from: '2024-03-11', to: '2024-03-12' },
    birth: steps[0],
    return: steps[1],
    criterion: 'on' as const,
    intervals: 2,
    compare: { type: 'previous' as const, unit: 'week' as const },
  };
  const { cohorts, comparison } = ask(d1Views, report);
  expect(cohorts.map(({ size }) => size)).toEqual([0, 0]);
  expect(comparison?.cohorts.map(({ size, counts: own }) => [size, own])).toEqual([
    [2, [2, 0]],
    [1, [1, 0]],
  ]);
  const point = { type: 'retention', cohort: 0, interval: 0, outcome: 'retained', compared: true };
  expect(users(d1, report, point)).toEqual(['u1', 'u2']);
});

test('3.9: weekly cohorts stand beside seven days of any weekday', () => {
  const report = {
    type: 'retention' as const,
    range: { from: '2024-04-08', to: '2024-04-21' },
    birth: steps[0],
    return: steps[1],
    unit: 'week' as const,
    mode: 'calendar' as const,
    criterion: 'on' as const,
    intervals: 2,
    compare: { type: 'from' as const, date: '2024-03-02' },
  };
  const { comparison } = ask(d1Views, report);
  expect(
    comparison?.cohorts.map(({ bucket, size, counts: own }) => [
      bucket.start.slice(0, 10),
      size,
      own,
    ]),
  ).toEqual([
    ['2024-03-02', 3, [3, 1]],
    ['2024-03-09', 0, [0, 0]],
  ]);
});

test('a comparison is asked for before its numbers are listed', () => {
  const report = {
    type: 'funnel' as const,
    range: { from: '2024-03-11', to: '2024-03-12' },
    steps,
  };
  expect(() => users(d1, report, { type: 'funnel', step: 1, compared: true })).toThrow(
    'the report is compared with nothing: name a number of its own',
  );
});
