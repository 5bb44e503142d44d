import { expect, test } from 'vitest';
import { findBirths } from './find-births.ts';

const users = Uint32Array.of(0, 1, 1, 1, 1, 2);
const cohorts = Int32Array.of(0, 0, 0, 1, -1, 0);

function born(firstOnly: boolean, own = cohorts): number[] {
  const found = new Uint32Array(users.length);
  return Array.from(found.subarray(0, findBirths(users, own, firstOnly, found)));
}

test('a user is born once in each cohort, and nobody never', () => {
  expect(born(false)).toEqual([1, 3, 5]);
});

test('a user is born in the first of the cohorts alone, where only that counts', () => {
  expect(born(true)).toEqual([1, 5]);
});

test('no birth lies outside the range', () => {
  expect(born(false, new Int32Array(6).fill(-1))).toEqual([]);
});
