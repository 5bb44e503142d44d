import type { AttemptShape, AttemptTable } from './attempt-table.ts';
import { endOfInstant, fillValues, firstUnused } from './follow-first-entry.ts';
import type { FollowedDay, Follower, FollowRules } from './follower.ts';
import { userState } from './user-days.ts';
import type { UserRows } from './user-rows.ts';

/**
 * Every event of step 1 begins an attempt, and the user has the one that is first to reach the highest
 * step (`FunnelQuery.entry` "any"): what `kernels/follow-any-entry.ts` finds by following each entry alone.
 *
 * Of all attempts that have reached a level, the one with the latest entry is enough to know: it can go
 * on with whatever the others could go on with, and longer. So a user has one attempt a level. Its level
 * is *fresh* while that attempt has not gone beyond it; only then can a row move it on.
 */
export class AnyEntryFollower implements Follower {
  readonly states: Uint8Array;
  readonly again = true;
  readonly entriesNeeded = 'first and last';
  readonly #stepCount: number;
  readonly #windowMs: number;
  readonly #shape: AttemptShape;
  /** Bit l is set where level l (steps reached) is fresh. */
  readonly #fresh: Uint32Array;
  /**
   * The attempt of user u at level l, 1 ≤ l < steps: its times, as many as it has steps (or 1), are at
   * u × `timesAt[steps]` + `timesAt[l]`, its values at (u × (steps − 1) + l − 1) × `valueCount`.
   */
  readonly #times: Float64Array;
  readonly #timesAt: Uint32Array;
  readonly #values: Uint32Array;
  /** What the user has so far, as in `AttemptTable`. */
  readonly #bestLevels: Uint8Array;
  readonly #bestTimes: Float64Array;
  readonly #bestValues: Uint32Array;
  #used = new Uint8Array(16);

  constructor(userCount: number, { stepCount, windowMs }: FollowRules, shape: AttemptShape) {
    this.#stepCount = stepCount;
    this.#windowMs = windowMs;
    this.#shape = shape;
    this.states = new Uint8Array(userCount);
    this.#fresh = new Uint32Array(userCount);
    this.#timesAt = timesByLevel(stepCount, shape.timeCount);
    this.#times = new Float64Array(userCount * this.#timesAt[stepCount]);
    this.#values = new Uint32Array(userCount * (stepCount - 1) * shape.valueCount);
    this.#bestLevels = new Uint8Array(userCount);
    this.#bestTimes = new Float64Array(userCount * shape.timeCount);
    this.#bestValues = new Uint32Array(userCount * shape.valueCount);
  }

