import { expect, test } from 'vitest';
import { insightsQuerySchema } from '@arbor/schema/query';
import type { Comparison, InsightsQueryInput } from '@arbor/schema/query';
import { comparedTime } from './comparison.ts';

type Time = Pick<InsightsQueryInput, 'range' | 'unit'>;

function edges(time: Time, compare: Comparison, timezone = 'UTC'): readonly string[] | undefined {
  const query = insightsQuerySchema.parse({
    type: 'insights',
    ...time,
    metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
  });
  const scope = { calendar: { timezone, weekStart: 1 }, nowMs: 0 };
  return comparedTime(query, compare, scope).time.edges;
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
