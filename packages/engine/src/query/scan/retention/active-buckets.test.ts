import { expect, test } from 'vitest';
import { ActiveBuckets, type ActiveDay } from './active-buckets.ts';
import { BirthLog } from './birth-log.ts';

const dayMs = 86_400_000;
const everybody = { passing: null, isReturn: () => true, withBirth: false };

/** Users of a day with the times of their last rows; the second of two equal ones says that there are several. */
function dayOf(startMs: number, bucket: number, last: Record<number, number[]>): ActiveDay {
  const users = Object.keys(last).map(Number);
  return {
    startMs,
    bucket,
    isLater: startMs > 0,
    cursor: { user: 0, run: 0 },
    activity: {
      users: Uint32Array.from(users),
      firstTimes: new Uint32Array(users.length),
      lastTimes: Uint32Array.from(users, (user) => {
        const [time] = last[user];
        return time * 2 + (last[user].length > 1 ? 1 : 0);
      }),
    },
  };
}

function birthsOf(intervals: number): BirthLog {
  const births = new BirthLog(10, intervals);
  births.begin(10, 20);
  return births;
}

/** Intervals of each birth that have a return. */
function returnsOf(births: BirthLog, intervals: number): number[][] {
  return Array.from({ length: births.count }, (_, birth) =>
    Array.from({ length: intervals }, (__, n) => n).filter((n) => {
      const word = births.returned.array[birth * births.wordCount + (n >>> 5)];
      return ((word >>> (n & 31)) & 1) === 1;
    }),
  );
}

function bear(births: BirthLog, user: number, cohort: number, timeMs: number): void {
  births.add(user - births.firstUser, cohort, { timeMs, tieRank: 0, event: 0, row: 0, value: 0 });
}

test('a birth has returned in the buckets after its own in which its user did anything', () => {
  const births = birthsOf(40);
  const active = new ActiveBuckets(10);
  const none = dayOf(0, 0, {});
  for (const bucket of [0, 1, 31, 32, 33, 70]) {
    active.markDay(
      { ...dayOf(0, bucket, { 9: [1], 12: [1], 20: [1] }), isLater: false },
      births,
      everybody,
    );
    births.beginDay();
    if (bucket <= 1) bear(births, 12, bucket, bucket * dayMs + 5);
    active.markBirths(none, births, everybody);
  }
  active.addReturns(births, 40, everybody);
  expect(returnsOf(births, 40)).toEqual([
    [1, 31, 32, 33],
    [30, 31, 32],
  ]);
});

test('what comes before a birth within its bucket is no return', () => {
  const births = birthsOf(2);
  const active = new ActiveBuckets(10);
  active.markDay({ ...dayOf(0, 0, { 11: [7], 12: [7] }), isLater: false }, births, everybody);
  const second = dayOf(dayMs, 0, { 11: [30], 12: [10], 13: [10], 14: [10, 10] });
  active.markDay(second, births, everybody);
  births.beginDay();
  for (const user of [11, 12, 13, 14]) bear(births, user, 0, dayMs + (user === 13 ? 9 : 10));
  active.markBirths(second, births, everybody);
  active.addReturns(births, 2, everybody);
  // 12 did nothing but be born; 14 did another thing at that time.
  expect(returnsOf(births, 2)).toEqual([[0], [], [0], [0]]);
  active.markDay(dayOf(2 * dayMs, 0, { 12: [1] }), births, everybody);
  expect(returnsOf(births, 2)[1]).toEqual([0]);
});

test('a birth by an event that is no return is not the row that came back', () => {
  const births = birthsOf(1);
  const active = new ActiveBuckets(10);
  const day = dayOf(0, 0, { 11: [10] });
  active.markDay(day, births, everybody);
  births.beginDay();
  bear(births, 12, 0, 10);
  bear(births, 11, 0, 10);
  active.markBirths(day, births, { ...everybody, isReturn: () => false });
  expect(returnsOf(births, 1)).toEqual([[], [0]]);
});

test('users who do not pass do not come back, and ranges leave nothing behind', () => {
  const passing = new Uint8Array(40).fill(1);
  passing[12] = 0;
  const births = birthsOf(3);
  const active = new ActiveBuckets(10);
  for (const [bucket, users] of [
    { 11: [1], 12: [1] },
    { 11: [1], 12: [1] },
  ].entries()) {
    const day = dayOf(bucket * dayMs, bucket, users);
    active.markDay(day, births, { ...everybody, passing });
    births.beginDay();
    if (bucket === 0) for (const user of [11, 12]) bear(births, user, 0, 0);
    active.markBirths(day, births, { ...everybody, passing });
  }
  active.addReturns(births, 3, { ...everybody, passing });
  expect(returnsOf(births, 3)).toEqual([[0, 1], []]);
  births.begin(20, 30);
  active.clear();
  births.beginDay();
  bear(births, 21, 0, 0);
  active.addReturns(births, 3, { ...everybody, passing });
  expect(returnsOf(births, 3)).toEqual([[]]);
});
