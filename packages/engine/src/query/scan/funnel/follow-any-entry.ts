import type { AttemptShape, AttemptTable } from './attempt-table.ts';
import { endOfInstant, firstUnused } from './follow-first-entry.ts';
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
  readonly #rules: FollowRules;
  readonly #shape: AttemptShape;
  /** Bit l is set where level l (steps reached) is fresh. */
  readonly #fresh: Uint32Array;
  /** Attempt of user u at level l, 1 ≤ l < steps: number u × (steps − 1) + l − 1, as in `AttemptTable`. */
  readonly #times: Float64Array;
  readonly #values: Uint32Array;
  /** What the user has so far, as in `AttemptTable`. */
  readonly #bestLevels: Uint8Array;
  readonly #bestTimes: Float64Array;
  readonly #bestValues: Uint32Array;
  #used = new Uint8Array(16);

  constructor(userCount: number, rules: FollowRules, shape: AttemptShape) {
    const attemptCount = userCount * (rules.stepCount - 1);
    this.#rules = rules;
    this.#shape = shape;
    this.states = new Uint8Array(userCount);
    this.#fresh = new Uint32Array(userCount);
    this.#times = new Float64Array(attemptCount * shape.timeCount);
    this.#values = new Uint32Array(attemptCount * shape.valueCount);
    this.#bestLevels = new Uint8Array(userCount);
    this.#bestTimes = new Float64Array(userCount * shape.timeCount);
    this.#bestValues = new Uint32Array(userCount * shape.valueCount);
  }

  follow(user: number, rows: UserRows, day: FollowedDay): void {
    const { times, bits, count } = rows;
    for (let row = 0; row < count; row++) {
      if (row + 1 < count && times[row + 1] === times[row]) {
        const end = endOfInstant(rows, row);
        this.#followInstant(user, rows, { first: row, end }, day);
        row = end - 1;
      } else {
        // Attempts that are further on go first: one row is one step of an attempt.
        let levels = bits[row] & this.#fresh[user] & ~1;
        while (levels !== 0) {
          const level = 31 - Math.clz32(levels);
          levels ^= 1 << level;
          if (!this.#isInTime(user, level, day.startMs + times[row])) continue;
          this.#advance(user, level, { rows, row, day }, this.#bestLevels[user]);
        }
        if ((bits[row] & 1) === 1) this.#enter(user, { rows, row, day }, this.#bestLevels[user]);
      }
      if (this.states[user] === userState.done) return;
    }
  }

  close(base: number, table: AttemptTable): void {
    const { timeCount, valueCount } = this.#shape;
    for (let user = 0; user < this.states.length; user++) {
      if (this.#bestLevels[user] === 0) continue;
      table.add(base + user, this.#bestLevels[user], {
        times: this.#bestTimes,
        timeAt: user * timeCount,
        values: this.#bestValues,
        valueAt: user * valueCount,
      });
    }
  }

  /** Rows of one instant may be steps in any order, each once an attempt; earlier entries go first. */
  #followInstant(
    user: number,
    rows: UserRows,
    instant: { readonly first: number; readonly end: number },
    day: FollowedDay,
  ): void {
    const { first, end } = instant;
    const before = this.#bestLevels[user];
    for (let level = this.#rules.stepCount - 1; level >= 1; level--) {
      if (((this.#fresh[user] >>> level) & 1) === 0) continue;
      if (!this.#isInTime(user, level, day.startMs + rows.times[first])) continue;
      this.#advanceWithin(
        user,
        level,
        { rows, instant, day, used: this.#unused(end - first) },
        before,
      );
    }
    for (let row = first; row < end; row++) {
      if ((rows.bits[row] & 1) === 0) continue;
      const used = this.#unused(end - first);
      used[row - first] = 1;
      this.#enter(user, { rows, row, day }, before);
      this.#advanceWithin(user, 1, { rows, instant, day, used }, before);
    }
  }

  /** Moves the attempt at `level` on as far as the instant allows. */
  #advanceWithin(
    user: number,
    level: number,
    {
      rows,
      instant,
      day,
      used,
    }: {
      readonly rows: UserRows;
      readonly instant: { readonly first: number; readonly end: number };
      readonly day: FollowedDay;
      readonly used: Uint8Array;
    },
    before: number,
  ): void {
    for (let own = level; own < this.#rules.stepCount; own++) {
      const row = firstUnused(rows, used, instant, own);
      if (row === instant.end) return;
      used[row - instant.first] = 1;
      this.#advance(user, own, { rows, row, day }, before);
    }
  }

  /** Where the window of the attempt at a level is over, the level stops being fresh. */
  #isInTime(user: number, level: number, timeMs: number): boolean {
    const attempt = user * (this.#rules.stepCount - 1) + level - 1;
    const entryMs = this.#times[attempt * this.#shape.timeCount];
    if (timeMs <= entryMs + this.#rules.windowMs) return true;
    this.#fresh[user] &= ~(1 << level);
    return false;
  }

  /** `before`: the user's best level before the instant of the row (see `#keepBest`). */
  #enter(user: number, at: StepRow, before: number): void {
    const { timeCount, valueCount } = this.#shape;
    const attempt = user * (this.#rules.stepCount - 1);
    this.#times[attempt * timeCount] = at.day.startMs + at.rows.times[at.row];
    const { values } = at.day.lists[at.rows.lists[at.row]];
    for (let v = 0; v < valueCount; v++) {
      this.#values[attempt * valueCount + v] = values[v].idOf(at.rows.rows[at.row]);
    }
    this.#fresh[user] |= 2;
    if (this.states[user] === userState.idle) this.states[user] = userState.running;
    if (before === 0) this.#keepBest(user, 1, attempt);
  }

  /** The row is the next step of the attempt at `level`, which takes the place of the one beyond it. */
  #advance(user: number, level: number, at: StepRow, before: number): void {
    const { timeCount, valueCount } = this.#shape;
    const isLast = level + 1 === this.#rules.stepCount;
    const from = user * (this.#rules.stepCount - 1) + level - 1;
    this.#fresh[user] &= ~(1 << level);
    if (isLast) {
      // The first to convert is what the user has; of one instant, the last of them.
      this.#keepBest(user, level + 1, from);
      this.#addStep(
        at,
        level,
        this.#bestTimes,
        user * timeCount,
        this.#bestValues,
        user * valueCount,
      );
      this.states[user] = userState.done;
      return;
    }
    const to = from + 1;
    const times = this.#times;
    const known = Math.min(level, timeCount);
    for (let step = 0; step < known; step++) {
      times[to * timeCount + step] = times[from * timeCount + step];
    }
    for (let v = 0; v < valueCount; v++) {
      this.#values[to * valueCount + v] = this.#values[from * valueCount + v];
    }
    this.#addStep(at, level, times, to * timeCount, this.#values, to * valueCount);
    this.#fresh[user] |= 1 << (level + 1);
    if (level + 1 > before) this.#keepBest(user, level + 1, to);
  }

  #addStep(
    { rows, row, day }: StepRow,
    step: number,
    times: Float64Array,
    timeAt: number,
    values: Uint32Array,
    valueAt: number,
  ): void {
    const { timeCount, valueCount } = this.#shape;
    if (step < timeCount) times[timeAt + step] = day.startMs + rows.times[row];
    const readers = day.lists[rows.lists[row]].values;
    for (let v = 0; v < valueCount; v++) {
      if (values[valueAt + v] === 0) values[valueAt + v] = readers[v].idOf(rows.rows[row]);
    }
  }

  /**
   * The first to reach a level is kept. Of those that reach it at the same instant the one with the
   * latest entry is: attempts of an instant come in the order of their entries, and overwrite.
   */
  #keepBest(user: number, level: number, attempt: number): void {
    if (level < this.#bestLevels[user]) return;
    const { timeCount, valueCount } = this.#shape;
    this.#bestLevels[user] = level;
    const known = Math.min(level, timeCount);
    for (let step = 0; step < known; step++) {
      this.#bestTimes[user * timeCount + step] = this.#times[attempt * timeCount + step];
    }
    for (let v = 0; v < valueCount; v++) {
      this.#bestValues[user * valueCount + v] = this.#values[attempt * valueCount + v];
    }
  }

  #unused(count: number): Uint8Array {
    if (count > this.#used.length) this.#used = new Uint8Array(count * 2);
    return this.#used.fill(0, 0, count);
  }
}

/** A row that becomes a step. */
interface StepRow {
  readonly rows: UserRows;
  readonly row: number;
  readonly day: FollowedDay;
}
