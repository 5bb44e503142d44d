import { expect, test } from 'vitest';
import { followAnyEntry } from './follow-any-entry.ts';

/** Rows of users as "user time steps": "1 20 AB" is a row of user 1 that fits steps A and B. */
function follow(lines: readonly string[], rules: { windowMs: number; graceMs?: number }) {
  const rows = lines.map((line) => line.split(' '));
  const steps = ['A', 'B', 'C'].map((step) =>
    Uint8Array.from(rows, ([, , fits]) => Number(fits.includes(step))),
  );
  const input = {
    users: Uint32Array.from(rows, ([user]) => Number(user)),
    times: Float64Array.from(rows, ([, time]) => Number(time)),
    steps,
  };
  const attempts = { users: new Uint32Array(9), stepRows: new Int32Array(27) };
  const all = { startMs: 0, endMs: 1000, graceMs: 0, repeat: false, ...rules };
  const count = followAnyEntry(input, all, attempts);
  return Array.from({ length: count }, (_, i) => [
    attempts.users[i],
    [...attempts.stepRows.subarray(i * 3, i * 3 + 3)],
  ]);
}

test('keeps the attempt that gets furthest, though it begins later', () => {
  expect(follow(['1 0 A', '1 9 A', '1 10 B', '1 15 C'], { windowMs: 10 })).toEqual([
    [1, [1, 2, 3]],
  ]);
});

test('keeps the first to reach the highest step', () => {
  expect(follow(['1 0 A', '1 1 B', '1 50 A', '1 51 B'], { windowMs: 10 })).toEqual([
    [1, [0, 1, -1]],
  ]);
});

test('of several entries that reach it at one instant, keeps the latest', () => {
  expect(follow(['1 0 A', '1 1 A', '1 5 B'], { windowMs: 10 })).toEqual([[1, [1, 2, -1]]]);
});

test('one row is one step of an attempt', () => {
  expect(follow(['1 0 AB', '1 1 AB'], { windowMs: 10 })).toEqual([[1, [0, 1, -1]]]);
});

test('with a grace a step may lie a little before the one it follows', () => {
  expect(follow(['1 8 B', '1 10 A'], { windowMs: 10, graceMs: 2 })).toEqual([[1, [1, 0, -1]]]);
  expect(follow(['1 7 B', '1 10 A'], { windowMs: 10, graceMs: 2 })).toEqual([[1, [1, -1, -1]]]);
});

test('follows each user apart, and nobody not at all', () => {
  expect(follow(['0 0 A', '1 0 B', '2 0 A', '3 1 B', '3 2 A'], { windowMs: 10 })).toEqual([
    [2, [2, -1, -1]],
    [3, [4, -1, -1]],
  ]);
});
