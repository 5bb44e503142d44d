import { expect, test } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { segmented } from './segments.ts';

/** Segment texts of each value, where row i has code i. */
function textsOf(...values: PropertyValue[]) {
  const column = {
    values: [null, ...values],
    codes: Uint32Array.from([0, ...values], (_, i) => i),
  };
  const rows = Uint32Array.from(column.codes);
  const { segments, ...entries } = segmented(rows, column);
  return Array.from(rows, (row) =>
    Array.from(entries.rows)
      .map((own, i) => (own === row ? segments[entries.slots[i]] : undefined))
      .filter((segment) => segment !== undefined)
      .map(({ type, text }) => `${type} ${text}`),
  );
}

test('tells types apart and names what has no text', () => {
  expect(textsOf(null, '', '1', 1, true, { a: [1] })).toEqual([
    ['not_set (not set)'],
    ['not_set (not set)'],
    ['empty_string (empty string)'],
    ['string 1'],
    ['number 1'],
    ['boolean true'],
    ['json {"a":[1]}'],
  ]);
});

test('puts a list into the segment of each distinct item, an empty one into (not set)', () => {
  expect(textsOf(['x', 'y', 'x'], [], [null, [1]]).slice(1)).toEqual([
    ['string x', 'string y'],
    ['not_set (not set)'],
    ['not_set (not set)', 'json [1]'],
  ]);
});

test('lists only segments that a row has, and none without rows', () => {
  const column = { values: [null, 'x', 'y'], codes: Uint32Array.of(2, 1) };
  expect(segmented(Uint32Array.of(0), column).segments).toEqual([{ type: 'string', text: 'y' }]);
  expect(segmented(new Uint32Array(0), column).slotCount).toBe(0);
  expect(segmented(new Uint32Array(0), undefined)).toMatchObject({ slotCount: 0, segments: [] });
  expect(segmented(Uint32Array.of(1), undefined).segments).toEqual([
    { type: 'not_set', text: '(not set)' },
  ]);
});
