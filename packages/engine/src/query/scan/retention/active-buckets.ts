import { firstRunOf } from '../day-span.ts';
import type { DayActivity } from '../scan-source.ts';
import { sliceUsers } from '../user-slice.ts';
import type { RangeCursor } from '../user-slice.ts';
import type { BirthLog } from './birth-log.ts';

/** A UTC day that lies in one calendar bucket as a whole. */
export interface ActiveDay {
  readonly activity: DayActivity;
  readonly startMs: number;
  readonly bucket: number;
  /** Earlier days are in the bucket too. */
  readonly isLater: boolean;
  readonly cursor: RangeCursor;
}

/** What is a return where it is enough who did anything (`presenceFilters`). */
export interface PresenceMatch {
  /** 1 by ordinal where all that a user does is a return; null = everybody's is. */
  readonly passing: Uint8Array | null;
  /** Whether rows of an event are among what a user does: those of the protocol are not. */
  readonly isReturn: (event: number) => boolean;
  /** Whether the event that a user is born with may be his return: in streaks (6.1). */
  readonly withBirth: boolean;
}

/**
 * In which calendar buckets the users of a range did anything: a bit each, so that the returns of a birth
 * are the bits that follow its bucket. Only what comes before it within its own bucket must not count, and
 * that is told apart day by day.
 */
export class ActiveBuckets {
  /** By bucket >>> 5, then by user: bit bucket & 31. Made when a day of these buckets comes. */
  readonly #planes: Uint32Array[] = [];
  readonly #userCountMax: number;
  /** Place of the range's users in the list of the day at hand. */
  #from = 0;
  #end = 0;

  constructor(userCountMax: number) {
    this.#userCountMax = userCountMax;
  }

  /** For another range of users. */
  clear(): void {
    for (const plane of this.#planes) plane.fill(0);
  }

  /** Days ascend. To be called before the births of the day are found, and `markBirths` after that. */
  markDay(
    { activity, bucket, isLater, cursor }: ActiveDay,
    births: BirthLog,
    { passing }: PresenceMatch,
  ): void {
    const { users } = activity;
    const { firstUser, userCount } = births;
    const slice = sliceUsers(activity, firstUser, firstUser + userCount, cursor);
    this.#from = slice.firstRun;
    this.#end = slice.endRun;
    const place = { users, from: this.#from, end: this.#end };
    markBit(place, firstUser, this.#planeOf(bucket >>> 5), 1 << (bucket & 31));
    if (isLater) markOwn(place, bucket, births, passing);
  }

  /** Who was born today came back if his last row of the day is another one than that of the birth. */
  markBirths(
    { activity, startMs }: ActiveDay,
    births: BirthLog,
    { passing, isReturn, withBirth }: PresenceMatch,
  ): void {
    const { users, lastTimes } = activity;
    let at = this.#from;
    for (let birth = births.todayFrom; birth < births.count; birth++) {
      const user = births.users.array[birth];
      // Births of one event come in the order of users.
      if (at > this.#from && users[at - 1] >= user) at = firstRunOf(users, user, this.#from);
      while (at < this.#end && users[at] < user) at++;
      if (at === this.#end || users[at] !== user) continue;
      if (passing !== null && passing[user] === 0) continue;
      const last = startMs + (lastTimes[at] >>> 1);
      const time = births.times.array[birth];
      const counts = withBirth || (lastTimes[at] & 1) === 1 || !isReturn(births.eventOf(birth));
      if (last > time || (last === time && counts)) births.addReturn(birth, 0);
    }
  }

  /** Gives births the returns of the buckets after their own; no further day comes. */
  addReturns(births: BirthLog, unitCount: number, { passing }: PresenceMatch): void {
    if (this.#planes.length === 0) return;
    const { count, wordCount, firstUser } = births;
    const users = births.users.array;
    const cohorts = births.cohorts.array;
    const returned = births.returned.array;
    const lastMask = unitCount % 32 === 0 ? -1 : (1 << (unitCount % 32)) - 1;
    for (let word = 0; word < wordCount; word++) {
      const mask = (word === wordCount - 1 ? lastMask : -1) & (word === 0 ? -2 : -1);
      for (let birth = 0; birth < count; birth++) {
        const user = users[birth];
        if (passing !== null && passing[user] === 0) continue;
        const bits = this.#bitsFrom(user - firstUser, cohorts[birth] + word * 32);
        returned[birth * wordCount + word] |= bits & mask;
      }
    }
  }

  /** The 32 buckets from `bucket` on. */
  #bitsFrom(user: number, bucket: number): number {
    const plane = bucket >>> 5;
    const shift = bucket & 31;
    const low = plane < this.#planes.length ? this.#planes[plane][user] >>> shift : 0;
    if (shift === 0 || plane + 1 >= this.#planes.length) return low;
    return low | (this.#planes[plane + 1][user] << (32 - shift));
  }

  #planeOf(index: number): Uint32Array {
    while (this.#planes.length <= index) this.#planes.push(new Uint32Array(this.#userCountMax));
    return this.#planes[index];
  }
}

/** Users of a range in an ascending list: from `from` to before `end`. */
interface UsersPlace {
  readonly users: Uint32Array;
  readonly from: number;
  readonly end: number;
}

function markBit(
  { users, from, end }: UsersPlace,
  firstUser: number,
  plane: Uint32Array,
  bit: number,
): void {
  for (let i = from; i < end; i++) plane[users[i] - firstUser] |= bit;
}

/** Who was born in the bucket on an earlier day, and did something today, came back in interval 0. */
function markOwn(
  { users, from, end }: UsersPlace,
  bucket: number,
  births: BirthLog,
  passing: Uint8Array | null,
): void {
  const { latestCohorts, latest, firstUser } = births;
  for (let i = from; i < end; i++) {
    const user = users[i] - firstUser;
    if (latestCohorts[user] !== bucket) continue;
    if (passing === null || passing[users[i]] === 1) births.addReturn(latest[user] - 1, 0);
  }
}
