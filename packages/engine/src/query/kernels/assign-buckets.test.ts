import { expect, test } from 'vitest';
import { assignBuckets, assignWindows, lastAtMost } from './assign-buckets.ts';

test('starts are inside, ends are not, whatever order the times have', () => {
  const times = Float64Array.of(-1, 0, 9, 10, 29, 30, 5, 25);
  const out = new Int32Array(8);
  assignBuckets(times, Float64Array.of(0, 10, 20, 30), out);
  expect(Array.from(out)).toEqual([-1, 0, 0, 1, 2, -1, 0, 2]);
});

test('finds the windows that hold a time, also where they overlap or repeat', () => {
  const times = Float64Array.of(-1, 0, 10, 25, 99);
  const first = new Int32Array(5);
  const last = new Int32Array(5);
  assignWindows(times, Float64Array.of(0, 5, 5), Float64Array.of(20, 30, 30), first, last);
  expect(Array.from(first)).toEqual([0, 0, 0, 1, 3]);
  expect(Array.from(last)).toEqual([-1, 0, 2, 2, 2]);
});

test('finds the last of equal values', () => {
  const values = Float64Array.of(1, 2, 2, 3);
  expect([0, 1, 2, 9].map((limit) => lastAtMost(values, limit))).toEqual([-1, 0, 2, 3]);
});
