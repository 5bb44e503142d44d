import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { evenBuckets } from './auto-buckets.ts';

test('takes the narrowest round width of which twelve buckets cover all', () => {
  expect(evenBuckets(0, 101.4)).toEqual({ type: 'even', min: 0, max: 110, size: 10 });
  expect(evenBuckets(0.1, 0.3)).toEqual({ type: 'even', min: 0.1, max: 0.32, size: 0.02 });
  expect(evenBuckets(-3, 8.5)).toEqual({ type: 'even', min: -3, max: 9, size: 1 });
  expect(evenBuckets(0.5, 0.5)).toEqual({ type: 'even', min: 0, max: 1, size: 1 });
});

test(`covers any two numbers (seed ${propertySeed})`, () => {
  const number = fc.oneof(
    fc.double({ min: -1e12, max: 1e12, noNaN: true }),
    fc.integer({ min: -1000, max: 1000 }),
  );
  fc.assert(
    fc.property(number, number, (one, other) => {
      const [low, high] = one < other ? [one, other] : [other, one];
      fc.pre(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) || high === low);
      const { min, max, size } = evenBuckets(low, high);
      expect(min).toBeLessThanOrEqual(low);
      expect(max).toBeGreaterThan(high);
      expect(Math.round((max - min) / size)).toBeLessThanOrEqual(12);
    }),
    { numRuns: 10 * propertyRuns, seed: propertySeed },
  );
});
