import { describe, expect, test } from 'vitest';
import { insightsQuerySchema } from '@arbor/schema/query';
import type { Comparison, InsightsQueryInput } from '@arbor/schema/query';
import { comparedTime } from './comparison.ts';

type Time = Pick<InsightsQueryInput, 'range' | 'unit'>;

function edges(time: Time, compare: Comparison, timezone = 'UTC'): readonly string[] | undefined {
  return compared(time, compare, timezone).time.edges;
}

function compared(time: Time, compare: Comparison, timezone = 'UTC') {
  const query = insightsQuerySchema.parse({
    type: 'insights',
    ...time,
    metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
  });
  const scope = { calendar: { timezone, weekStart: 1 }, nowMs: 0 };
  return comparedTime(query, compare, scope);
}

test('days go with days: a month before, they may reach into the next month', () => {
  const range = { from: '2024-03-30', to: '2024-03-31' };
  expect(edges({ range, unit: 'day' }, { type: 'previous', unit: 'month' })).toEqual([
    '2024-02-29T00:00:00Z',
    '2024-03-01T00:00:00Z',
    '2024-03-02T00:00:00Z',
  ]);
});

test('months go with months, whatever their lengths', () => {
  const range = { from: '2024-03-01', to: '2024-04-30' };
  const expected = ['2024-01-01T00:00:00Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'];
  expect(edges({ range, unit: 'month' }, { type: 'previous_period' })).toEqual(expected);
  expect(edges({ range, unit: 'month' }, { type: 'from', date: '2024-01-01' })).toEqual(expected);
});

test('days are as long as those of the calendar, also where the clock changes', () => {
  const range = { from: '2024-03-11', to: '2024-03-12' };
  expect(edges({ range, unit: 'day' }, { type: 'previous_period' }, 'America/New_York')).toEqual([
    '2024-03-09T05:00:00Z',
    '2024-03-10T05:00:00Z',
    '2024-03-11T04:00:00Z',
  ]);
});

test('hours are so many hours before', () => {
  const range = { from: '2024-03-11T00:00:00Z', to: '2024-03-11T01:59:59.999Z' };
  expect(edges({ range, unit: 'hour' }, { type: 'previous', unit: 'day' })).toEqual([
    '2024-03-10T00:00:00Z',
    '2024-03-10T01:00:00Z',
    '2024-03-10T02:00:00Z',
  ]);
  expect(edges({ range, unit: 'hour' }, { type: 'to', date: '2024-03-09' })).toEqual([
    '2024-03-09T22:00:00Z',
    '2024-03-09T23:00:00Z',
    '2024-03-10T00:00:00Z',
  ]);
});

test('a range with both its ends is cut by the calendar', () => {
  const range = { from: '2024-03-11', to: '2024-03-12' };
  const then = { type: 'range' as const, from: '2023-01-01', to: '2023-01-03' };
  expect(edges({ range, unit: 'day' }, then)).toBeUndefined();
});

describe('3.9: a point of the year before that falls on a weekend moves to the next Monday', () => {
  const compare = { type: 'previous' as const, unit: 'year' as const };

  test('days by themselves, in a range that is shifted as it is', () => {
    // A Thursday to a Tuesday; the year before they are a Tuesday to a Sunday.
    const range = { from: '2024-02-29', to: '2024-03-05' };
    const { time, moved } = compared({ range, unit: 'day' }, compare);
    expect(time.range).toEqual({ from: '2023-02-28T00:00:00Z', to: '2023-03-05T23:59:59.999Z' });
    // Saturday and Sunday stand beside the Monday after the range.
    expect(moved?.places).toEqual([0, 1, 2, 3, 6, 6]);
    expect(moved?.beyond).toEqual([Date.UTC(2023, 2, 7)]);
  });

  test('hours at the same time of the clock, also where it changes', () => {
    const range = { from: '2024-03-10T04:00:00', to: '2024-03-10T05:59:59.999' };
    // 2023-03-12 is a Sunday, and the night in which New York moves its clocks ends at 3.
    const shifted = { from: '2024-03-12T04:00:00', to: '2024-03-12T05:59:59.999' };
    const at = (of: typeof range) =>
      compared({ range: of, unit: 'hour' }, compare, 'America/New_York');
    expect(at(range).moved).toBeNull();
    const { moved } = at(shifted);
    const hour = (n: number) => Date.UTC(2023, 2, 12, n);
    expect(moved?.beyond[0]).toBe(hour(11));
    expect(moved?.places.map((place) => moved.beyond[place - 2])).toEqual([hour(33), hour(34)]);
  });

  test('weeks together, by their first days', () => {
    const range = { from: '2024-03-06', to: '2024-03-19' };
    const { time, moved } = compared({ range, unit: 'week' }, compare);
    expect(moved).toBeNull();
    expect(time.edges?.map((edge) => edge.slice(0, 10))).toEqual([
      '2023-03-08',
      '2023-03-13',
      '2023-03-20',
      '2023-03-22',
    ]);
  });

  test('none where no point falls on one, nor by month, in total, or in buckets of its own', () => {
    const range = { from: '2024-03-06', to: '2024-03-09' };
    expect(compared({ range, unit: 'day' }, compare).moved).toBeNull();
    const year = { from: '2024-01-01', to: '2024-12-31' };
    expect(compared({ range: year, unit: 'month' }, compare).time.edges?.[0]).toBe(
      '2023-01-01T00:00:00Z',
    );
    expect(compared({ range: year, unit: 'total' }, compare).moved).toBeNull();
  });
});
