import { expect, test } from 'vitest';
import fc from 'fast-check';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import type { StepList } from './step-lists.ts';
import { UserRows } from './user-rows.ts';

/** A row as (time, arrival). */
type Row = readonly [number, number];

/** Lists with one run each, of user 7, the only one of the range. */
function listOf(bits: number, rows: readonly Row[], step?: number[]): StepList {
  return {
    users: Uint32Array.of(7),
    starts: Uint32Array.of(0, rows.length),
    times: Uint32Array.from(rows, ([time]) => time),
    tieRanks: Uint32Array.from(rows, ([, rank]) => rank),
    firstRun: 0,
    endRun: 1,
    bits,
    rowBits: step ? Uint32Array.from(step) : null,
    firstRow: 0,
    step: null,
    values: [],
    held: [],
    summed: null,
  };
}

function taken(lists: readonly StepList[], ordinal = 7) {
  const { count, times, bits, lists: rowLists, rows } = takenRows(lists, ordinal);
  return Array.from({ length: count }, (_, i) => [times[i], bits[i], rowLists[i], rows[i]]);
}

function takenRows(lists: readonly StepList[], ordinal: number): UserRows {
  const rows = new UserRows();
  rows.take(ordinal, lists);
  return rows;
}

test('orders the rows of several events by time', () => {
  const entries = listOf(1, [
    [10, 0],
    [30, 0],
  ]);
  const later = listOf(2, [
    [20, 0],
    [40, 0],
  ]);
  expect(taken([entries, later])).toEqual([
    [10, 1, 0, 0],
    [20, 2, 1, 0],
    [30, 1, 0, 1],
    [40, 2, 1, 1],
  ]);
});

test('orders rows of one instant by arrival', () => {
  const entries = listOf(1, [
    [10, 1],
    [10, 3],
  ]);
  const later = listOf(2, [
    [10, 0],
    [10, 2],
  ]);
  expect(taken([entries, later]).map(([, bits]) => bits)).toEqual([2, 1, 2, 1]);
});

test('leaves out rows that fit no step', () => {
  const rows: Row[] = [
    [10, 0],
    [20, 0],
    [30, 0],
  ];
  expect(taken([listOf(3, rows, [1, 0, 2])]).map(([time]) => time)).toEqual([10, 30]);
});

test('has no rows of users who are not there', () => {
  const list = listOf(1, [[10, 0]]);
  expect([taken([list], 6), taken([list], 8), taken([])]).toEqual([[], [], []]);
});

test('keeps every row in order, however many there are and however many share an instant', () => {
  const rows = fc.array(fc.nat({ max: 200 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), fc.boolean(), (lists, few) => {
      // Arrival is the order in which the rows of all lists are written.
      const all = lists.flatMap((times, list) => times.map((time) => ({ time, list })));
      const kept = few ? all.slice(0, 20) : all;
      const made = lists.flatMap((_, list) => {
        const own = kept.flatMap(({ time, list: of }, rank): Row[] =>
          of === list ? [[time, rank]] : [],
        );
        own.sort(([left, a], [right, b]) => left - right || a - b);
        // A run has rows.
        return own.length > 0 ? [listOf(1 << list, own)] : [];
      });
      const expected = kept
        .map(({ time, list }, rank) => ({ time, bits: 1 << list, rank }))
        .sort((left, right) => left.time - right.time || left.rank - right.rank);
      expect(taken(made).map(([time, bits]) => [time, bits])).toEqual(
        expected.map(({ time, bits }) => [time, bits]),
      );
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
