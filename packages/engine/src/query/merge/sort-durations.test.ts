import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { sortDurations } from './sort-durations.ts';

test('sorts short lists, long ones, and numbers beyond 32 bits', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1, 10, 2047, 2048, 5000),
      fc.constantFrom(0, 1, 2000, 86_400_000, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1),
      fc.nat(),
      (length, max, seed) => {
        let state = seed;
        const values = Float64Array.from({ length }, () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return Math.round((state / 2 ** 32) * max);
        });
        const expected = Array.from(values.slice().sort());
        const narrow = max < 2 ** 32 ? Uint32Array.from(values) : values.slice();
        expect(Array.from(sortDurations(narrow))).toEqual(expected);
        expect(Array.from(sortDurations(values))).toEqual(expected);
      },
    ),
    { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
  );
});
