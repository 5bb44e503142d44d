import { expect, test } from 'vitest';
import { countMaskedRuns, countRuns, countRunsOf } from './count-runs.ts';

/** Users 10, 12 and 15 have 2, 1 and 3 rows; the slice leaves out the run of user 3 before them. */
const slice = {
  users: Uint32Array.of(3, 10, 12, 15),
  starts: Uint32Array.of(0, 4, 6, 7, 10),
  first: 1,
  end: 4,
};
const passing = new Uint8Array(16).fill(1);
passing[12] = 0;

test('adds the rows of each run to what its user has', () => {
  const counts = Uint32Array.of(5, 0, 0, 0, 0, 0);
  countRuns(slice, 10, counts);
  expect([...counts]).toEqual([7, 0, 1, 0, 0, 3]);
});

test('leaves out users that do not pass', () => {
  const counts = new Uint32Array(6);
  countRunsOf(slice, 10, passing, counts);
  expect([...counts]).toEqual([2, 0, 0, 0, 0, 3]);
});

test('counts the rows of the mask, which begins with the first row of the slice', () => {
  const mask = Uint8Array.of(1, 0, 1, 0, 1, 1);
  const counts = new Uint32Array(6);
  countMaskedRuns(slice, 10, { passing: null, mask }, counts);
  expect([...counts]).toEqual([1, 0, 1, 0, 0, 2]);
  counts.fill(0);
  countMaskedRuns(slice, 10, { passing, mask }, counts);
  expect([...counts]).toEqual([1, 0, 0, 0, 0, 2]);
});
