import { firstRunOf, judgeWithin, MaskScratch } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import type { RowMatch } from '../row-mask.ts';
import type { Judgement } from '../row-tests.ts';
import type { DayActivity, DayRows, EventRows } from '../scan-source.ts';
import type { PresenceMatch } from './active-buckets.ts';
import type { BirthLog } from './birth-log.ts';

/**
 * Who came back within a part of a day, and between when and when: what is needed to say in which intervals
 * of which births. Users without a birth that still counts are passed over.
 */
export class ReturnDays {
  /** Users who came back, as numbers of the range, each once, in any order. */
  touched: Uint32Array = new Uint32Array(1024);
  touchedCount = 0;
  /** By user, ms since the start of the day; only where times matter, and for users born today. */
  readonly firstTimes: Uint32Array;
  readonly lastTimes: Uint32Array;
  readonly #return: RowMatch;
  /** Whether the event that a user is born with may be his return: in streaks (6.1). */
  readonly #withBirth: boolean;
  readonly #mask = new MaskScratch();
  /** By user: returns at the last time that are not the row of a birth of today. */
  readonly #othersAtLast: Uint32Array;
  /** By user: 1 = came back within the part at hand. */
  readonly #isTouched: Uint8Array;

  constructor(match: RowMatch, withBirth: boolean, userCountMax: number) {
    this.#return = match;
    this.#withBirth = withBirth;
    this.firstTimes = new Uint32Array(userCountMax);
    this.lastTimes = new Uint32Array(userCountMax);
    this.#othersAtLast = new Uint32Array(userCountMax);
    this.#isTouched = new Uint8Array(userCountMax);
  }

