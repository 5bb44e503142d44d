import { expect, test } from 'vitest';
import { findFirstEntries, openCalendar, openRolling } from './retention-window.ts';
import type { RetentionEvents, RetentionWindow } from './retention-window.ts';

/** Rows 0, 1, 3 and 4 are returns; row 2 is of the same instant as row 1. */
const times = Float64Array.of(0, 5, 5, 18, 40, 3);
const users = Uint32Array.of(1, 1, 1, 1, 1, 2);

function events(options: Partial<RetentionEvents> = {}): RetentionEvents {
  const entryRows = Uint32Array.of(0, 1, 3, 4, 5);
  const firstEntries = new Uint32Array(times.length + 1);
  findFirstEntries(entryRows, firstEntries);
  return {
    times,
    users,
    entryRows,
    firstEntries,
    nowMs: 1000,
    withBirth: false,
    intervalOfUnit: Uint16Array.of(0, 1, 2, 3),
    ...options,
  };
}

function opened(open: (window: RetentionWindow) => void): number[][] {
  const window = { first: 0, end: 0, intervals: new Int32Array(5) };
  open(window);
  const { first, end, intervals } = window;
  return [[first, end], Array.from(intervals.subarray(first, end))];
}

const rolling = (birth: number, options: Partial<RetentionEvents> = {}): number[][] =>
  opened((window) => {
    openRolling(events(options), birth, 10, window);
  });

test('every row knows the first entry that is not before it', () => {
  expect(Array.from(events().firstEntries)).toEqual([0, 1, 2, 2, 3, 4, 5]);
});

test('rolling units count from the birth, which is itself no return', () => {
  expect(rolling(0)).toEqual([
    [0, 3],
    [-1, 0, 1],
  ]);
});

test('a return at the instant of the birth counts though it arrived before', () => {
  expect(rolling(2)).toEqual([
    [1, 4],
    [0, 1, 3],
  ]);
});

test('a birth event may be its own return', () => {
  expect(rolling(0, { withBirth: true })[1]).toEqual([0, 0, 1]);
});

test('observes nothing after now', () => {
  expect(rolling(0, { nowMs: 17 })[0]).toEqual([0, 2]);
  expect(rolling(0, { nowMs: 18 })[0]).toEqual([0, 3]);
});

test('several units may be one interval', () => {
  expect(rolling(2, { intervalOfUnit: Uint16Array.of(0, 1, 1, 1) })[1]).toEqual([0, 1, 1]);
});

test('calendar units count buckets from that of the birth to the last one', () => {
  const buckets = Int32Array.of(0, 0, 0, 1, 3, 0);
  const calendar = (options: Partial<RetentionEvents>): number[][] =>
    opened((window) => {
      openCalendar(events(options), 2, buckets, window);
    });
  expect(calendar({})).toEqual([
    [1, 4],
    [0, 1, 3],
  ]);
  expect(calendar({ intervalOfUnit: Uint16Array.of(0, 1, 2) })[0]).toEqual([1, 3]);
});

test('calendar units end where buckets do', () => {
  const buckets = Int32Array.of(0, 0, 0, 1, -1, 0);
  const [window] = opened((own) => {
    openCalendar(events(), 0, buckets, own);
  });
  expect(window).toEqual([0, 3]);
});
