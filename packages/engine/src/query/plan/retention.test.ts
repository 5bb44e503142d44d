import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { planQuery } from './plan.ts';
import type { RetentionPlan } from './plan-types.ts';
import { observedEnd } from './retention.ts';

type RetentionInput = Extract<QueryInput, { type: 'retention' }>;

const dayMs = 86_400_000;
const nowMs = Date.parse('2024-05-01T00:00Z');
const endMs = Date.parse('2024-03-06T00:00Z');
const song = { property: { scope: 'event' as const, name: 'song' } };
const tier = { property: { scope: 'person' as const, name: 'tier' } };

function planned(options: Partial<RetentionInput>, now = nowMs): RetentionPlan {
  const selector = { anyOf: [{ event: 'A' }] };
  const query = querySchema.parse({
    type: 'retention',
    range: { from: '2024-03-04', to: '2024-03-05' },
    birth: selector,
    return: selector,
    ...options,
  });
  const plan = planQuery(query, { timezone: 'UTC', weekStart: 1, nowMs: now });
  if (plan.type !== 'retention') throw new Error('not a retention');
  return plan;
}

test('what asks for nothing has no options, so that fast scans can answer it', () => {
  expect(planned({}).options).toBeNull();
  expect(planned({ segmentBy: 'return' }).options).toBeNull();
  expect(planned({ breakdowns: [tier], segmentBy: 'both' }).options).toBeNull();
  expect(planned({ otherSegment: true }).options).toBeNull();
  const units = planned({ brackets: [1, 1, 1] });
  expect([units.options, units.intervals]).toEqual([null, 3]);
});

test('which event decides is kept where a breakdown is of events', () => {
  expect(planned({ breakdowns: [song], segmentBy: 'both' }).options?.segmentBy).toBe('both');
  const mixed = planned({ breakdowns: [tier, song], segmentBy: 'return' });
  expect(mixed.options?.segmentBy).toBe('return');
});

test('brackets are as many intervals, and their units are observed', () => {
  const plan = planned({ brackets: [1, 6, 23], mode: 'calendar' });
  expect(plan.intervals).toBe(3);
  // Two cohorts: the last interval of the second one is observed to its end.
  expect(plan.clock.type === 'calendar' && plan.clock.edges).toHaveLength(32);
  expect(observedEnd(plan)).toBe(endMs + 29 * dayMs);
});

test('rolling intervals are observed from the last birth on, and up to now', () => {
  expect(observedEnd(planned({ intervals: 3 }))).toBe(endMs + 3 * dayMs);
  expect(observedEnd(planned({ intervals: 3 }, endMs))).toBe(endMs + 1);
});

test('refuses brackets that are longer than ten years of days', () => {
  const brackets = Array.from({ length: 11 }, () => 367);
  expect(() => planned({ brackets })).toThrow(
    'brackets of 4037 units in all are too long: 3670 at most',
  );
});
