import type { AttemptArrays, AttemptShape, AttemptTable } from './attempt-table.ts';
import type { AttemptsOver } from './attempts-over.ts';
import type { EntriesNeeded, FollowedDay, Follower, FollowRules } from './follower.ts';
import type { StepRuns } from './step-runs.ts';
import { userState } from './user-days.ts';
import type { UserRows } from './user-rows.ts';

const { idle, running, done } = userState;

/**
 * The attempt of the first entry (5.2), or with `repeats` every attempt: after one is over, by conversion
 * or by the end of its window, the next entry begins another (5.9). Grace 0: step k + 1 is the first row in
 * (time, arrival) order that fits it, is not earlier than step k, and is no step of an attempt yet.
 */
export class FirstEntryFollower implements Follower {
  readonly states: Uint8Array;
  readonly again: boolean;
  readonly entriesNeeded: EntriesNeeded;
  readonly #rules: FollowRules;
  readonly #shape: AttemptShape;
  /** Null = one attempt a user. */
  readonly #over: AttemptsOver | null;
  readonly #levels: Uint8Array;
  readonly #entryTimes: Float64Array;
  /** Of the attempt of each user. */
  readonly #own: AttemptArrays;
  /** By step: the row that was found for it today. */
  readonly #reached: Uint32Array;
  /** 1 where a row of the instant at hand is a step already. */
  #used = new Uint8Array(16);

