import { expect, test } from 'vitest';
import { countCalendar, countRolling, findBirths } from './retention-cells.ts';

const input = {
  times: Float64Array.of(0, 5, 12, 25, 3),
  users: Uint32Array.of(1, 1, 1, 1, 2),
  births: Uint8Array.of(1, 1, 1, 0, 1),
  returns: Uint8Array.of(1, 0, 1, 1, 1),
};

test('a user is born once in each cohort, or once in all', () => {
  const cohorts = Int32Array.of(0, 0, 1, 2, 0);
  const rows = new Uint32Array(5);
  expect(Array.from(rows.subarray(0, findBirths(input, cohorts, false, rows)))).toEqual([0, 2, 4]);
  expect(Array.from(rows.subarray(0, findBirths(input, cohorts, true, rows)))).toEqual([0, 4]);
});

function cells(orAfter: boolean, nowMs = 1000) {
  return {
    ...input,
    birthRows: Uint32Array.of(0, 4),
    lines: Uint32Array.of(1, 0),
    nowMs,
    intervals: 3,
    orAfter,
  };
}

test('rolling intervals count from the birth, which is itself no return', () => {
  const counts = new Float64Array(6);
  countRolling(cells(false), 10, counts);
  expect(Array.from(counts)).toEqual([0, 0, 0, 0, 1, 1]);
});

test('on or after counts a return in all intervals before it', () => {
  const counts = new Float64Array(6);
  countRolling(cells(true), 10, counts);
  expect(Array.from(counts)).toEqual([0, 0, 0, 1, 1, 1]);
});

test('observes nothing after now', () => {
  const counts = new Float64Array(6);
  countRolling(cells(true, 24), 10, counts);
  expect(Array.from(counts)).toEqual([0, 0, 0, 1, 1, 0]);
});

test('calendar intervals count buckets', () => {
  const counts = new Float64Array(6);
  countCalendar(cells(false), Int32Array.of(0, 0, 0, 2, 0), counts);
  expect(Array.from(counts)).toEqual([0, 0, 0, 1, 0, 1]);
});
