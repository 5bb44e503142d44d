import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import { buildScanSource } from '../../../../test/model/scan-source.ts';
import { unpackNumbers } from '../../merge/packed-numbers.ts';
import type { NumberList } from '../../merge/packed-numbers.ts';
import { NumberReader } from './number-reader.ts';
import { PairTable } from './pair-table.ts';
import { ValueAccumulator } from './value-accumulator.ts';
import { ValueTable } from './value-table.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

/** A hundred rows of one event with their number, in so many cells. */
function accumulate(numbers: readonly number[], repeats: number, slotCount: number) {
  const source = buildScanSource({
    events: numbers.map((n) => ({ user: 'ada', event: 'A', time: 0, properties: { n } })),
    people: {},
  });
  const rows = source.days[0].events[0];
  const reader = new NumberReader({ scope: 'event', name: 'n' }, source);
  const own = new ValueAccumulator(reader, 2);
  own.reserve(slotCount);
  for (let repeat = 0; repeat < repeats; repeat++) {
    own.add({
      source: rows,
      rows: Uint32Array.from(numbers, (_, row) => row),
      users: new Uint32Array(0),
      cells: Uint32Array.from(numbers, (_, row) => row % (2 * slotCount)),
      count: numbers.length,
    });
  }
  return { own, reader };
}

const counts = (lists: readonly NumberList[]) =>
  lists.map((list) => {
    const { values, counts: own } = unpackNumbers(list);
    return Array.from(values, (value, i) => [value, own === null ? 1 : own[i]]);
  });

test('numbers that repeat are counted, by slot and bucket', () => {
  const { own } = accumulate([5, 7, 5, 8, 3, 7], 2, 2);
  expect(own.cellsOf(0)).toMatchObject({ at: [0, 1] });
  expect(counts(own.cellsOf(0).values)).toEqual([
    [
      [3, 2],
      [5, 2],
    ],
    [[7, 4]],
  ]);
  expect(counts(own.cellsOf(1).values)).toEqual([[[5, 2]], [[8, 2]]]);
});

test('all slots together are what one slot would have', () => {
  const { own, reader } = accumulate([5, 7, 5, 8, 3, 7], 1, 2);
  const whole = new ValueAccumulator(reader, 2);
  whole.reserve(1);
  own.foldInto(whole);
  expect(counts(whole.cellsOf(0).values)).toEqual([
    [
      [3, 1],
      [5, 2],
    ],
    [
      [7, 2],
      [8, 1],
    ],
  ]);
});

test('numbers that do not repeat are listed, and give the same', () => {
  const numbers = Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 300_000);
  const { own, reader } = accumulate(numbers, 2, 1);
  const whole = new ValueAccumulator(reader, 2);
  whole.reserve(1);
  own.foldInto(whole);
  for (const each of [own, whole]) {
    const [even, odd] = each.cellsOf(0).values.map(unpackNumbers);
    expect(even.values.length + odd.values.length).toBe(300_000);
    expect(even.counts?.every((count) => count === 2)).toBe(true);
    expect(even.values.every((value, i) => i === 0 || value > even.values[i - 1])).toBe(true);
  }
});

const pair = fc.tuple(fc.nat({ max: 5 }), fc.constantFrom(0, 1, 1.5, 2, -3, 1e300, NaN));

test(`the table counts as a map does (seed ${propertySeed})`, () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 200, size: 'max' }), (pairs) => {
      const table = new ValueTable();
      const expected = new Map<string, number>();
      for (const [cell, value] of pairs) {
        const key = `${cell} ${value}`;
        if (!Number.isNaN(value)) expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      const cells = Uint32Array.from(pairs, ([cell]) => cell);
      table.add(
        cells,
        Float64Array.from(pairs, ([, value]) => value),
        0,
        pairs.length,
      );
      const actual = new Map<string, number>();
      table.forEach((cell, value, count) => actual.set(`${cell} ${value}`, count));
      expect(actual).toEqual(expected);
      expect(table.size).toBe(expected.size);
    }),
    settings,
  );
});

test('pairs keep their number while the table grows', () => {
  const table = new PairTable();
  const users = Uint32Array.from({ length: 50_000 }, (_, i) => i % 40_000);
  const slots = Uint32Array.from(users, (user) => user % 7);
  const first = new Uint32Array(users.length);
  table.write(users, slots, users.length, first);
  expect(table.size).toBe(40_000);
  expect(Array.from(first.subarray(40_000))).toEqual(Array.from(first.subarray(0, 10_000)));
  const again = new Uint32Array(users.length);
  table.write(users, slots, users.length, again);
  expect(again).toEqual(first);
});