  constructor(
    userCount: number,
    rules: FollowRules,
    shape: AttemptShape,
    over: AttemptsOver | null,
  ) {
    this.#rules = rules;
    this.#shape = shape;
    this.#over = over;
    this.again = over !== null;
    this.entriesNeeded = over === null ? 'first' : 'all';
    this.states = new Uint8Array(userCount);
    this.#reached = new Uint32Array(rules.stepCount);
    this.#levels = new Uint8Array(userCount);
    this.#entryTimes = new Float64Array(userCount);
    this.#own = {
      times: new Float64Array(userCount * shape.timeCount),
      values: new Uint32Array(userCount * shape.valueCount),
    };
  }

  follow(user: number, rows: UserRows, day: FollowedDay): void {
    const { order, times, bits, end } = rows;
    for (let i = rows.first; i < end; i++) {
      const row = order[i];
      const time = times[row];
      const timeMs = day.startMs + time;
      if (this.states[user] === running) this.#endWindow(user, timeMs);
      if (this.states[user] === done) return;
      if (i + 1 < end && times[order[i + 1]] === time) {
        const next = endOfInstant(rows, row);
        this.#followInstant(user, rows, { first: row, end: next }, day);
        i = next - 1;
      } else if (this.states[user] === idle) {
        if ((bits[row] & 1) === 1) this.#enter(user, rows, row, day);
      } else if (((bits[row] >>> this.#levels[user]) & 1) === 1) {
        this.#advance(user, rows, row, day);
      }
    }
  }

  /**
   * From step to step: each is the first row after the one before it. Attempts that follow on one another
   * are left to `follow`.
   */
  followRuns(user: number, runs: StepRuns, day: FollowedDay): boolean {
    if (this.#over) return false;
    const { stepCount, windowMs } = this.#rules;
    const before = this.#levels[user];
    let deadlineMs = this.#entryTimes[user] + windowMs;
    let level = before;
    if (before > 0 && day.startMs > deadlineMs) {
      this.states[user] = done;
      return true;
    }
    // A step of a day before lies before all rows of today.
    let after = -1;
    for (; level < stepCount && ((runs.present >>> level) & 1) === 1; level++) {
      const times = runs.times[level];
      let row = runs.starts[level];
      while (row < runs.ends[level] && times[row] < after) row++;
      if (row === runs.ends[level]) break;
      if (times[row] === after) return false;
      if (level === 0) deadlineMs = day.startMs + times[row] + windowMs;
      if (day.startMs + times[row] > deadlineMs) break;
      after = times[row];
      this.#reached[level] = row;
    }
    for (let step = before; step < level; step++) this.#take(user, step, runs, day);
    return true;
  }

  close(base: number, table: AttemptTable): void {
    for (let user = 0; user < this.states.length; user++) {
      if (this.states[user] !== idle) table.add(base + user, this.#levels[user], this.#own, user);
    }
  }

  /** The row found for a step is that of the user's attempt. */
  #take(user: number, step: number, runs: StepRuns, day: FollowedDay): void {
    const { timeCount, valueCount } = this.#shape;
    const row = this.#reached[step];
    const timeMs = day.startMs + runs.times[step][row];
    if (step === 0) {
      this.states[user] = running;
      this.#entryTimes[user] = timeMs;
    }
    if (step < timeCount) this.#own.times[user * timeCount + step] = timeMs;
    for (let v = 0; v < valueCount; v++) {
      const at = user * valueCount + v;
      if (this.#own.values[at] === 0) this.#own.values[at] = runs.valueOf(step, row, v);
    }
    this.#levels[user] = step + 1;
    if (step + 1 === this.#rules.stepCount) this.states[user] = done;
  }

  /** An attempt whose window is over stays as it is. */
  #endWindow(user: number, timeMs: number): void {
    if (timeMs > this.#entryTimes[user] + this.#rules.windowMs) this.#endAttempt(user);
  }

  #endAttempt(user: number): void {
    if (!this.#over) {
      this.states[user] = done;
      return;
    }
    this.#over.add(user, this.#levels[user], this.#own);
    this.states[user] = idle;
  }

  #enter(user: number, rows: UserRows, row: number, day: FollowedDay): void {
    this.states[user] = running;
    this.#levels[user] = 0;
    this.#entryTimes[user] = day.startMs + rows.times[row];
    const { valueCount } = this.#shape;
    this.#own.values.fill(0, user * valueCount, (user + 1) * valueCount);
    this.#advance(user, rows, row, day);
  }

  /** The row is the next step of the user's attempt. */
  #advance(user: number, rows: UserRows, row: number, day: FollowedDay): void {
    const level = this.#levels[user]++;
    const { timeCount, valueCount } = this.#shape;
    if (level < timeCount)
      this.#own.times[user * timeCount + level] = day.startMs + rows.times[row];
    if (valueCount > 0) fillValues(row, rows, day, this.#own.values, user * valueCount);
    if (level + 1 === this.#rules.stepCount) this.#endAttempt(user);
  }

  /** Rows of one instant may be steps in any order, each of them once. */
  #followInstant(
    user: number,
    rows: UserRows,
    { first, end }: { readonly first: number; readonly end: number },
    day: FollowedDay,
  ): void {
    const used = this.#unused(end - first);
    // An entry lies after every row of the attempt before it.
    let entriesFrom = first;
    for (;;) {
      let last = first - 1;
      if (this.states[user] === idle) {
        last = entriesFrom;
        while (last < end && ((rows.bits[last] & 1) === 0 || used[last - first] === 1)) last++;
        if (last === end) return;
        used[last - first] = 1;
        this.#enter(user, rows, last, day);
      }
      while (this.states[user] === running) {
        const row = firstUnused(rows, used, { first, end }, this.#levels[user]);
        if (row === end) return;
        used[row - first] = 1;
        last = Math.max(last, row);
        this.#advance(user, rows, row, day);
      }
      if (this.states[user] === done) return;
      entriesFrom = last + 1;
    }
  }

  #unused(count: number): Uint8Array {
    if (count > this.#used.length) this.#used = new Uint8Array(count * 2);
    return this.#used.fill(0, 0, count);
  }
}

/** The row after the last one of the instant of `row`, where that has several: they lie in their order. */
export function endOfInstant({ times, end }: UserRows, row: number): number {
  let next = row + 1;
  while (next < end && times[next] === times[row]) next++;
  return next;
}

/** The first row of the instant that fits step `step` and is no step yet; `end` where there is none. */
export function firstUnused(
  { bits }: UserRows,
  used: Uint8Array,
  { first, end }: { readonly first: number; readonly end: number },
  step: number,
): number {
  let row = first;
  while (row < end && (((bits[row] >>> step) & 1) === 0 || used[row - first] === 1)) row++;
  return row;
}

/** The row is a step of the attempt whose values lie at `at`: what no step before it had, it may have. */
export function fillValues(
  row: number,
  { lists, rows }: UserRows,
  day: FollowedDay,
  values: Uint32Array,
  at: number,
): void {
  const readers = day.lists[lists[row]].values;
  for (let v = 0; v < readers.length; v++) {
    if (values[at + v] === 0) values[at + v] = readers[v].idOf(rows[row]);
  }
}
