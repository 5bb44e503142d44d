import { expect, test } from 'vitest';
import { keepFirst } from './keep-first.ts';

/** Rows as [user, time, passes]; returns the mask. */
function kept(...rows: [number, number, 0 | 1][]): number[] {
  const mask = Uint8Array.from(rows, ([, , passes]) => passes);
  const users = Uint32Array.from(rows, ([user]) => user);
  keepFirst(
    users,
    Float64Array.from(rows, ([, time]) => time),
    mask,
  );
  return [...mask];
}

test('keeps the first row of each user that passes', () => {
  expect(kept([1, 5, 0], [1, 6, 1], [1, 7, 1], [2, 1, 1], [2, 6, 1], [4, 6, 1])).toEqual([
    0, 1, 0, 1, 0, 1,
  ]);
});

test('keeps all that share the first instant', () => {
  expect(kept([1, 5, 1], [1, 5, 0], [1, 5, 1], [1, 6, 1], [2, 5, 1], [2, 5, 1])).toEqual([
    1, 0, 1, 0, 1, 1,
  ]);
});

test('keeps nothing of nobody', () => {
  expect(kept([0, 0, 1], [0, 0, 1], [0, 3, 1], [1, 0, 1])).toEqual([0, 0, 0, 1]);
});

test('takes the epoch and times before it as any other', () => {
  expect(kept([1, -5, 1], [1, 0, 1], [2, 0, 1], [2, 0, 1])).toEqual([1, 0, 1, 1]);
});
