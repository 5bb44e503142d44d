import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import {
  plainRows,
  sortPlainRows,
  toPlainRows,
  toSegmentRows,
} from '../../format/segment/testing/random-rows.ts';
import { pickRows } from './pick-rows.ts';

describe('picked rows', () => {
  it('hold everything that they held among the others', () => {
    fc.assert(
      fc.property(plainRows(30), fc.func(fc.boolean()), (plain, isPicked) => {
        const rows = toSegmentRows(sortPlainRows(plain));
        const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
        const picked = all.filter((row) => isPicked(row));
        const before = toPlainRows(rows);
        expect(toPlainRows(pickRows(rows, picked))).toEqual(
          Array.from(picked, (row) => before[row]),
        );
        expect(toPlainRows(pickRows(rows, all))).toEqual(before);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});
