import { expect, test } from 'vitest';
import { ReturnPairs } from './return-pairs.ts';

/** By pair: birth, value, units with a return. */
function pairsOf(pairs: ReturnPairs): number[][] {
  return Array.from({ length: pairs.count }, (_, pair) => [
    pairs.births.array[pair],
    pairs.values.array[pair],
    ...Array.from({ length: pairs.wordCount * 32 }, (__, unit) => unit).filter((unit) => {
      const word = pairs.returned.array[pair * pairs.wordCount + (unit >>> 5)];
      return ((word >>> (unit & 31)) & 1) === 1;
    }),
  ]);
}

/** What each cell of a pair is of and comes to, the latest first. */
function cellsOf(pairs: ReturnPairs, pair: number): number[][] {
  const cells: number[][] = [];
  for (let cell = pairs.latestCells.array[pair]; cell !== 0;) {
    cells.push([pairs.units.array[cell - 1], pairs.sums.array[cell - 1]]);
    cell = pairs.previousCells.array[cell - 1];
  }
  return cells;
}

test('a birth has a pair for each value, found again whatever came between', () => {
  const pairs = new ReturnPairs(40);
  pairs.begin();
  pairs.reach(2);
  pairs.addReturn(pairs.of(0, 7), 0);
  pairs.addReturn(pairs.of(0, 8), 33);
  pairs.addReturn(pairs.of(1, 7), 5);
  pairs.addReturn(pairs.of(0, 7), 39);
  expect(pairsOf(pairs)).toEqual([
    [0, 7, 0, 39],
    [0, 8, 33],
    [1, 7, 5],
  ]);
  expect([pairs.latest.array[0], pairs.previous.array[1]]).toEqual([2, 1]);
});

test('thousands of pairs keep apart when the table grows', () => {
  const pairs = new ReturnPairs(1);
  pairs.begin();
  pairs.reach(100);
  for (let turn = 0; turn < 2; turn++) {
    for (let i = 0; i < 5000; i++) expect(pairs.of(i % 100, Math.floor(i / 100))).toBe(i);
  }
  expect(pairs.count).toBe(5000);
});

test('numbers of a unit add up, and those of another one are a cell of their own', () => {
  const pairs = new ReturnPairs(3);
  pairs.begin();
  pairs.reach(1);
  const pair = pairs.of(0, 0);
  for (const [unit, number] of [
    [0, 1],
    [0, 2.5],
    [2, 4],
    [0, 8],
  ]) {
    pairs.addNumber(pair, unit, number);
  }
  expect(cellsOf(pairs, pair)).toEqual([
    [0, 8],
    [2, 4],
    [0, 3.5],
  ]);
});

test('what rounding takes from a sum is kept', () => {
  const pairs = new ReturnPairs(1);
  pairs.begin();
  pairs.reach(1);
  const pair = pairs.of(0, 0);
  for (const number of [1, 1e100, -1e100]) pairs.addNumber(pair, 0, number);
  expect([pairs.sums.array[0], pairs.corrections.array[0]]).toEqual([0, 1]);
});

test('the next range of users begins with nothing', () => {
  const pairs = new ReturnPairs(1);
  pairs.begin();
  pairs.reach(1);
  pairs.addReturn(pairs.of(0, 3), 0);
  pairs.begin();
  pairs.reach(2);
  expect(Array.from(pairs.latest.array.subarray(0, 2))).toEqual([0, 0]);
  pairs.of(1, 3);
  expect(pairsOf(pairs)).toEqual([[1, 3]]);
});
