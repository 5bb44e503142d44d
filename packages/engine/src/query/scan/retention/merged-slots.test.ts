import { expect, test } from 'vitest';
import { MergedSlots } from './merged-slots.ts';
import { ReturnPairs } from './return-pairs.ts';

/** Values 0 … 3: one segment each, the last two the first one as well. */
const index = {
  segments: Array.from({ length: 3 }, (_, slot) => ({
    type: 'string' as const,
    text: String(slot),
  })),
  starts: Uint32Array.of(0, 1, 2, 4, 6),
  slots: Uint32Array.of(0, 1, 0, 2, 2, 1),
};

test('values that have a segment in common have their returns there together', () => {
  const pairs = new ReturnPairs(33);
  pairs.begin();
  pairs.reach(2);
  pairs.addReturn(pairs.of(0, 0), 1);
  pairs.addReturn(pairs.of(0, 2), 32);
  pairs.addReturn(pairs.of(1, 3), 0);
  const merged = new MergedSlots(2);
  merged.take(0, pairs, index);
  const wordsOf = (slot: number) => {
    const number = merged.numberOf(slot);
    return number < 0 ? null : Array.from(merged.words.subarray(number * 2, number * 2 + 2));
  };
  expect([0, 1, 2].map(wordsOf)).toEqual([[2, 1], null, [0, 1]]);
  merged.take(1, pairs, index);
  expect([0, 1, 2].map(wordsOf)).toEqual([null, [1, 0], [1, 0]]);
});

test('a birth may have returns in more segments than there was room for', () => {
  const count = 50;
  const many = {
    segments: Array.from({ length: count }, (_, slot) => ({
      type: 'string' as const,
      text: String(slot),
    })),
    starts: Uint32Array.from({ length: count + 1 }, (_, i) => i),
    slots: Uint32Array.from({ length: count }, (_, i) => i),
  };
  const pairs = new ReturnPairs(64);
  pairs.begin();
  pairs.reach(1);
  for (let value = 0; value < count; value++) pairs.addReturn(pairs.of(0, value), value);
  const merged = new MergedSlots(2);
  merged.take(0, pairs, many);
  expect(merged.count).toBe(count);
  const number = merged.numberOf(40);
  expect(merged.words[number * 2 + 1]).toBe(2 ** 8);
});
