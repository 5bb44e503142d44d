import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { durationReader } from './duration-reader.ts';
import { blockSize, packDurations } from './packed-durations.ts';
import type { PackedDurations } from './packed-durations.ts';

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('leaves a short list as it is', () => {
  expect(packDurations(Uint32Array.of(1, 5, 5))).toEqual([1, 5, 5]);
  expect(durationReader([]).countUpTo(0)).toBe(0);
  expect(durationReader([]).max).toBe(0);
});

test('packs equal numbers into a byte each', () => {
  const packed = packDurations(new Uint32Array(1000).fill(7)) as PackedDurations;
  expect(Buffer.from(packed.values, 'base64').length).toBe(1000 - Math.ceil(1000 / blockSize));
  expect(packed.sum).toBe('7000');
});

test('reads what was packed, whole and up to a limit', () => {
  const number = fc.oneof(
    fc.nat({ max: 200 }),
    fc.nat({ max: 2 ** 31 - 1 }),
    fc.nat({ max: 2 ** 53 - 1 }),
  );
  const lengths = fc.constantFrom(1, 8, 9, blockSize, blockSize + 1, 3 * blockSize - 1);
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), lengths, (seeds, length) => {
      const values = Float64Array.from({ length }, (_, i) => seeds[i % seeds.length]).sort();
      const reader = durationReader(overTheWire(packDurations(values)));
      expect(Array.from(reader.values())).toEqual(Array.from(values));
      expect([reader.length, reader.max]).toEqual([length, values[length - 1]]);
      expect(reader.sum).toBe(values.reduce((sum, value) => sum + BigInt(value), 0n));
      for (const seed of seeds) {
        for (const limit of [seed - 1, seed, seed + 0.5]) {
          const expected = values.filter((value) => value <= limit).length;
          expect(reader.countUpTo(limit)).toBe(expected);
        }
      }
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

test('says which bytes are missing', () => {
  const packed = packDurations(new Uint32Array(1000).fill(7)) as PackedDurations;
  const cut = { ...packed, values: Buffer.alloc(100).toString('base64') };
  expect(() => durationReader(cut)).toThrow('packed durations have 100 bytes, not 996');
});
