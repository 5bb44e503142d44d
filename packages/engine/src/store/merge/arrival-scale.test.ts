import { expect, it } from 'vitest';
import { ArrivalScale } from './arrival-scale.ts';

const part = (sequences: readonly number[], tieRankMax = 0) => ({
  batchSequences: Float64Array.from(sequences),
  tieRankMax,
});

it('gives batches of one part that no other part interrupts one stretch', () => {
  const scale = new ArrivalScale([part([1, 2, 3], 4), part([3, 9])], false);
  expect(scale.ranks(0, Uint32Array.of(0, 2), Uint32Array.of(0, 4))).toEqual(Uint32Array.of(0, 4));
  expect(scale.ranks(1, Uint32Array.of(0, 1), null)).toEqual(Uint32Array.of(5, 5));
});

it('keeps every batch apart when users were merged', () => {
  const scale = new ArrivalScale([part([1, 2])], true);
  expect(scale.ranks(0, Uint32Array.of(0, 1), null)).toEqual(Uint32Array.of(0, 1));
  expect(scale.isPlain).toBe(false);
});

it('stays within 32 bits and keeps stretches in order when there are too many ties', () => {
  const sequences = Array.from({ length: 1000 }, (_, i) => i * 2);
  const others = sequences.map((sequence) => sequence + 1);
  const scale = new ArrivalScale([part(sequences, 0xffffffff), part(others)], false);
  const ranks = scale.ranks(0, Uint32Array.of(0, 998, 999), Uint32Array.of(7, 0xffffffff, 0));
  const [last = 0] = scale.ranks(1, Uint32Array.of(999), null);
  expect(Array.from(ranks)).toEqual([...ranks].sort((a, b) => a - b));
  expect(last).toBeGreaterThan(ranks[2]);
});
