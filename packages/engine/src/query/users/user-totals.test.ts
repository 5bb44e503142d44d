import { expect, test } from 'vitest';
import { addEntries, clearUser, copyTotals, noTotals, placeOf } from './user-totals.ts';

const day = {
  startMs: 1000,
  users: Uint32Array.of(1, 3),
  firsts: Uint32Array.of(10, 20),
  lasts: Uint32Array.of(15 * 2 + 1, 20 * 2),
  counts: Uint32Array.of(4, 1),
};

test('adds up days, keeping the first and the last time', () => {
  const totals = noTotals(3);
  addEntries(totals, day, 0, 2);
  addEntries(totals, { ...day, startMs: 0 }, 0, 1);
  expect([...totals.counts]).toEqual([0, 8, 0, 1]);
  expect([...totals.firsts]).toEqual([Infinity, 10, Infinity, 1020]);
  expect([...totals.lasts]).toEqual([-Infinity, 1015, -Infinity, 1020]);
});

test('a copy has room for more users and changes by itself', () => {
  const totals = noTotals(3);
  const copy = copyTotals(totals, 5);
  addEntries(copy, day, 0, 2);
  expect([...copy.counts]).toEqual([0, 4, 0, 1, 0, 0]);
  expect([...totals.counts]).toEqual([0, 0, 0, 0]);
  clearUser(copy, 1);
  expect([copy.counts[1], copy.firsts[1], copy.lasts[1]]).toEqual([0, Infinity, -Infinity]);
});

test('finds the place of a number in an ascending list', () => {
  const list = Uint32Array.of(2, 5, 9);
  expect([2, 5, 9, 1, 6, 10].map((wanted) => placeOf(list, wanted))).toEqual([0, 1, 2, -1, -1, -1]);
});
