import type { AttemptsOver } from './attempts-over.ts';
import type { AttemptShape, AttemptTable } from './attempt-table.ts';
import type { FollowedDay } from './day-steps.ts';
import { FirstEntryDays } from './first-entry-days.ts';
import { FirstEntryState } from './first-entry-state.ts';
import type { Follower, FollowRules } from './follower.ts';
import { numberAt } from './step-rows.ts';
import { endOfInstant, fillValues, firstUnused } from './user-rows.ts';
import type { UserRows } from './user-rows.ts';

/**
 * The attempt of the first entry (5.2), or with attempts that repeat every one: after one is over, by
 * conversion or by the end of its window, the next entry begins another (5.9). Grace 0: step k + 1 is the
 * first row in (time, arrival) order that fits it, is not earlier than step k, and is no step of an attempt yet.
 */
export class FirstEntryFollower implements Follower {
  readonly #state: FirstEntryState;
  readonly #days: FirstEntryDays;
  /** 1 where a row of the instant at hand is a step already. */
  #used = new Uint8Array(16);

  constructor(rules: FollowRules, shape: AttemptShape) {
    this.#state = new FirstEntryState(rules, shape);
    this.#days = new FirstEntryDays(this.#state);
  }

  begin(userCount: number, over: AttemptsOver | null): void {
    this.#state.begin(userCount, over);
  }

  followDay(day: FollowedDay): void {
    this.#days.follow(day);
  }

  followRows(user: number, rows: UserRows, day: FollowedDay): void {
    const { levels, entryTimes, windowMs, over } = this.#state;
    for (let row = 0; row < rows.count;) {
      const end = endOfInstant(rows, row);
      const timeMs = day.startMs + rows.times[row];
      if (levels[user] > 0 && timeMs > entryTimes[user] + windowMs) {
        // An attempt whose window is over stays as it is.
        if (over === null) return;
        this.#state.end(user);
      }
      if (this.#hasConverted(user)) return;
      this.#followInstant(user, rows, { first: row, end }, day);
      row = end;
    }
  }

  close(base: number, table: AttemptTable): void {
    const { levels, own, userCount } = this.#state;
    for (let user = 0; user < userCount; user++) {
      if (levels[user] > 0) table.add(base + user, levels[user], own, user);
    }
  }

  /** Rows of one instant may be steps in any order, each of them once. */
  #followInstant(
    user: number,
    rows: UserRows,
    { first, end }: { readonly first: number; readonly end: number },
    day: FollowedDay,
  ): void {
    const { levels } = this.#state;
    const used = this.#unused(end - first);
    const instant = { first, end };
    this.#leaveOut(user, rows, instant, used, day);
    // An entry lies after every row of the attempt before it.
    let entriesFrom = first;
    for (;;) {
      let last = first - 1;
      if (levels[user] === 0) {
        last = firstEntry(rows, used, first, { from: entriesFrom, end });
        if (last === end || !mayEnterAt(day, rows.times[last])) return;
        used[last - first] = 1;
        this.#reach(user, rows, last, day);
        this.#leaveOut(user, rows, instant, used, day);
      }
      while (levels[user] > 0 && !this.#hasConverted(user)) {
        const row = firstUnused(rows, used, instant, levels[user]);
        if (row === end) return;
        used[row - first] = 1;
        last = Math.max(last, row);
        this.#reach(user, rows, row, day);
      }
      if (levels[user] > 0) return;
      entriesFrom = last + 1;
    }
  }

  /** Rows without the values that are held constant count as used: those of the entry, once there is one. */
  #leaveOut(
    user: number,
    { rows, lists }: UserRows,
    { first, end }: { readonly first: number; readonly end: number },
    used: Uint8Array,
    day: FollowedDay,
  ): void {
    const { held, heldCount, levels } = this.#state;
    const at = user * heldCount;
    for (let h = 0; h < heldCount; h++) {
      for (let row = first; row < end; row++) {
        const value = day.lists[lists[row]].held[h].idOf(rows[row]);
        if (levels[user] === 0 ? value === 0 : value !== held[at + h]) used[row - first] = 1;
      }
    }
  }

  #hasConverted(user: number): boolean {
    return this.#state.levels[user] === this.#state.stepCount;
  }

  #reach(user: number, rows: UserRows, row: number, day: FollowedDay): void {
    const { levels, valueCount, numberCount, heldCount, valueRule, own, held } = this.#state;
    const list = day.lists[rows.lists[row]];
    if (levels[user] === 0) {
      for (let h = 0; h < heldCount; h++) {
        held[user * heldCount + h] = list.held[h].idOf(rows.rows[row]);
      }
    }
    if (numberCount > 0) {
      own.numbers[user * numberCount + levels[user]] = numberAt(list, rows.rows[row]);
    }
    if (valueCount > 0) {
      const at = user * valueCount;
      if (levels[user] === 0) own.values.fill(0, at, at + valueCount);
      fillValues({ rows, row, step: levels[user] }, day.lists, valueRule, own.values, at);
    }
    this.#state.reach(user, day.startMs + rows.times[row]);
  }

  #unused(count: number): Uint8Array {
    if (count > this.#used.length) this.#used = new Uint8Array(count * 2);
    return this.#used.fill(0, 0, count);
  }
}

function mayEnterAt({ entries }: FollowedDay, time: number): boolean {
  return entries !== null && time >= entries.fromMs && time < entries.toMs;
}

/** The first row of the instant from `from` on that is an entry and no step yet; `end` where there is none. */
function firstEntry(
  { bits }: UserRows,
  used: Uint8Array,
  first: number,
  { from, end }: { readonly from: number; readonly end: number },
): number {
  let row = from;
  while (row < end && ((bits[row] & 1) === 0 || used[row - first] === 1)) row++;
  return row;
}
