import { querySchema, type QueryInput } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { isPlainPlan } from './plain-plan.ts';
import { planQuery } from './plan.ts';

type Retention = Extract<QueryInput, { type: 'retention' }>;

function isPlainRetention(options: Partial<Retention>): boolean {
  const query = querySchema.parse({
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-06' },
    birth: { anyOf: [{ event: 'A' }] },
    return: { anyOf: [{ event: 'B' }] },
    ...options,
  });
  const nowMs = Date.UTC(2024, 5, 1);
  return isPlainPlan(planQuery(query, { timezone: 'UTC', weekStart: 1, nowMs, shardCount: 1 }));
}

test('a rolling hour is no plain retention, for several of them end on one day', () => {
  expect(isPlainRetention({ unit: 'hour', mode: 'rolling' })).toBe(false);
  expect(isPlainRetention({ unit: 'hour', mode: 'calendar' })).toBe(true);
  expect(isPlainRetention({ unit: 'day', mode: 'rolling' })).toBe(true);
});

test('criteria and brackets of a retention are plain, sums and segments of returns are not', () => {
  const price = { scope: 'event' as const, name: 'price' };
  expect(isPlainRetention({ criterion: 'on_or_before', average: 'pooled' })).toBe(true);
  expect(isPlainRetention({ criterion: 'streak', brackets: [1, 2, 4] })).toBe(true);
  expect(isPlainRetention({ measure: { type: 'sum', property: price } })).toBe(false);
  expect(isPlainRetention({ breakdowns: [{ property: price }] })).toBe(true);
  expect(isPlainRetention({ breakdowns: [{ property: price }], segmentBy: 'return' })).toBe(false);
});
