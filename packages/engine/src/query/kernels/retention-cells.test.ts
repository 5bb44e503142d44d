import { expect, test } from 'vitest';
import {
  addFromLeft,
  addFromRight,
  countHits,
  countHitsBySlot,
  sumHits,
  sumHitsBySlot,
} from './retention-cells.ts';

const hits = { count: 3, entries: Uint32Array.of(0, 1, 2), intervals: Int32Array.of(0, 2, 2) };
const slots = Uint32Array.of(0, 1, 0);
const numbers = Float64Array.of(5, NaN, 0.5);

const cells = (lines: number) => ({
  width: 3,
  counts: new Float64Array(3 * lines),
  corrections: new Float64Array(3 * lines),
});

test('each hit counts in every line of the birth', () => {
  const own = cells(3);
  countHits(hits, Uint32Array.of(9, 0, 2), 1, 3, own);
  expect(Array.from(own.counts)).toEqual([1, 0, 2, 0, 0, 0, 1, 0, 2]);
});

test('each hit counts in the line of its slot, and nowhere where that has none', () => {
  const own = cells(2);
  countHitsBySlot(hits, slots, Int32Array.of(1, -1), own);
  expect(Array.from(own.counts)).toEqual([0, 0, 0, 1, 0, 1]);
});

test('adds up numbers, and leaves out what is none', () => {
  const own = cells(1);
  sumHits(hits, numbers, Uint32Array.of(0), 0, 1, own);
  expect(Array.from(own.counts)).toEqual([5, 0, 0.5]);
  const bySlot = cells(2);
  sumHitsBySlot(hits, numbers, slots, Int32Array.of(1, 0), bySlot);
  expect(Array.from(bySlot.counts)).toEqual([0, 0, 0, 5, 0, 0.5]);
});

test('keeps what rounding takes from a sum', () => {
  const own = cells(1);
  const same = { count: 3, entries: hits.entries, intervals: Int32Array.of(0, 0, 0) };
  sumHits(same, Float64Array.of(1e16, 1, -1e16), Uint32Array.of(0), 0, 1, own);
  expect(own.counts[0] + own.corrections[0]).toBe(1);
});

test('accumulates each line by itself, from either end', () => {
  const right = { width: 3, counts: Float64Array.of(1, 2, 3, 0, 0, 1) };
  addFromRight(right);
  expect(Array.from(right.counts)).toEqual([6, 5, 3, 1, 1, 1]);
  const left = { width: 3, counts: Float64Array.of(1, 2, 3, 0, 0, 1) };
  addFromLeft(left);
  expect(Array.from(left.counts)).toEqual([1, 3, 6, 0, 0, 1]);
});
