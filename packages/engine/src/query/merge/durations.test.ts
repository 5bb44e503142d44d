import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { durationReader } from './duration-reader.ts';
import { averageDuration, medianDuration } from './durations.ts';
import { packDurations } from './packed-durations.ts';

const readersOf = (...lists: Float64Array[]) =>
  lists.map((list) => durationReader(packDurations(list.sort())));

test('has neither average nor median over nothing', () => {
  expect([averageDuration([]), medianDuration(readersOf(new Float64Array()))]).toEqual([
    null,
    null,
  ]);
});

test('reads lists as if they were one', () => {
  const number = fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 2 ** 40 }));
  fc.assert(
    fc.property(fc.array(fc.array(number), { minLength: 1, maxLength: 5 }), (lists) => {
      const all = lists.flat().sort((left, right) => left - right);
      fc.pre(all.length > 0);
      const sorted = readersOf(...lists.map((list) => Float64Array.from(list)));
      const middle = (all.length - 1) / 2;
      const median = (all[Math.floor(middle)] + all[Math.ceil(middle)]) / 2;
      expect(medianDuration(sorted)).toBe(median);
      const sum = all.reduce((total, own) => total + own, 0);
      expect(averageDuration(sorted)).toBe(sum / all.length);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

test('adds up what a double cannot hold, in any order', () => {
  const large = Float64Array.of(1, 2 ** 52, 2 ** 53 - 1);
  const small = Float64Array.of(1, 1, 1);
  expect(averageDuration(readersOf(large, small))).toBe(averageDuration(readersOf(small, large)));
  expect(averageDuration(readersOf(large, small))).toBe(Number(2n ** 52n + 2n ** 53n + 3n) / 6);
});
