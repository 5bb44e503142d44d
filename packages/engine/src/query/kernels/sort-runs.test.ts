import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortRun, SortRoom } from './sort-runs.ts';

function sorted(times: readonly number[], ties: readonly number[] | null, start = 0): number[] {
  const order = Uint32Array.from(times, (_, row) => row);
  const along = Float64Array.from(times);
  const tieRanks = ties && Uint32Array.from(ties);
  sortRun(along, order, tieRanks, start, times.length, new SortRoom());
  expect([...along]).toEqual(Array.from(order, (row) => times[row]));
  return [...order];
}

test('rows come in the order of their times', () => {
  expect(sorted([30, 10, 20], null)).toEqual([1, 2, 0]);
});

test('rows of one time come in the order of their ties, and else as they lie', () => {
  expect(sorted([10, 10, 10], [2, 0, 1])).toEqual([1, 2, 0]);
  expect(sorted([10, 10, 5], null)).toEqual([2, 0, 1]);
});

test('rows before the start stay where they are', () => {
  expect(sorted([30, 20, 10], null, 1)).toEqual([0, 2, 1]);
});

test('long pieces that interleave come in order', () => {
  const times = Array.from({ length: 400 }, (_, row) => row % 100);
  const ties = times.map((_, row) => 3 - Math.floor(row / 100));
  const rows = sorted(times, ties);
  expect(rows.slice(0, 5)).toEqual([300, 200, 100, 0, 301]);
});

test('whatever lies there comes in the order that a stable sort makes', () => {
  const row = fc.tuple(fc.nat(20), fc.nat(3));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
      const times = rows.map(([time]) => time);
      const ties = rows.map(([, tie]) => tie);
      const expected = rows
        .map((_, place) => place)
        .sort((a, b) => times[a] - times[b] || ties[a] - ties[b]);
      expect(sorted(times, ties)).toEqual(expected);
    }),
  );
});
