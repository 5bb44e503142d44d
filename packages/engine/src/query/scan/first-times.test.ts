import { expect, test } from 'vitest';
import { keepFirstInstants, markHad } from './first-times.ts';

/** Three users, 11 to 13, with four, two and one rows; the first of them is row 5. */
const rows = {
  users: Uint32Array.of(9, 11, 12, 13),
  starts: Uint32Array.of(0, 5, 9, 11, 12),
  times: Uint32Array.of(0, 0, 0, 0, 0, 10, 10, 20, 30, 40, 50, 60),
};
const slice = { firstRun: 1, endRun: 4, first: 5 };
const base = 10;

function kept(had: number[], own: number[] | null, mask = [1, 1, 1, 1, 1, 1, 1]): number[] {
  const result = Uint8Array.from(mask);
  const ofRows = own && Uint8Array.from(own);
  const runs = { ...slice, end: 12 };
  keepFirstInstants(rows, runs, { had: Uint8Array.from(had), base, own: ofRows }, result);
  return Array.from(result);
}

test('the rows of the first instant are kept, and nothing of who has had his first time', () => {
  expect(kept([0, 0, 0, 0], null)).toEqual([1, 1, 0, 0, 1, 0, 1]);
  expect(kept([0, 1, 0, 0], null)).toEqual([0, 0, 0, 0, 1, 0, 1]);
  expect(kept([0, 0, 0, 0], null, [0, 1, 1, 1, 0, 1, 1])).toEqual([0, 1, 0, 0, 0, 0, 1]);
});

test('of some rows the first of those is kept', () => {
  expect(kept([0, 0, 0, 0], [0, 1, 1, 0, 0, 0, 0])).toEqual([0, 1, 0, 0, 0, 0, 0]);
  expect(kept([0, 0, 0, 0], [0, 0, 1, 1, 0, 1, 1])).toEqual([0, 0, 1, 0, 0, 1, 1]);
});

test('who has such a row has had his first time', () => {
  const had = new Uint8Array(4);
  const runs = { ...slice, end: 12 };
  markHad(rows, runs, Uint8Array.of(0, 0, 1, 0, 0, 0, 0), base, had);
  expect(Array.from(had)).toEqual([0, 1, 0, 0]);
  markHad(rows, { ...runs, endRun: 3 }, null, base, had);
  expect(Array.from(had)).toEqual([0, 1, 1, 0]);
});
