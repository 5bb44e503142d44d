import { expect, test } from 'vitest';
import { selectRuns } from './select-runs.ts';

test('lists the rows that pass, a run for each user who has some', () => {
  const runs = selectRuns(Uint8Array.of(1, 1, 0, 1, 1, 0, 1), Uint32Array.of(0, 1, 1, 1, 3, 4, 7));
  expect([...runs.rows]).toEqual([1, 3, 4, 6]);
  expect([...runs.starts]).toEqual([0, 2, 3, 4]);
  expect([...runs.users]).toEqual([1, 3, 7]);
});

test('lists nothing of nothing', () => {
  const runs = selectRuns(Uint8Array.of(1, 0), Uint32Array.of(0, 5));
  expect([...runs.rows]).toEqual([]);
  expect([...runs.starts]).toEqual([0]);
  expect([...runs.users]).toEqual([]);
});
