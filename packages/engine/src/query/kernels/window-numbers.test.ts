import { expect, test } from 'vitest';
import {
  countWindowChanges,
  countWindowCodes,
  countWindows,
  findWindowExtremes,
  sumWindows,
} from './window-numbers.ts';
import { moveWindow } from './window-rows.ts';

/** Users 2 and 5: rows at 10, 20, 30 and at 15, 20. */
function twoRuns() {
  const starts = Uint32Array.of(0, 3, 5);
  return {
    starts,
    times: Float64Array.of(10, 20, 30, 15, 20),
    first: starts.slice(0, -1),
    ends: starts.slice(0, -1),
  };
}

test('moves on over the rows and lists the runs that hold others than before', () => {
  const rows = twoRuns();
  const changed = new Uint32Array(2);
  const move = (startMs: number, endMs: number, rewind = false) => {
    const count = moveWindow(rows, { startMs, endMs, rewind }, changed);
    return [[...changed.subarray(0, count)], [...rows.first], [...rows.ends]];
  };
  expect(move(10, 20)).toEqual([
    [0, 1],
    [0, 3],
    [1, 4],
  ]);
  expect(move(11, 20)).toEqual([[0], [1, 3], [1, 4]]);
  expect(move(11, 20)).toEqual([[], [1, 3], [1, 4]]);
  // Whole windows are left behind: what lies before the new one is not counted.
  expect(move(30, 40)).toEqual([
    [0, 1],
    [2, 5],
    [3, 5],
  ]);
  expect(move(0, 16, true)).toEqual([
    [0, 1],
    [0, 3],
    [1, 4],
  ]);
  // Empty, and ended before it began.
  expect(move(50, 50, true)).toEqual([
    [0, 1],
    [3, 5],
    [3, 5],
  ]);
});

const windows = {
  first: Uint32Array.of(0, 3),
  ends: Uint32Array.of(3, 5),
  runs: Uint32Array.of(0, 1),
  count: 2,
  users: Uint32Array.of(2, 5),
};

function written(write: (out: Float64Array) => void): number[] {
  const out = new Float64Array(6).fill(-1);
  write(out);
  expect([out[0], out[1], out[3], out[4]]).toEqual([-1, -1, -1, -1]);
  return [out[2], out[5]];
}

test('counts the rows of each window, by user', () => {
  expect(written((out) => countWindows(windows, out))).toEqual([3, 2]);
});

test('leaves runs alone that have not changed', () => {
  const second = { ...windows, runs: Uint32Array.of(1), count: 1 };
  expect(written((out) => countWindows(second, out))).toEqual([-1, 2]);
});

test('sums and averages what is a number', () => {
  const numbers = Float64Array.of(1, NaN, 2.5, NaN, NaN);
  expect(written((out) => sumWindows(windows, numbers, false, out))).toEqual([3.5, NaN]);
  expect(written((out) => sumWindows(windows, numbers, true, out))).toEqual([1.75, NaN]);
});

test('finds the smallest and the greatest number, whatever their signs', () => {
  const numbers = Float64Array.of(NaN, -3, 2, -5, -4);
  expect(written((out) => findWindowExtremes(windows, numbers, 1, out))).toEqual([2, -4]);
  expect(written((out) => findWindowExtremes(windows, numbers, -1, out))).toEqual([-3, -5]);
  const none = new Float64Array(5).fill(NaN);
  expect(written((out) => findWindowExtremes(windows, none, 1, out))).toEqual([NaN, NaN]);
});

test('counts different codes once, in each window anew, and never code 0', () => {
  const codes = Uint32Array.of(1, 2, 1, 1, 0);
  const seen = { marks: new Uint32Array(3), mark: 0 };
  expect(written((out) => countWindowCodes(windows, codes, seen, out))).toEqual([2, 1]);
  expect(written((out) => countWindowCodes(windows, codes, seen, out))).toEqual([2, 1]);
});

test('counts where numbers that lie in order change', () => {
  const days = Float64Array.of(1, 1, 2, 2, 2);
  expect(written((out) => countWindowChanges(windows, days, out))).toEqual([2, 1]);
  const empty = { ...windows, ends: Uint32Array.of(0, 3) };
  expect(written((out) => countWindowChanges(empty, days, out))).toEqual([0, 0]);
});
