import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { percentileOf } from './numbers.ts';
import type { CountedNumbers, NumberList } from './packed-numbers.ts';
import {
  countNumbers,
  mergeNumbers,
  packNumbers,
  percentileOfCounted,
  unpackNumbers,
} from './packed-numbers.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

const counted = (values: number[], counts: number[] | null = null): CountedNumbers => ({
  values: Float64Array.from(values),
  counts: counts && Uint32Array.from(counts),
});

/** Through JSON, as between two processes. */
const sent = (list: CountedNumbers): NumberList =>
  JSON.parse(JSON.stringify(packNumbers(list))) as NumberList;

const writtenOut = ({ values, counts }: CountedNumbers): number[] =>
  Array.from(values).flatMap((value, i) =>
    Array.from({ length: counts === null ? 1 : counts[i] }, () => value),
  );

test('short lists stay plain', () => {
  expect(packNumbers(counted([]))).toEqual([]);
  expect(packNumbers(counted([1.5, 2]))).toEqual([1.5, 2]);
  expect(packNumbers(counted([1.5, 2], [7, 1]))).toMatchObject({
    values: [1.5, 2],
    counts: [7, 1],
  });
});

test('whole numbers and amounts of money travel as differences, others as doubles', () => {
  const form = (values: number[]) => {
    const packed = packNumbers(counted(values));
    return 'length' in packed && 'scale' in packed ? [packed.encoding, packed.scale] : 'plain';
  };
  expect(form([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual(['differences', 1]);
  expect(form([-5, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual(['differences', 1]);
  expect(form([0.01, 19.99, 20, 20.5, 21, 22, 23, 24, 25])).toEqual(['differences', 100]);
  expect(form([0, 1 / 3, 1, 2, 3, 4, 5, 6, 7])).toEqual(['doubles', 1]);
  expect(form([-9e15, 0, 1, 2, 3, 4, 5, 6, 9e15])).toEqual(['doubles', 1]);
});

test('a million durations take little more than a byte each', () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i * 60);
  expect(JSON.stringify(packNumbers({ values, counts: null })).length).toBeLessThan(1_400_000);
});

test('a plain list reads like a packed one', () => {
  expect(unpackNumbers([1, 2, 3, 4, 5, 6])).toEqual(counted([1, 2, 3, 4, 5, 6]));
  expect(countNumbers([7, 7])).toBe(2);
});

test('damage is noticed', () => {
  const packed = packNumbers(counted([1, 2, 3, 4, 5, 6, 7, 8, 500]));
  const longer = { ...(packed as object), length: 10 } as NumberList;
  expect(() => unpackNumbers(longer)).toThrow('packed numbers have');
});

const finite = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.integer({ min: -5000, max: 5000 }).map((cents) => cents / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
);
const list = fc
  .tuple(fc.array(finite, { maxLength: 40 }), fc.boolean())
  .chain(([numbers, withCounts]) => {
    // Adding 0 takes the sign of a zero away, which JSON would not keep either.
    const sorted = numbers.map((number) => number + 0).sort((left, right) => left - right);
    if (!withCounts) return fc.constant(counted(sorted));
    const distinct = [...new Set(sorted)];
    return fc
      .array(fc.integer({ min: 1, max: 300 }), {
        minLength: distinct.length,
        maxLength: distinct.length,
      })
      .map((counts) => counted(distinct, counts));
  });

test(`comes back from JSON as it was (seed ${propertySeed})`, () => {
  fc.assert(
    fc.property(list, (numbers) => {
      const packed = sent(numbers);
      expect(writtenOut(unpackNumbers(packed))).toEqual(writtenOut(numbers));
      expect(countNumbers(packed)).toBe(writtenOut(numbers).length);
    }),
    settings,
  );
});

test(`merges and finds percentiles as over the numbers written out (seed ${propertySeed})`, () => {
  const percentile = fc.constantFrom(0, 10, 50, 90, 99.9, 100);
  fc.assert(
    fc.property(fc.array(list, { maxLength: 5 }), percentile, (lists, rank) => {
      const merged = mergeNumbers(lists);
      const all = lists.flatMap(writtenOut).sort((left, right) => left - right);
      expect(writtenOut(merged)).toEqual(all);
      expect(percentileOfCounted(merged, rank)).toBe(percentileOf(all, rank));
    }),
    settings,
  );
});
