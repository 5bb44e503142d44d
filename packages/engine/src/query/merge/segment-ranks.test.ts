import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { Measure } from '@arbor/schema/query';
import type { InsightsPlan } from '../plan/plan-types.ts';
import { planQuery } from '../plan/plan.ts';
import { chooseSegments } from './segment-ranks.ts';
import type { Ranks } from './segment-ranks.ts';

const price = { scope: 'event' as const, name: 'price' };

function planOf(measures: readonly Measure[], segmentsMax: number, rankBy?: number): InsightsPlan {
  const query = querySchema.parse({
    type: 'insights',
    range: { from: '2024-03-01', to: '2024-03-01' },
    metrics: measures.map((measure) => ({ selector: { anyOf: [{ event: 'A' }] }, measure })),
    breakdowns: [{ property: { scope: 'event', name: 'item' } }],
    segmentsMax,
    ...(rankBy === undefined ? {} : { rankBy }),
  });
  const plan = planQuery(query, { timezone: 'UTC', weekStart: 1, nowMs: 0, shardCount: 1 });
  if (plan.type !== 'insights') throw new Error('wrong plan');
  return plan;
}

const keys = (...texts: string[]): string[] => texts.map((text) => `string:${text}`);
const counts = (...numbers: number[]): Ranks => {
  return { type: 'counts', counts: Float64Array.from(numbers) };
};
const one = (texts: readonly string[], ranks: Ranks | null, metric = 0) => [
  [{ keys: keys(...texts), metrics: [{ metric, ranks }] }],
];

test('ranks of several threads add up before the best are chosen', () => {
  const plan = planOf([{ type: 'total' }], 2);
  const threads = [one(['a', 'b', 'c'], counts(5, 4, 3)), one(['c', 'd'], counts(3, 1))];
  expect(chooseSegments(plan, threads)).toEqual([{ keys: keys('c', 'a'), segmentCount: 4 }]);
});

test('of segments with equal ranks those whose names come first are chosen', () => {
  const plan = planOf([{ type: 'total' }], 2);
  const threads = [one(['d', 'b', 'c', 'a'], counts(1, 1, 2, 1))];
  expect(chooseSegments(plan, threads)[0].keys).toEqual(keys('c', 'a'));
});

test('a sum keeps what rounding takes from it', () => {
  const plan = planOf([{ type: 'sum', property: price }], 1);
  const part = (sum: number): Ranks => {
    const sums = Float64Array.of(sum, 2);
    return { type: 'sums', sums, corrections: Float64Array.of(sum === 1e17 ? 3 : 0, 0) };
  };
  const threads = [one(['a', 'b'], part(1e17)), one(['a', 'b'], part(-1e17))];
  expect(chooseSegments(plan, threads)[0].keys).toEqual(keys('b'));
  const less = planOf([{ type: 'sum', property: price }], 1);
  const alone = [one(['a', 'b'], part(1e17)), one(['a'], part(-1e17))];
  expect(chooseSegments(less, alone)[0].keys).toEqual(keys('a'));
});

test('what has no value comes last, whichever extreme is wanted', () => {
  const extremes = (...numbers: number[]): Ranks => {
    return { type: 'extremes', extremes: Float64Array.from(numbers) };
  };
  for (const type of ['min', 'max'] as const) {
    const plan = planOf([{ type, property: price }], 1);
    const threads = [one(['a', 'b'], extremes(NaN, -7)), one(['a', 'b'], extremes(NaN, NaN))];
    expect(chooseSegments(plan, threads)).toEqual([{ keys: keys('b'), segmentCount: 2 }]);
  }
});

test('one ranking decides for metrics that have other segments', () => {
  const plan = planOf([{ type: 'total' }, { type: 'unique' }], 1, 1);
  const threads = [[...one(['a', 'b', 'c'], null, 0), ...one(['b', 'c'], counts(1, 9), 1)]];
  expect(chooseSegments(plan, threads)).toEqual([
    { keys: keys('c'), segmentCount: 3 },
    { keys: keys('c'), segmentCount: 2 },
  ]);
});

test('refuses to rank by a sum that is no number any more', () => {
  const plan = planOf([{ type: 'sum', property: price }], 1);
  const sums = { type: 'sums', sums: Float64Array.of(1e308), corrections: Float64Array.of(0) };
  const threads = [one(['a'], sums as Ranks), one(['a'], sums as Ranks)];
  expect(() => chooseSegments(plan, threads)).toThrow(
    expect.objectContaining({
      code: 'INVALID_QUERY',
      message: 'the sum of "price" is larger than a number can hold: filter it',
    }),
  );
});
