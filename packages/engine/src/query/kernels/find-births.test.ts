import { expect, test } from 'vitest';
import { findBirths } from './find-births.ts';

const rows = { users: Uint32Array.of(0, 1, 1, 1, 1, 2), births: Uint8Array.of(1, 1, 1, 1, 0, 1) };
const cohorts = Int32Array.of(0, 0, 0, 1, 2, 0);

function born(firstOnly: boolean): number[] {
  const found = new Uint32Array(rows.users.length);
  return Array.from(found.subarray(0, findBirths(rows, cohorts, firstOnly, found)));
}

test('a user is born once in each cohort, and nobody never', () => {
  expect(born(false)).toEqual([1, 3, 5]);
});

test('a user is born in the first of the cohorts alone, where only that counts', () => {
  expect(born(true)).toEqual([1, 5]);
});

test('no birth lies outside the range', () => {
  const found = new Uint32Array(6);
  expect(findBirths(rows, new Int32Array(6).fill(-1), false, found)).toBe(0);
});
