import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { buildViews } from '../../../test/model/build-views.ts';
import { planQuery } from '../plan/plan.ts';
import { planVersion } from '../plan/plan-version.ts';
import type { Plan } from '../plan/plan.ts';
import { executePlan } from './execute.ts';

const view = buildViews({ events: [], people: {} }, 1)[0];
const selector = { anyOf: [{ event: 'A' }] };
const plan = planQuery(
  querySchema.parse({
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-04' },
    metrics: [{ selector, measure: { type: 'sum', property: { scope: 'event', name: 'n' } } }],
  }),
  { timezone: 'UTC', weekStart: 1, nowMs: 0 },
);

test('answers from a shard without rows', () => {
  expect(executePlan(plan, view)).toEqual({
    type: 'insights',
    metrics: [
      { overall: { type: 'sums', at: [], sums: [], corrections: [], counts: [] }, segments: [] },
    ],
  });
});

test('refuses the plan of a newer version', () => {
  const newer = { ...plan, version: planVersion + 1 } as unknown as Plan;
  expect(() => executePlan(newer, view)).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED_VERSION',
      message: `plan version ${planVersion + 1} is unknown: upgrade this process`,
    }),
  );
});

test('refuses a sum that a number cannot hold instead of losing it on the way', () => {
  const time = Date.parse('2024-03-04T12:00Z');
  const big = { user: 'u', event: 'A', time, properties: { n: Number.MAX_VALUE } };
  const [full] = buildViews({ events: [big, big], people: {} }, 1);
  expect(() => executePlan(plan, full)).toThrow(
    'the sum of "n" is larger than a number can hold: filter it',
  );
});
