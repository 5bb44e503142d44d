import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../test/model/property-runs.ts';
import { sortedPlaces } from './sorted-places.ts';

const key = fc.oneof(
  fc.constantFrom(0, 1, 2047, 2048, 2 ** 22, 2 ** 31, 2 ** 32 - 1),
  fc.nat({ max: 2 ** 32 - 1 }),
);

it('gives the places in the order of a stable sort by both keys', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key)), (keys) => {
      const major = Uint32Array.from(keys, ([one]) => one);
      const minor = Uint32Array.from(keys, ([, other]) => other);
      const expected = keys
        .map((_, place) => place)
        .sort((a, b) => major[a] - major[b] || minor[a] - minor[b] || a - b);
      expect([...sortedPlaces(major, minor)]).toStrictEqual(expected);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
