import { expect, test } from 'vitest';
import {
  countReturns,
  firstReturn,
  lastOfStreak,
  lastReturn,
  unitsToIntervals,
} from './returned-units.ts';

/** Two words that begin after another one, with these bits. */
function wordsOf(...bits: number[]): Uint32Array {
  const words = Uint32Array.of(0xffff_ffff, 0, 0);
  for (const bit of bits) words[1 + (bit >>> 5)] |= 1 << (bit & 31);
  return words;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test.each([
  { bits: [], first: -1, last: -1, streak: -1 },
  { bits: [0], first: 0, last: 0, streak: 0 },
  { bits: [1, 2], first: 1, last: 2, streak: -1 },
  { bits: [31, 32], first: 31, last: 32, streak: -1 },
  { bits: [0, 1, 2, 40], first: 0, last: 40, streak: 2 },
  { bits: range(32), first: 0, last: 31, streak: 31 },
  { bits: range(33), first: 0, last: 32, streak: 32 },
  { bits: range(64), first: 0, last: 63, streak: 63 },
])('finds the first, the last and the end of the streak of $bits', (expected) => {
  const words = wordsOf(...expected.bits);
  expect([firstReturn(words, 1, 2), lastReturn(words, 1, 2), lastOfStreak(words, 1, 2)]).toEqual([
    expected.first,
    expected.last,
    expected.streak,
  ]);
});

test('counts each unit with a return', () => {
  const counts = new Float64Array(64);
  for (const bits of [[0, 31, 40], [40]]) countReturns(wordsOf(...bits), 1, 2, counts);
  expect([counts[0], counts[31], counts[40], counts.reduce((sum, own) => sum + own)]).toEqual([
    1, 1, 2, 4,
  ]);
});

test('several units make one interval', () => {
  const intervals = Uint32Array.of(0xffff);
  const intervalOfUnit = Uint16Array.from(range(64), (unit) => Math.min(unit >>> 1, 20));
  unitsToIntervals(wordsOf(1, 4, 5, 50, 63), 1, 2, intervalOfUnit, intervals);
  expect(intervals[0].toString(2)).toBe((2 ** 20 + 2 ** 2 + 2 ** 0).toString(2));
});
