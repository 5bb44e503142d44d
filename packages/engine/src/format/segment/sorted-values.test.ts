import type { PropertyValue } from '@arbor/schema/property-value';
import { expect, it } from 'vitest';
import { sortValues, valuesInOrder } from './sorted-values.ts';

// Index 0 is unused. A lone surrogate becomes U+FFFD, and is then the same text as the one before it.
const values: PropertyValue[] = [
  null,
  'b',
  10,
  true,
  'a',
  [2],
  -1.5,
  null,
  '\ufffd',
  '\ud800',
  { a: 1 },
  2,
];

it.each([
  ['all values', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ['some of them', [0, 9, 2, 2, 4, 0]],
  ['none', [0, 0]],
])('finds the same order in one that is kept: %s', (_, rows) => {
  const property = { name: 'p', codes: Uint32Array.from(rows), values };
  const kept = sortValues({ ...property, inOrder: valuesInOrder(values) });
  expect(kept).toEqual(sortValues(property));
});

it('orders constants, numbers, texts, then lists and objects', () => {
  const codes = Uint32Array.from(values.keys());
  const { sorted, newCodes } = sortValues({ name: 'p', codes, values });
  expect(sorted).toEqual({
    constants: [null, true],
    numbers: [-1.5, 2, 10],
    texts: ['a', 'b', '\ufffd'],
    nested: [[2], { a: 1 }],
  });
  expect([...newCodes]).toEqual([0, 7, 5, 2, 6, 9, 3, 1, 8, 8, 10, 4]);
});