  /** `withTimes`: of every user, not only of those born today. */
  collect(day: DayRows, span: DaySpan, births: BirthLog, withTimes: boolean): void {
    this.#clear();
    const { firstUser: first, userCount } = births;
    for (const rows of day.events) {
      const match = this.#return.ofEvent(rows.event);
      if (!match) continue;
      const firstRun = firstRunOf(rows.users, first);
      const endRun = firstRunOf(rows.users, first + userCount);
      const slice = { first: rows.starts[firstRun], end: rows.starts[endRun] };
      const mask = this.#mask.take(slice.end - slice.first);
      const judgement = judgeWithin(match, rows, slice, span, mask);
      if (judgement === 'none') continue;
      this.#reserve(endRun - firstRun);
      const passing = match.users;
      this.#collectRuns(
        { rows, firstRun, endRun, first, judgement, mask, passing, withTimes },
        births,
      );
    }
  }

  /**
   * The same of a whole day where it is enough who did anything on it, and between when and when; times are
   * those of every user.
   */
  collectActive(
    { users, firstTimes, lastTimes }: DayActivity,
    dayStartMs: number,
    births: BirthLog,
    { passing, isReturn }: PresenceMatch,
  ): void {
    this.#clear();
    const { latest, todayFrom, firstUser, userCount } = births;
    const from = firstRunOf(users, firstUser);
    const end = firstRunOf(users, firstUser + userCount, from);
    this.#reserve(end - from);
    for (let i = from; i < end; i++) {
      const user = users[i] - firstUser;
      const birth = latest[user];
      if (birth === 0 || (passing !== null && passing[users[i]] === 0)) continue;
      this.#isTouched[user] = 1;
      this.touched[this.touchedCount++] = user;
      const last = lastTimes[i] >>> 1;
      this.firstTimes[user] = firstTimes[i];
      this.lastTimes[user] = last;
      if (birth <= todayFrom) continue;
      const isSeveral = (lastTimes[i] & 1) === 1;
      const isBirthAlone =
        !isSeveral && isOnlyBirthAt(dayStartMs + last, births.latest[user], births, isReturn);
      this.#othersAtLast[user] = isBirthAlone ? 0 : 1;
    }
  }

  /**
   * Whether the user came back after a birth of today, or at its instant by another event (6.1; in streaks by any). Times are
   * those of the part of the day that the birth is in.
   */
  isAfterBirth(user: number, birthTime: number): boolean {
    const last = this.lastTimes[user];
    if (last !== birthTime) return last > birthTime;
    return this.#withBirth || this.#othersAtLast[user] > 0;
  }

  #clear(): void {
    for (let i = 0; i < this.touchedCount; i++) this.#isTouched[this.touched[i]] = 0;
    this.touchedCount = 0;
  }

  #collectRuns(runs: ReturnRuns, births: BirthLog): void {
    const { rows, firstRun, endRun, first, judgement, mask, passing, withTimes } = runs;
    const { users, starts } = rows;
    const { latest, todayFrom } = births;
    const isTouched = this.#isTouched;
    const origin = starts[firstRun];
    for (let run = firstRun; run < endRun; run++) {
      const user = users[run] - first;
      const birth = latest[user];
      if (birth === 0) continue;
      const isBornToday = birth > todayFrom;
      if (isTouched[user] === 1 && !withTimes && !isBornToday) continue;
      if (passing !== null && passing[users[run]] === 0) continue;
      let from = starts[run];
      let end = starts[run + 1];
      if (judgement === 'some') {
        while (from < end && mask[from - origin] === 0) from++;
        // Of most users it is enough that there is a row.
        if (withTimes || isBornToday) while (end > from && mask[end - 1 - origin] === 0) end--;
      }
      if (from === end) continue;
      const isFirst = isTouched[user] === 0;
      if (isFirst) {
        isTouched[user] = 1;
        this.touched[this.touchedCount++] = user;
      }
      if (withTimes || isBornToday) this.#widen(user, rows, from, end, isFirst);
      if (isBornToday) this.#countAtLast(user, runs, { from, end }, births);
    }
  }

  /** Rows from … end − 1 begin and end with a return. */
  #widen(user: number, { times }: EventRows, from: number, end: number, isFirst: boolean): void {
    const start = times[from];
    const last = times[end - 1];
    if (isFirst || start < this.firstTimes[user]) this.firstTimes[user] = start;
    if (isFirst || last > this.lastTimes[user]) {
      this.lastTimes[user] = last;
      this.#othersAtLast[user] = 0;
    }
  }

  /** Adds the returns of a run at the user's last time, except the births themselves. */
  #countAtLast(
    user: number,
    { rows, firstRun, judgement, mask }: ReturnRuns,
    { from, end }: { readonly from: number; readonly end: number },
    births: BirthLog,
  ): void {
    const origin = rows.starts[firstRun];
    const last = this.lastTimes[user];
    for (let row = end - 1; row >= from && rows.times[row] === last; row--) {
      if (judgement === 'some' && mask[row - origin] === 0) continue;
      if (!isBirthRow(births, user, rows.event, row)) this.#othersAtLast[user]++;
    }
  }

  #reserve(runCount: number): void {
    if (this.touchedCount + runCount <= this.touched.length) return;
    const larger = new Uint32Array((this.touchedCount + runCount) * 2);
    larger.set(this.touched.subarray(0, this.touchedCount));
    this.touched = larger;
  }
}

/** The runs of a range of users in the rows of one event, and which of their rows are returns. */
interface ReturnRuns {
  readonly rows: EventRows;
  readonly firstRun: number;
  readonly endRun: number;
  /** Ordinal of user 0 of the range. */
  readonly first: number;
  readonly judgement: Exclude<Judgement, 'none'>;
  /** After `some`, from the first row of the first run on. */
  readonly mask: Uint8Array;
  /** 1 by ordinal where the user passes; null = all do. */
  readonly passing: Uint8Array | null;
  readonly withTimes: boolean;
}

/** Whether the last of these births of today, at most one an instant, is the row of a user at an instant. */
function isOnlyBirthAt(
  timeMs: number,
  latest: number,
  births: BirthLog,
  isReturn: PresenceMatch['isReturn'],
): boolean {
  const { previous, times, todayFrom } = births;
  for (let birth = latest; birth > todayFrom; birth = previous.array[birth - 1]) {
    if (times.array[birth - 1] === timeMs) return isReturn(births.eventOf(birth - 1));
  }
  return false;
}

function isBirthRow(births: BirthLog, user: number, event: number, row: number): boolean {
  const { previous, todayFrom } = births;
  for (let birth = births.latest[user]; birth > todayFrom; birth = previous.array[birth - 1]) {
    if (births.rowOf(birth - 1, event) === row) return true;
  }
  return false;
}
