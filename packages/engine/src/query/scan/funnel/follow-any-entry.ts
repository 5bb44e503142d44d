import { AnyEntryDays } from './any-entry-days.ts';
import { AnyEntryState } from './any-entry-state.ts';
import type { AttemptShape, AttemptTable } from './attempt-table.ts';
import type { FollowedDay } from './day-steps.ts';
import type { Follower, FollowRules } from './follower.ts';
import { endOfInstant, fillValues, firstUnused } from './user-rows.ts';
import type { UserRows } from './user-rows.ts';

/**
 * Every event of step 1 begins an attempt, and the user has the one that is first to reach the highest
 * step (`FunnelQuery.entry` "any"): what `kernels/follow-any-entry.ts` finds by following each entry alone.
 */
export class AnyEntryFollower implements Follower {
  readonly #state: AnyEntryState;
  readonly #days: AnyEntryDays;
  #used = new Uint8Array(16);

  constructor(rules: FollowRules, shape: AttemptShape) {
    this.#state = new AnyEntryState(rules, shape);
    this.#days = new AnyEntryDays(this.#state);
  }

  begin(userCount: number): void {
    this.#state.begin(userCount);
  }

  followDay(day: FollowedDay): void {
    this.#days.follow(day);
  }

  followRows(user: number, rows: UserRows, day: FollowedDay): void {
    const { bestLevels, stepCount } = this.#state;
    for (let row = 0; row < rows.count && bestLevels[user] < stepCount;) {
      const end = endOfInstant(rows, row);
      this.#followInstant(user, { rows, day, first: row, end });
      row = end;
    }
  }

  close(base: number, table: AttemptTable): void {
    const { bestLevels, best, userCount } = this.#state;
    for (let user = 0; user < userCount; user++) {
      if (bestLevels[user] > 0) table.add(base + user, bestLevels[user], best, user);
    }
  }

  /** Rows of one instant may be steps in any order, each once an attempt; earlier entries go first. */
  #followInstant(user: number, instant: Instant): void {
    const { rows, day, first, end } = instant;
    const { bestLevels, fresh, stepCount } = this.#state;
    const before = bestLevels[user];
    // Attempts that are further on go first: one row is one step of an attempt.
    for (let level = stepCount - 1; level >= 1; level--) {
      if (((fresh[user] >>> level) & 1) === 0) continue;
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
    // Nothing can be gained any more, and days to come must not try.
    if (bestLevels[user] === stepCount) fresh[user] = 0;
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
    for (let own = level; own < this.#state.stepCount; own++) {
      const row = firstUnused(rows, used, instant, own);
      if (row === end) return;
      used[row - first] = 1;
      this.#advance(user, own, row, rows, day, before);
    }
  }

  /** Where the window of the attempt at a level is over, the level stops being fresh. */
  #isInTime(user: number, level: number, timeMs: number): boolean {
    const { times, windowMs, fresh } = this.#state;
    if (timeMs <= times[this.#state.timeAt(user, level)] + windowMs) return true;
    fresh[user] &= ~(1 << level);
    return false;
  }

  /** `before`: the user's best level before the instant of the row (see `#keepBest`). */
  #enter(user: number, row: number, rows: UserRows, day: FollowedDay, before: number): void {
    const state = this.#state;
    const { valueCount, valueRule, values } = state;
    state.times[state.timeAt(user, 1)] = day.startMs + rows.times[row];
    if (valueCount > 0) {
      const valueAt = state.valueAt(user, 1);
      values.fill(0, valueAt, valueAt + valueCount);
      fillValues({ rows, row, step: 0 }, day.lists, valueRule, values, valueAt);
    }
    state.fresh[user] |= 2;
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
    const state = this.#state;
    const { timeCount, valueCount, valueRule, times, values, best } = state;
    const place = { rows, row, step: level };
    state.fresh[user] &= ~(1 << level);
    if (level + 1 === state.stepCount) {
      // The first to convert is what the user has; of one instant, the last of them.
      this.#keepBest(user, level + 1, level);
      if (level < timeCount) best.times[user * timeCount + level] = day.startMs + rows.times[row];
      if (valueCount > 0) {
        fillValues(place, day.lists, valueRule, best.values, user * valueCount);
      }
      return;
    }
    const from = state.timeAt(user, level);
    const to = state.timeAt(user, level + 1);
    const known = state.knownAt(level);
    for (let step = 0; step < known; step++) times[to + step] = times[from + step];
    if (level < timeCount) times[to + level] = day.startMs + rows.times[row];
    if (valueCount > 0) {
      const valueAt = state.valueAt(user, level + 1);
      const valueFrom = state.valueAt(user, level);
      values.copyWithin(valueAt, valueFrom, valueFrom + valueCount);
      fillValues(place, day.lists, valueRule, values, valueAt);
    }
    state.fresh[user] |= 1 << (level + 1);
    if (level + 1 > before) this.#keepBest(user, level + 1, level + 1);
  }

  /**
   * Takes over the attempt at a level, with the steps it has there, as one that reached `reached`. The
   * first to reach that is kept. Of those that reach it at the same instant the one with the latest entry
   * is: attempts of an instant come in the order of their entries, and overwrite.
   */
  #keepBest(user: number, reached: number, level: number): void {
    const state = this.#state;
    const { timeCount, valueCount, times, values, bestLevels, best } = state;
    if (reached < bestLevels[user]) return;
    bestLevels[user] = reached;
    const known = state.knownAt(level);
    const timeAt = state.timeAt(user, level);
    for (let step = 0; step < known; step++) {
      best.times[user * timeCount + step] = times[timeAt + step];
    }
    const valueAt = state.valueAt(user, level);
    for (let v = 0; v < valueCount; v++) best.values[user * valueCount + v] = values[valueAt + v];
  }

  #unused(count: number): Uint8Array {
    if (count > this.#used.length) this.#used = new Uint8Array(count * 2);
    return this.#used.fill(0, 0, count);
  }
}

/** Rows of one time: rows first … end − 1, in the order of arrival. */
interface Instant {
  readonly rows: UserRows;
  readonly day: FollowedDay;
  readonly first: number;
  readonly end: number;
}
