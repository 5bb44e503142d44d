import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { packMembers, unpackMembers } from './member-bits.ts';

test('a range of users lies a bit each, the lowest first', () => {
  const { first, count, bits } = packMembers(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1, 0, 1), 5);
  expect([first, count, [...Buffer.from(bits, 'base64')]]).toEqual([5, 10, [0b10000001, 0b10]]);
});

test(`ranges are what they were (seed ${propertySeed})`, () => {
  const ranges = fc.array(fc.array(fc.constantFrom<0 | 1>(0, 1), { maxLength: 30 }));
  fc.assert(
    fc.property(ranges, (masks) => {
      const codes = new Uint32Array(masks.flat().length + 1);
      let first = 1;
      for (const mask of masks) {
        unpackMembers(packMembers(Uint8Array.from(mask), first), codes);
        first += mask.length;
      }
      expect([...codes]).toEqual([0, ...masks.flat()]);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
