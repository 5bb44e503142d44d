import { expect, test } from 'vitest';
import { countFrequency } from './count-frequency.ts';

/** User 1 on days 0, 0, 1 of the first week and 7 of the second; user 2 on day 1. */
const users = Uint32Array.of(1, 1, 1, 1, 2);
const units = Int32Array.of(0, 0, 1, 7, 1);

function counted(slots: number[], lines: number[], width: number, lineCount: number): number[] {
  const counts = new Float64Array(lineCount * width);
  const rows = Uint32Array.from(slots, (_, i) => i);
  const slotCount = Math.max(...slots) + 1;
  const states = {
    users: new Uint32Array(slotCount),
    lines: new Uint32Array(slotCount),
    units: new Int32Array(slotCount),
    seen: new Uint32Array(slotCount),
  };
  const own = { rows, slots: Uint32Array.from(slots), lines: Uint32Array.from(lines) };
  countFrequency({ ...own, users, units }, states, width, counts);
  return Array.from(counts);
}

test('counts users by the least of sub-units they were active in, a line a week', () => {
  expect(counted([0, 0, 0, 0, 0], [0, 0, 0, 1, 0], 3, 2)).toEqual([2, 1, 0, 1, 0, 0]);
});

test('each segment counts by itself', () => {
  expect(counted([0, 1, 0, 0, 1], [0, 1, 0, 2, 1], 2, 3)).toEqual([1, 1, 2, 0, 1, 0]);
});

test('counts up to the width alone', () => {
  expect(counted([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], 2, 1)).toEqual([2, 1]);
});
