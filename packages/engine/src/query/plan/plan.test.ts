import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { planQuery } from './plan.ts';

const context = { timezone: 'Europe/Berlin', weekStart: 1, nowMs: Date.parse('2024-05-01T00:00Z') };
const range = { from: '2024-03-30', to: '2024-03-31' };
const selector = { anyOf: [{ event: 'A' }] };

const queries: QueryInput[] = [
  { type: 'insights', range, metrics: [{ selector, measure: { type: 'mau' } }] },
  { type: 'funnel', range, steps: [selector, selector], unit: 'week' },
  { type: 'retention', range, birth: selector, return: selector, mode: 'calendar' },
];

test.each(queries)('a plan of $type survives JSON', (query) => {
  const plan = planQuery(querySchema.parse(query), context);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('a calendar retention knows the edges of every interval of its last cohort', () => {
  const plan = planQuery(querySchema.parse({ ...queries[2], intervals: 3 }), context);
  if (plan.type !== 'retention' || plan.clock.type !== 'calendar') throw new Error('wrong plan');
  expect(plan.buckets).toHaveLength(2);
  expect(plan.clock.edges.map((edge) => new Date(edge).toISOString())).toEqual([
    '2024-03-29T23:00:00.000Z',
    '2024-03-30T23:00:00.000Z',
    '2024-03-31T22:00:00.000Z',
    '2024-04-01T22:00:00.000Z',
    '2024-04-02T22:00:00.000Z',
  ]);
});

test('refuses a conversion window of more than 367 days', () => {
  const query = querySchema.parse({ ...queries[1], window: { value: 13, unit: 'month' } });
  expect(() => planQuery(query, context)).toThrow(
    expect.objectContaining({
      code: 'INVALID_QUERY',
      message: 'a conversion window of 13 months is too long: 367 days at most',
    }),
  );
});

test('a report by the whole range has one bucket, which begins at its own first instant', () => {
  const query = { ...queries[0], range: { from: '2024-03-30T13:15', to: '2024-03-31' } };
  const plan = planQuery(querySchema.parse({ ...query, unit: 'total' }), context);
  if (plan.type !== 'insights') throw new Error('wrong plan');
  const startMs = Date.parse('2024-03-30T12:15Z');
  const endMs = Date.parse('2024-03-31T22:00Z');
  const start = '2024-03-30T13:15:00+01:00';
  expect(plan.buckets).toEqual([{ start, startMs, endMs, incomplete: false }]);
});

test('refuses to rank segments by a metric that is not there', () => {
  const query = querySchema.parse({ ...queries[0], rankBy: 1 });
  expect(() => planQuery(query, context)).toThrow(
    expect.objectContaining({
      code: 'INVALID_QUERY',
      message: 'metric 1 cannot rank: the query has metrics 0 to 0',
    }),
  );
});
