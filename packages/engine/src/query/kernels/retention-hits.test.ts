import { expect, test } from 'vitest';
import {
  hitsEach,
  hitsEachInStreak,
  hitsFirst,
  hitsLast,
  hitsOn,
  hitsStreak,
} from './retention-hits.ts';

/** Entries of two slots: slot 0 in intervals 0, 0, 1, 3; slot 1 in 1, 2. The first one is the birth itself. */
const intervals = Int32Array.of(-1, 0, 0, 1, 1, 2, 3);
const slots = Uint32Array.of(0, 0, 0, 0, 1, 1, 0);

function hitsOf(find: typeof hitsOn, own = intervals, stamp = 1): [number, number][] {
  const hits = { count: 0, entries: new Uint32Array(7), intervals: new Int32Array(7) };
  const states = { stamps: new Uint32Array(2), states: new Int32Array(2) };
  find({ first: 0, end: own.length, intervals: own }, slots, stamp, states, hits);
  return Array.from({ length: hits.count }, (_, hit) => [hits.entries[hit], hits.intervals[hit]]);
}

test('on: one for each interval and slot', () => {
  expect(hitsOf(hitsOn)).toEqual([
    [1, 0],
    [3, 1],
    [4, 1],
    [5, 2],
    [6, 3],
  ]);
});

test('on or before: the first of each slot', () => {
  expect(hitsOf(hitsFirst)).toEqual([
    [1, 0],
    [4, 1],
  ]);
});

test('on or after: the last of each slot', () => {
  expect(hitsOf(hitsLast)).toEqual([
    [6, 3],
    [5, 2],
  ]);
});

test('streak: how far each slot goes without a gap, from interval 0', () => {
  expect(hitsOf(hitsStreak)).toEqual([[1, 1]]);
});

test('numbers: every entry but the birth', () => {
  expect(hitsOf((window, _slots, _stamp, _states, hits) => hitsEach(window, hits))).toEqual([
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 1],
    [5, 2],
    [6, 3],
  ]);
});

test('numbers in a streak: every entry up to the gap of its slot', () => {
  expect(hitsOf(hitsEachInStreak)).toEqual([
    [1, 0],
    [2, 0],
    [3, 1],
  ]);
});

test('what the birth before left behind does not matter', () => {
  for (const find of [hitsOn, hitsFirst, hitsLast, hitsStreak, hitsEachInStreak]) {
    const states = { stamps: Uint32Array.of(1, 1), states: Int32Array.of(1, 2) };
    const hits = { count: 0, entries: new Uint32Array(7), intervals: new Int32Array(7) };
    find({ first: 0, end: intervals.length, intervals }, slots, 2, states, hits);
    const own = Array.from({ length: hits.count }, (_, hit) => [
      hits.entries[hit],
      hits.intervals[hit],
    ]);
    expect(own).toEqual(hitsOf(find));
  }
});
