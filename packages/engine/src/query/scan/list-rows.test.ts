import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { listRows } from './list-rows.ts';
import type { RowTest } from './row-tests.ts';
import type { EventRows } from './scan-source.ts';

const rowsOf = (rowCount: number): EventRows => ({
  event: 0,
  rowCount,
  users: Uint32Array.of(1),
  starts: Uint32Array.of(0, rowCount),
  times: new Uint32Array(0),
  tieRanks: null,
  column: () => undefined,
});

const judge =
  (passing: readonly boolean[]): RowTest['judge'] =>
  ({ first, end }, mask) => {
    for (let row = first; row < end; row++) mask[row - first] = passing[row] ? 1 : 0;
    return 'some';
  };

/** Decided by distinct values: code 1 passes; the longer the table, the later its turn. */
const coded = (passing: readonly boolean[], tableLength: number): RowTest => ({
  foretell: () => 'some',
  judge: judge(passing),
  verdicts: () => ({
    codes: Uint8Array.from(passing, (passes) => (passes ? 1 : 0)),
    byCode: Uint8Array.from({ length: tableLength }, (_, code) => (code === 1 ? 1 : 0)),
  }),
});

const masked = (passing: readonly boolean[]): RowTest => ({
  foretell: () => 'some',
  judge: judge(passing),
});

const constant = (judgement: 'all' | 'none'): RowTest => ({
  foretell: () => judgement,
  judge: () => judgement,
});

function list(tests: readonly RowTest[], rowCount: number, first = 0): number[] {
  const room = { rows: new Uint32Array(rowCount), mask: new Uint8Array(rowCount) };
  const count = listRows(tests, { rows: rowsOf(rowCount), first, end: rowCount }, room);
  return Array.from(room.rows.subarray(0, count));
}

test('without anything to test every row is listed', () => {
  expect(list([], 3)).toEqual([0, 1, 2]);
  expect(list([constant('all')], 3, 1)).toEqual([1, 2]);
});

test('what is known to let nothing through lists nothing', () => {
  expect(list([coded([true, true], 2), constant('none')], 2)).toEqual([]);
});

test(`lists the rows that pass every test, whatever decides it (seed ${propertySeed})`, () => {
  const pattern = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
  const test = fc.oneof(
    fc.tuple(pattern, fc.integer({ min: 2, max: 5 })).map(([own, length]) => {
      return { own, test: coded(own, length) };
    }),
    pattern.map((own) => ({ own, test: masked(own) })),
  );
  fc.assert(
    fc.property(fc.array(test, { maxLength: 4 }), fc.nat({ max: 12 }), (tests, first) => {
      const expected = Array.from({ length: 12 }, (_, row) => row).filter(
        (row) => row >= first && tests.every(({ own }) => own[row]),
      );
      expect(
        list(
          tests.map((one) => one.test),
          12,
          first,
        ),
      ).toEqual(expected);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
}, 30_000);
