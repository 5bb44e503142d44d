import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Segment } from '@arbor/schema/result';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';
import { packSegments, unpackSegments } from './packed-segments.ts';
import type { Cells, SegmentCells } from './partial.ts';

const segment = fc.record<Segment>({
  type: fc.constantFrom('string', 'number', 'boolean', 'json', 'not_set', 'empty_string', 'other'),
  text: fc.string({ maxLength: 4 }),
});

const at = fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 3 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

/** As many of a kind as there are buckets. */
const listOf = <T>(each: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
  fc.array(each, { minLength: length, maxLength: length });

const ascending = fc
  .array(fc.nat({ max: 99 }), { maxLength: 20 })
  .map((values) => packNumbers({ values: Float64Array.from(values).sort(), counts: null }));

function cellsOf(type: Cells['type']): fc.Arbitrary<Cells> {
  return at.chain((own): fc.Arbitrary<Cells> => {
    const { length } = own;
    const base = { at: fc.constant(own) };
    const numbers = listOf(number, length);
    switch (type) {
      case 'counts':
        return fc.record({ type: fc.constant(type), ...base, counts: numbers });
      case 'users':
        return fc.record({ type: fc.constant(type), ...base, counts: numbers, range: fc.nat() });
      case 'sums':
        return fc.record({
          type: fc.constant(type),
          ...base,
          sums: numbers,
          corrections: numbers,
          counts: numbers,
        });
      case 'extremes':
        return fc.record({ type: fc.constant(type), ...base, values: numbers });
      case 'values':
        return fc.record({ type: fc.constant(type), ...base, values: listOf(ascending, length) });
      case 'distinct':
        return fc.record({
          type: fc.constant(type),
          ...base,
          values: listOf(fc.array(fc.string()), length),
        });
    }
  });
}

const segments = fc
  .constantFrom<Cells['type']>('counts', 'users', 'sums', 'extremes', 'values', 'distinct')
  .chain((type) =>
    fc.array(fc.record({ segment, cells: cellsOf(type) }), { maxLength: 80, size: 'max' }),
  );

/** Lists of numbers have several forms: what they hold is compared. */
const readable = (lists: readonly SegmentCells<Cells>[]) =>
  lists.map(({ segment: own, cells }) => ({
    segment: own,
    cells:
      cells.type === 'values'
        ? { ...cells, values: cells.values.map((list) => Array.from(unpackNumbers(list).values)) }
        : cells,
  }));

test('a few segments stay as they are, many become a few lists', () => {
  const one = {
    segment: { type: 'string' as const, text: 'x' },
    cells: { type: 'counts' as const, at: [0], counts: [1] },
  };
  expect(packSegments([one])).toEqual([one]);
  expect(packSegments(Array.from({ length: 40 }, () => one))).toMatchObject({
    types: 's'.repeat(40),
  });
});

test(`comes back from JSON as it was (seed ${propertySeed})`, () => {
  fc.assert(
    fc.property(segments, (own) => {
      const sent = JSON.parse(JSON.stringify(packSegments(own))) as ReturnType<typeof packSegments>;
      expect(readable(unpackSegments(sent))).toEqual(readable(own));
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