  follow(user: number, rows: UserRows, day: FollowedDay): void {
    const { order, times, bits, end } = rows;
    for (let i = rows.first; i < end; i++) {
      const row = order[i];
      if (i + 1 < end && times[order[i + 1]] === times[row]) {
        const next = endOfInstant(rows, row);
        this.#followInstant(user, { rows, day, first: row, end: next });
        i = next - 1;
      } else {
        // Attempts that are further on go first: one row is one step of an attempt.
        let levels = bits[row] & this.#fresh[user] & ~1;
        while (levels !== 0) {
          const level = 31 - Math.clz32(levels);
          levels ^= 1 << level;
          if (!this.#isInTime(user, level, day.startMs + times[row])) continue;
          this.#advance(user, level, row, rows, day, this.#bestLevels[user]);
        }
        if ((bits[row] & 1) === 1) this.#enter(user, row, rows, day, this.#bestLevels[user]);
      }
      if (this.states[user] === userState.done) return;
    }
  }

  close(base: number, table: AttemptTable): void {
    const best = { times: this.#bestTimes, values: this.#bestValues };
    for (let user = 0; user < this.states.length; user++) {
      const level = this.#bestLevels[user];
      if (level > 0) table.add(base + user, level, best, user);
    }
  }

  /** Rows of one instant may be steps in any order, each once an attempt; earlier entries go first. */
  #followInstant(user: number, instant: Instant): void {
    const { rows, day, first, end } = instant;
    const before = this.#bestLevels[user];
    for (let level = this.#stepCount - 1; level >= 1; level--) {
      if (((this.#fresh[user] >>> level) & 1) === 0) continue;
      if (!this.#isInTime(user, level, day.startMs + rows.times[first])) continue;
      this.#advanceWithin(user, level, instant, this.#unused(end - first), before);
    }
    for (let row = first; row < end; row++) {
      if ((rows.bits[row] & 1) === 0) continue;
      const used = this.#unused(end - first);
      used[row - first] = 1;
      this.#enter(user, row, rows, day, before);
      this.#advanceWithin(user, 1, instant, used, before);
    }
  }

  /** Moves the attempt at `level` on as far as the instant allows. */
  #advanceWithin(
    user: number,
    level: number,
    instant: Instant,
    used: Uint8Array,
    before: number,
  ): void {
    const { rows, day, first, end } = instant;
    for (let own = level; own < this.#stepCount; own++) {
      const row = firstUnused(rows, used, instant, own);
      if (row === end) return;
      used[row - first] = 1;
      this.#advance(user, own, row, rows, day, before);
    }
  }

  /** Where the window of the attempt at a level is over, the level stops being fresh. */
  #isInTime(user: number, level: number, timeMs: number): boolean {
    const entryMs = this.#times[user * this.#timesAt[this.#stepCount] + this.#timesAt[level]];
    if (timeMs <= entryMs + this.#windowMs) return true;
    this.#fresh[user] &= ~(1 << level);
    return false;
  }

  /** `before`: the user's best level before the instant of the row (see `#keepBest`). */
  #enter(user: number, row: number, rows: UserRows, day: FollowedDay, before: number): void {
    const { valueCount } = this.#shape;
    this.#times[user * this.#timesAt[this.#stepCount]] = day.startMs + rows.times[row];
    if (valueCount > 0) {
      const valueAt = user * (this.#stepCount - 1) * valueCount;
      const readers = day.lists[rows.lists[row]].values;
      for (let v = 0; v < valueCount; v++) {
        this.#values[valueAt + v] = readers[v].idOf(rows.rows[row]);
      }
    }
    this.#fresh[user] |= 2;
    if (this.states[user] === userState.idle) this.states[user] = userState.running;
    if (before === 0) this.#keepBest(user, 1, 1);
  }

  /** The row is the next step of the attempt at `level`, which takes the place of the one beyond it. */
  #advance(
    user: number,
    level: number,
    row: number,
    rows: UserRows,
    day: FollowedDay,
    before: number,
  ): void {
    const { timeCount, valueCount } = this.#shape;
    this.#fresh[user] &= ~(1 << level);
    if (level + 1 === this.#stepCount) {
      // The first to convert is what the user has; of one instant, the last of them.
      this.#keepBest(user, level + 1, level);
      if (level < timeCount) {
        this.#bestTimes[user * timeCount + level] = day.startMs + rows.times[row];
      }
      fillValues(row, rows, day, this.#bestValues, user * valueCount);
      this.states[user] = userState.done;
      return;
    }
    const times = this.#times;
    const from = user * this.#timesAt[this.#stepCount] + this.#timesAt[level];
    const to = from - this.#timesAt[level] + this.#timesAt[level + 1];
    const known = Math.min(level, timeCount);
    for (let step = 0; step < known; step++) times[to + step] = times[from + step];
    if (level < timeCount) times[to + level] = day.startMs + rows.times[row];
    if (valueCount > 0) {
      const valueAt = (user * (this.#stepCount - 1) + level) * valueCount;
      this.#values.copyWithin(valueAt, valueAt - valueCount, valueAt);
      fillValues(row, rows, day, this.#values, valueAt);
    }
    this.#fresh[user] |= 1 << (level + 1);
    if (level + 1 > before) this.#keepBest(user, level + 1, level + 1);
  }

  /**
   * Takes over the attempt at a level, with the steps it has there, as one that reached `reached`. The
   * first to reach that is kept. Of those that reach it at the same instant the one with the latest entry
   * is: attempts of an instant come in the order of their entries, and overwrite.
   */
  #keepBest(user: number, reached: number, level: number): void {
    if (reached < this.#bestLevels[user]) return;
    const { timeCount, valueCount } = this.#shape;
    this.#bestLevels[user] = reached;
    const known = Math.min(level, timeCount);
    const from = user * this.#timesAt[this.#stepCount] + this.#timesAt[level];
    for (let step = 0; step < known; step++) {
      this.#bestTimes[user * timeCount + step] = this.#times[from + step];
    }
    const valueAt = (user * (this.#stepCount - 1) + level - 1) * valueCount;
    for (let v = 0; v < valueCount; v++) {
      this.#bestValues[user * valueCount + v] = this.#values[valueAt + v];
    }
  }

  #unused(count: number): Uint8Array {
    if (count > this.#used.length) this.#used = new Uint8Array(count * 2);
    return this.#used.fill(0, 0, count);
  }
}

/** How many numbers of times the attempts of one user take: the size of a range follows from it. */
export function timesPerUser(stepCount: number, timeCount: number): number {
  return timesByLevel(stepCount, timeCount)[stepCount];
}

/** Where the times of each level begin; the last number is where those of the next user do. */
function timesByLevel(stepCount: number, timeCount: number): Uint32Array {
  const at = new Uint32Array(stepCount + 1);
  for (let level = 1; level < stepCount; level++) {
    at[level + 1] = at[level] + Math.min(level, timeCount);
  }
  return at;
}

/** Several rows of one time: rows first … end − 1, in the order of arrival. */
interface Instant {
  readonly rows: UserRows;
  readonly day: FollowedDay;
  readonly first: number;
  readonly end: number;
}
