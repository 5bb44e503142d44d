import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import { DaySteps } from './day-steps.ts';
import type { StepList } from './step-lists.ts';
import type { StepRows } from './step-rows.ts';

/** One row of a day. */
interface Row {
  readonly user: number;
  readonly time: number;
  readonly rank: number;
  /** Steps that it fits, as bits. */
  readonly bits: number;
}

const users = { first: 5, end: 12 };

/** Rows in any order, as the list of one event. */
function listOf(rows: readonly Row[], isFiltered: boolean): StepList {
  const sorted = rows.toSorted(
    (left, right) => left.user - right.user || left.time - right.time || left.rank - right.rank,
  );
  const own = [...new Set(sorted.map(({ user }) => user))];
  const all = rows.reduce((bits, row) => bits | row.bits, 0);
  return {
    users: Uint32Array.from(own),
    starts: Uint32Array.of(
      ...own.map((user) => sorted.findIndex((row) => row.user === user)),
      sorted.length,
    ),
    times: Uint32Array.from(sorted, ({ time }) => time),
    tieRanks: Uint32Array.from(sorted, ({ rank }) => rank),
    firstRun: 0,
    endRun: own.length,
    bits: all,
    rowBits: isFiltered ? Uint32Array.from(sorted, ({ bits }) => bits) : null,
    firstRow: 0,
    step: (all & (all - 1)) === 0 ? 31 - Math.clz32(all) : null,
    values: [],
    held: [],
    summed: null,
  };
}

/** As [user, time, list, row]. */
function read({ users: own, starts, times, firstRun, endRun, rows, lists, list }: StepRows) {
  const found: number[][] = [];
  for (let run = firstRun; run < endRun; run++) {
    for (let i = starts[run]; i < starts[run + 1]; i++) {
      found.push([own[run], times[i], lists?.[i] ?? list, rows?.[i] ?? i]);
    }
  }
  return found;
}

const row = (user: number, time: number, bits: number, rank = 0): Row => ({
  user,
  time,
  bits,
  rank,
});

test('reads the list itself where all of its rows fit', () => {
  const list = listOf([row(5, 10, 1), row(9, 20, 1)], false);
  const [step] = new DaySteps(2, false).of([list], users, 0).steps;
  expect(step.times).toBe(list.times);
});

test('has only rows that fit, and no run of users without any', () => {
  const list = listOf([row(5, 10, 1), row(6, 10, 0), row(6, 20, 2), row(7, 5, 3)], true);
  const { steps, isStrict } = new DaySteps(2, false).of([list], users, 0);
  expect(isStrict).toBe(true);
  expect(steps.map(read)).toEqual([
    [
      [5, 10, 0, 0],
      [7, 5, 0, 3],
    ],
    [
      [6, 20, 0, 2],
      [7, 5, 0, 3],
    ],
  ]);
});

test('leaves out tied users where their order matters, and only there', () => {
  const lists = [
    listOf([row(5, 10, 1), row(6, 10, 1)], false),
    listOf([row(6, 10, 2, 1), row(7, 9, 2)], false),
  ];
  const apart = new DaySteps(2, true).of(lists, users, 0);
  expect(apart.tied).toEqual([1]);
  expect(apart.steps.map(read)).toEqual([[[5, 10, 0, 0]], [[7, 9, 1, 1]]]);
  const together = new DaySteps(2, false).of(lists, users, 0);
  expect(together.tied).toEqual([]);
  expect(together.steps.map((step) => read(step).length)).toEqual([2, 2]);
});

test('forgets who was tied the day before', () => {
  const days = new DaySteps(1, true);
  expect(days.of([listOf([row(6, 10, 1, 1)], false)], users, 0).tied).toEqual([1]);
  const next = days.of([listOf([row(6, 10, 1)], false)], users, 0);
  expect([next.tied, next.steps.map(read)]).toEqual([[], [[[6, 10, 0, 0]]]]);
});

test('orders the rows of many events of a step by user, time and arrival', () => {
  const rows = fc.array(
    fc.tuple(fc.integer({ min: 5, max: 11 }), fc.nat({ max: 5 }), fc.nat({ max: 3 })),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(
      fc.array(rows, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (events, filtered) => {
        let rank = 0;
        const all = events.map((own) =>
          own.map(([user, time, bits]) => row(user, time, filtered ? bits : 3, rank++)),
        );
        const lists = all.map((own) => listOf(own, filtered));
        // Ranks above 0 make users tied, where ties matter: here the order itself is looked at.
        const merged = new DaySteps(2, false);
        const followed = merged.of(
          lists.map((list) => ({ ...list, step: 0 })),
          users,
          0,
        );
        for (const [step, found] of followed.steps.entries()) {
          const expected = all
            .flat()
            .filter(({ bits }) => ((bits >>> step) & 1) === 1)
            .sort((a, b) => a.user - b.user || a.time - b.time || a.rank - b.rank);
          const ranks = read(found).map(([, , list, own]) => lists[list].tieRanks?.[own]);
          expect(ranks).toEqual(expected.map((one) => one.rank));
        }
      },
    ),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
