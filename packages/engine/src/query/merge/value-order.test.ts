import fc from 'fast-check';
import type { PropertyValue } from '@arbor/schema/property-value';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { compareIds } from './list-order.ts';
import { compareValues, textRank } from './value-order.ts';

test('puts numbers before texts, then true and false, then all others', () => {
  const values: PropertyValue[] = [{ k: 1 }, 'b', true, 10, [1], 'B', 9, false, ''];
  expect(values.sort(compareValues)).toEqual([9, 10, '', 'B', 'b', false, true, [1], { k: 1 }]);
});

test(`ranks texts as their bytes do (seed ${propertySeed})`, () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '\u0000', 'é', '\uffff', '😀'),
    maxLength: 4,
  });
  fc.assert(
    fc.property(text, text, (left, right) => {
      const ranks = Math.sign(textRank(left) - textRank(right));
      // Texts with one rank may be in either order.
      expect([0, Math.sign(compareIds(left, right))]).toContain(ranks);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
