import { querySchema, type QueryInput } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { isPlainPlan } from './plain-plan.ts';
import { planQuery } from './plan.ts';

type Funnel = Extract<QueryInput, { type: 'funnel' }>;
type Retention = Extract<QueryInput, { type: 'retention' }>;

const range = { from: '2024-03-04', to: '2024-03-06' };
const [birth, back] = ['A', 'B'].map((event) => ({ anyOf: [{ event }] }));
const price = { scope: 'event' as const, name: 'price' };

function isPlain(asked: QueryInput): boolean {
  const nowMs = Date.UTC(2024, 5, 1);
  const zone = { timezone: 'UTC', weekStart: 1, nowMs, shardCount: 1 };
  return isPlainPlan(planQuery(querySchema.parse(asked), zone));
}

const isPlainFunnel = (options: Partial<Funnel>): boolean =>
  isPlain({ type: 'funnel', range, steps: [birth, back], ...options });

function isPlainRetention(options: Partial<Retention>): boolean {
  return isPlain({ type: 'retention', range, birth, return: back, ...options });
}

test('a rolling hour is no plain retention, for several of them end on one day', () => {
  expect(isPlainRetention({ unit: 'hour', mode: 'rolling' })).toBe(false);
  expect(isPlainRetention({ unit: 'hour', mode: 'calendar' })).toBe(true);
  expect(isPlainRetention({ unit: 'day', mode: 'rolling' })).toBe(true);
});

test('criteria, brackets, segments of either event and sums of what events had are plain in a retention', () => {
  const person = { scope: 'person' as const, name: 'plan' };
  expect(isPlainRetention({ criterion: 'on_or_before', average: 'pooled' })).toBe(true);
  expect(isPlainRetention({ criterion: 'streak', brackets: [1, 2, 4] })).toBe(true);
  expect(isPlainRetention({ measure: { type: 'sum', property: price } })).toBe(true);
  expect(isPlainRetention({ measure: { type: 'sum', property: person } })).toBe(false);
  expect(isPlainRetention({ breakdowns: [{ property: price }] })).toBe(true);
  expect(isPlainRetention({ breakdowns: [{ property: price }], segmentBy: 'return' })).toBe(true);
  expect(isPlainRetention({ breakdowns: [{ property: price }], otherSegment: true })).toBe(true);
});

test('a first time is plain in entries and births that name their event, and nothing else does', () => {
  const first = (...matches: { event: string | null; firstTime?: 'event' | 'matching' }[]) => ({
    anyOf: matches,
  });
  const own = { event: 'Buy', firstTime: 'event' as const };
  const isPlainEntry = (step: ReturnType<typeof first>): boolean =>
    isPlainFunnel({ steps: [step, back] }) && isPlainRetention({ birth: step });
  expect(isPlainEntry(first(own))).toBe(true);
  expect(isPlainEntry(first(own, { event: 'View' }))).toBe(true);
  expect(isPlainEntry(first(own, { event: 'Buy' }))).toBe(false);
  expect(isPlainEntry(first(own, { event: null }))).toBe(false);
  expect(isPlainEntry(first({ event: null, firstTime: 'matching' }))).toBe(false);
  expect(isPlainRetention({ return: first(own) })).toBe(false);
});

test('a property is held constant by fast scans where a first entry decides alone', () => {
  const person = { scope: 'person' as const, name: 'plan' };
  expect(isPlainFunnel({ hold: [price] })).toBe(true);
  expect(isPlainFunnel({ hold: [price], breakdowns: [{ property: person }] })).toBe(true);
  expect(isPlainFunnel({ hold: [price], breakdowns: [{ property: price }] })).toBe(false);
  expect(isPlainFunnel({ hold: [price], entry: 'any' })).toBe(false);
  expect(isPlainFunnel({ hold: [price], counting: 'totals' })).toBe(false);
  expect(isPlainFunnel({ hold: [person] })).toBe(false);
});

test('numbers of steps are summed up by fast scans where one attempt follows another', () => {
  expect(isPlainFunnel({ sum: price })).toBe(true);
  expect(isPlainFunnel({ sum: price, counting: 'totals', entry: 'any' })).toBe(true);
  expect(isPlainFunnel({ sum: price, entry: 'any' })).toBe(false);
});

test('a funnel for each bucket is one of fast scans where a first entry decides alone', () => {
  const trends = { unit: 'day' as const, trends: true };
  expect(isPlainFunnel(trends)).toBe(true);
  expect(isPlainFunnel({ ...trends, breakdowns: [{ property: price }] })).toBe(false);
  expect(isPlainFunnel({ ...trends, entry: 'any' })).toBe(false);
  expect(isPlainFunnel({ ...trends, counting: 'totals' })).toBe(false);
  expect(isPlainFunnel({ ...trends, otherSegment: true })).toBe(false);
});

test('several breakdowns of a funnel are plain as long as each is by values as they were sent', () => {
  const person = { property: { scope: 'person' as const, name: 'plan' } };
  expect(isPlainFunnel({ breakdowns: [person, { property: price }] })).toBe(true);
  const cast = { property: { ...price, cast: 'string' as const } };
  expect(isPlainFunnel({ breakdowns: [person, cast] })).toBe(false);
  const inBuckets = { property: price, buckets: { type: 'varied' as const, edges: [1, 2] } };
  expect(isPlainFunnel({ breakdowns: [person, inBuckets] })).toBe(false);
  expect(isPlainFunnel({ breakdowns: [person, { property: price }], hold: [price] })).toBe(false);
});
