import { expect, test } from 'vitest';
import { averageOf, ExactSum, mergeSorted, percentileOf } from './numbers.ts';

test('keeps what rounding takes from a sum, in any order', () => {
  const terms = [1e16, 1, -1e16, 0.1, 0.2, -0.3];
  for (const order of [terms, terms.toReversed(), terms.toSorted((a, b) => a - b)]) {
    const sum = new ExactSum();
    for (const term of order) sum.add(term);
    expect(sum.value).toBeCloseTo(1, 12);
  }
});

test('interpolates percentiles between the two neighbours of the rank', () => {
  const sorted = [30, 50, 100, 120, 200, 300];
  expect([0, 25, 50, 90, 100].map((p) => percentileOf(sorted, p))).toEqual([
    30, 62.5, 110, 250, 300,
  ]);
  expect(percentileOf([7], 99)).toBe(7);
  expect(percentileOf([-Number.MAX_VALUE, Number.MAX_VALUE], 50)).toBe(0);
});

test('has no value over nothing', () => {
  expect(percentileOf([], 50)).toBeNull();
  expect(averageOf([])).toBeNull();
});

test('merges ascending lists by number, not by text', () => {
  expect(Array.from(mergeSorted([[2, 10], [], [-1, 9]]))).toEqual([-1, 2, 9, 10]);
});
