import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { type ActiveRuns, firstAndLast, unitedUsers } from './active-users.ts';

/** Rows of one event: users with their times, in any order. */
function runsOf(rows: readonly (readonly [user: number, time: number])[]): ActiveRuns {
  const sorted = [...rows].sort(([user, time], [other, at]) => user - other || time - at);
  const users = [...new Set(sorted.map(([user]) => user))];
  const starts = users.map((user) => sorted.findIndex(([one]) => one === user));
  return {
    users: Uint32Array.from(users),
    starts: Uint32Array.from([...starts, sorted.length]),
    times: Uint32Array.from(sorted, ([, time]) => time),
  };
}

test('users of all events are listed once, nobody among them', () => {
  const lists = [
    runsOf([[33, 1]]),
    runsOf([]),
    runsOf([
      [0, 5],
      [7, 2],
      [33, 9],
      [64, 1],
    ]),
  ];
  expect([...unitedUsers(lists)]).toEqual([0, 7, 33, 64]);
  expect([...unitedUsers([])]).toEqual([]);
});

test('the first and the last row of a user are found whatever their events are', () => {
  const runs = [
    runsOf([
      [3, 50],
      [3, 70],
      [5, 0],
    ]),
    runsOf([
      [3, 20],
      [4, 60],
    ]),
  ];
  const { firsts, lasts } = firstAndLast(runs, unitedUsers(runs));
  expect([...firsts]).toEqual([20, 60, 0]);
  expect([...lasts]).toEqual([140, 120, 0]);
});

test('several rows at the last time are told, of one event or of two', () => {
  const twice = [
    runsOf([
      [1, 8],
      [1, 8],
    ]),
  ];
  expect([...firstAndLast(twice, unitedUsers(twice)).lasts]).toEqual([17]);
  const apart = [
    runsOf([
      [1, 8],
      [2, 4],
      [2, 4],
    ]),
    runsOf([
      [1, 8],
      [2, 5],
    ]),
  ];
  expect([...firstAndLast(apart, unitedUsers(apart)).lasts]).toEqual([17, 10]);
});

test(`agrees with a look at all rows (seed ${propertySeed})`, () => {
  const row = fc.tuple(fc.nat({ max: 70 }), fc.nat({ max: 5 }));
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 30 }), { maxLength: 4 }), (events) => {
      const runs = events.map(runsOf);
      const users = unitedUsers(runs);
      const { firsts, lasts } = firstAndLast(runs, users);
      const all = events.flat();
      const expected = [...new Set(all.map(([user]) => user))]
        .sort((user, other) => user - other)
        .map((user) => {
          const times = all.flatMap(([one, time]) => (one === user ? [time] : []));
          const last = Math.max(...times);
          const several = times.filter((time) => time === last).length > 1;
          return [user, Math.min(...times), last * 2 + Number(several)];
        });
      const actual = Array.from(users, (user, i) => [user, firsts[i], lasts[i]]);
      expect(actual).toEqual(expected);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
