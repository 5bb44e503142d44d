import type { RelativeRange } from '@arbor/schema/saved-reports';
import { savedQuerySchema } from '@arbor/schema/saved-reports';
import { describe, expect, test } from 'vitest';
import { queryNow, rangeNow } from './resolve-range.ts';

const now = Date.UTC(2024, 4, 31, 12);
const days = (last: number, endsDaysAgo = 0): RelativeRange => ({
  last,
  unit: 'day',
  endsDaysAgo,
});

describe('a relative range', () => {
  test('of days ends today, today included', () => {
    expect(rangeNow(days(1), 'UTC', now)).toEqual({ from: '2024-05-31', to: '2024-05-31' });
    expect(rangeNow(days(30), 'UTC', now)).toEqual({ from: '2024-05-02', to: '2024-05-31' });
  });

  test('may end before today', () => {
    expect(rangeNow(days(1, 1), 'UTC', now)).toEqual({ from: '2024-05-30', to: '2024-05-30' });
  });

  test('of months begins the day after the same day, or after the last day of a shorter month', () => {
    const months = { last: 3, unit: 'month', endsDaysAgo: 0 } as const;
    expect(rangeNow(months, 'UTC', now)).toEqual({ from: '2024-03-01', to: '2024-05-31' });
    const year = { ...months, last: 12 };
    expect(rangeNow(year, 'UTC', now)).toEqual({ from: '2023-06-01', to: '2024-05-31' });
  });

  test('is of the day it is in the zone of the project', () => {
    const late = Date.UTC(2024, 4, 31, 23);
    expect(rangeNow(days(1), 'Asia/Tokyo', late).to).toBe('2024-06-01');
    expect(rangeNow(days(1), 'America/New_York', Date.UTC(2024, 4, 31, 2)).to).toBe('2024-05-30');
  });
});

test('a report without one is asked in the range of its query', () => {
  const query = savedQuerySchema.parse({
    type: 'insights',
    range: { from: '2020-01-01', to: '2020-01-02' },
    metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
  });
  expect(queryNow({ query, range: null }, 'UTC', now)).toBe(query);
  expect(queryNow({ query, range: days(2) }, 'UTC', now)).toEqual({
    ...query,
    range: { from: '2024-05-30', to: '2024-05-31' },
  });
});
