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
  const [first, second] = scale.ranks(0, Uint32Array.of(0, 1), null);
  expect(second).toBeGreaterThan(first);
  expect(scale.isPlain).toBe(false);
});

it('puts rows of merged users behind those of the same batch, and before the next batch', () => {
  const scale = new ArrivalScale([part([1, 2], 1)], true);
  const ranks = scale.ranks(0, Uint32Array.of(0, 0, 0, 0, 1), Uint32Array.of(0, 1, 0, 1, 0));
  scale.moveBack(ranks, { start: 0, end: 1, rank: 2 });
  scale.moveBack(ranks, { start: 1, end: 2, rank: 1000 });
  scale.moveBack(ranks, { start: 2, end: 3, rank: 1 });
  const order = [0, 1, 2, 3, 4].sort((row, other) => ranks[row] - ranks[other]);
  expect(order).toEqual([3, 2, 0, 1, 4]);
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
