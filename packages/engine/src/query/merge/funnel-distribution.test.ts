import { expect, test } from 'vitest';
import { mergeDistribution } from './funnel-distribution.ts';

const seconds = (...values: number[]) => values.map((value) => value * 1000);
const binsOf = (bins: number, ...lists: number[][]) =>
  mergeDistribution({ bins }, lists).bins.map(({ startMs, count }) => [startMs / 1000, count]);

test('bins are as wide as the times are apart, rounded up to seconds, and one more holds the longest', () => {
  expect(binsOf(2, seconds(2220, 82_800), seconds(3600))).toEqual([
    [2220, 2],
    [42_510, 0],
    [82_800, 1],
  ]);
  expect(binsOf(7, seconds(2220, 3600, 82_800)).map(([start]) => start)).toEqual([
    2220, 13_732, 25_244, 36_756, 48_268, 59_780, 71_292, 82_804,
  ]);
});

test('equal times have bins of a minute', () => {
  expect(binsOf(2, seconds(60))).toEqual([
    [60, 1],
    [120, 0],
    [180, 0],
  ]);
});

test('the first bin begins at a whole second', () => {
  expect(binsOf(1, [1500, 2400])).toEqual([
    [1, 1],
    [2, 1],
  ]);
});

test('sums up what there is, and nothing', () => {
  expect(mergeDistribution({ bins: 2 }, [seconds(1, 2), seconds(6)])).toMatchObject({
    count: 3,
    averageMs: 3000,
    medianMs: 2000,
    minMs: 1000,
    maxMs: 6000,
  });
  expect(mergeDistribution({ bins: 2 }, [[]])).toEqual({
    bins: [],
    count: 0,
    averageMs: null,
    medianMs: null,
    minMs: null,
    maxMs: null,
  });
});
