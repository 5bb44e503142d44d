import { userState } from './user-days.ts';
import type { AnyEntryState } from './any-entry-state.ts';
import type { StepRuns } from './step-runs.ts';

/**
 * Follows a user's day step by step instead of row by row: the attempts that come to a level today, in the
 * order of time, meet the rows of the next step, and those that move on are the ones that come to the next
 * level. Two lists at a time are merged, and a row that leads nowhere costs one comparison.
 */
export class AnyEntryRuns {
  readonly #state: AnyEntryState;
  /** By level: how many attempts come to it today. */
  readonly #counts: Uint32Array;
  /** By level, of those attempts: when, in ms since the start of the day. Those of level 1 are entries as they lie. */
  readonly #times: Uint32Array[];
  /** Likewise: their entry, ms UTC. */
  readonly #entries: Float64Array[];
  /** Likewise: the number of the attempt at the level below + 1, or 0 for the one that is there since before today. */
  readonly #parents: Uint32Array[];
  /** Likewise: the row that took it to the level, as `StepRuns` counts them. */
  readonly #rows: Uint32Array[];
  /** By level: rows of the attempt whose values are looked for. */
  readonly #path: Uint32Array;

  constructor(state: AnyEntryState) {
    const levels = Array.from({ length: state.stepCount + 1 }, (_, level) => level);
    this.#state = state;
    this.#counts = new Uint32Array(levels.length);
    this.#times = levels.map(() => new Uint32Array(64));
    this.#entries = levels.map(() => new Float64Array(64));
    this.#parents = levels.map(() => new Uint32Array(64));
    this.#rows = levels.map(() => new Uint32Array(64));
    this.#path = new Uint32Array(levels.length);
  }

  /** False = an attempt and a row share an instant, where any order is right: nothing was done. */
  follow(user: number, runs: StepRuns, dayStartMs: number): boolean {
    const { stepCount, fresh } = this.#state;
    const counts = this.#counts;
    let isFresh = fresh[user];
    counts[1] = (runs.present & 1) === 1 ? runs.ends[0] - runs.starts[0] : 0;
    for (let level = 1; level < stepCount; level++) {
      counts[level + 1] = 0;
      const bit = 1 << level;
      if ((runs.present & bit) === 0) {
        if (counts[level] > 0) isFresh |= bit;
      } else if (counts[level] > 0 || (isFresh & bit) !== 0) {
        const staysFresh = this.#meet(user, level, runs, dayStartMs, (isFresh & bit) !== 0);
        if (staysFresh === null) return false;
        isFresh = staysFresh ? isFresh | bit : isFresh & ~bit;
      }
    }
    fresh[user] = isFresh;
    this.#commit(user, runs, dayStartMs);
    return true;
  }

  /**
   * Lets the attempts at a level meet the rows of its step. Returns whether the level is fresh after it;
   * null where an attempt comes to the level at the instant of a row.
   */
  #meet(
    user: number,
    level: number,
    runs: StepRuns,
    dayStartMs: number,
    wasFresh: boolean,
  ): boolean | null {
    const state = this.#state;
    const rowEnd = runs.ends[level];
    const rowTimes = runs.times[level];
    this.#reserve(level + 1, rowEnd - runs.starts[level]);
    const arrivals = level === 1 ? runs.times[0] : this.#times[level];
    const offset = level === 1 ? runs.starts[0] : 0;
    const arrivalEnd = offset + this.#counts[level];
    const entries = this.#entries[level];
    const times = this.#times[level + 1];
    const movedEntries = this.#entries[level + 1];
    const parents = this.#parents[level + 1];
    const rows = this.#rows[level + 1];
    let isFresh = wasFresh;
    let parent = 0;
    let deadlineMs = state.times[state.timeAt(user, level)] + state.windowMs;
    let at = offset;
    let count = 0;
    for (let row = runs.starts[level]; row < rowEnd; row++) {
      const time = rowTimes[row];
      if (at < arrivalEnd && arrivals[at] <= time) {
        do at++;
        while (at < arrivalEnd && arrivals[at] <= time);
        if (arrivals[at - 1] === time) return null;
        parent = at - offset;
        const entryMs = level === 1 ? dayStartMs + arrivals[at - 1] : entries[at - 1];
        deadlineMs = entryMs + state.windowMs;
        isFresh = true;
      }
      if (!isFresh) continue;
      isFresh = false;
      // What is too late for the latest entry is too late for all before it.
      if (dayStartMs + time > deadlineMs) continue;
      times[count] = time;
      movedEntries[count] = deadlineMs - state.windowMs;
      parents[count] = parent;
      rows[count++] = row;
    }
    this.#counts[level + 1] = count;
    return isFresh || at < arrivalEnd;
  }

  /** Writes what the user has in the end, then the levels from above: they build on those below as these were. */
  #commit(user: number, runs: StepRuns, dayStartMs: number): void {
    const state = this.#state;
    const { stepCount, bestLevels, best } = state;
    const counts = this.#counts;
    let highest = stepCount;
    while (highest > 0 && counts[highest] === 0) highest--;
    if (highest === 0) return;
    if (state.states[user] === userState.idle) state.states[user] = userState.running;
    if (highest > bestLevels[user]) {
      bestLevels[user] = highest;
      const first = highest === 1 ? lastOfFirstInstant(runs) : 0;
      this.#writeTimes(user, highest, first, runs, dayStartMs, best.times, user * state.timeCount);
      this.#writeValues(user, highest, first, runs, best.values, user * state.valueCount);
    }
    if (highest === stepCount) {
      state.states[user] = userState.done;
      return;
    }
    for (let level = highest; level >= 1; level--) {
      if (counts[level] === 0) continue;
      const last = counts[level] - 1;
      const timeAt = state.timeAt(user, level);
      this.#writeTimes(user, level, last, runs, dayStartMs, state.times, timeAt);
      this.#writeValues(user, level, last, runs, state.values, state.valueAt(user, level));
    }
  }

  /** The times of attempt `index` of those that come to a level today. */
  #writeTimes(
    user: number,
    level: number,
    index: number,
    runs: StepRuns,
    dayStartMs: number,
    target: Float64Array,
    at: number,
  ): void {
    const state = this.#state;
    if (state.timeCount === 1) {
      const entry = runs.times[0][runs.starts[0] + index];
      target[at] = level === 1 ? dayStartMs + entry : this.#entries[level][index];
      return;
    }
    let own = index;
    for (let from = level; from > 1; from--) {
      target[at + from - 1] = dayStartMs + this.#times[from][own];
      const parent = this.#parents[from][own];
      if (parent === 0) {
        const before = state.timeAt(user, from - 1);
        for (let step = 0; step < from - 1; step++) target[at + step] = state.times[before + step];
        return;
      }
      own = parent - 1;
    }
    target[at] = dayStartMs + runs.times[0][runs.starts[0] + own];
  }

  /** Its values: of the first step that has one (5.8). */
  #writeValues(
    user: number,
    level: number,
    index: number,
    runs: StepRuns,
    target: Uint32Array,
    at: number,
  ): void {
    const state = this.#state;
    if (state.valueCount === 0) return;
    const path = this.#path;
    let own = index;
    let from = level;
    for (; from > 1; from--) {
      path[from] = this.#rows[from][own];
      own = this.#parents[from][own] - 1;
      if (own < 0) break;
    }
    // The steps up to `known` are those of the attempt that is there since before today.
    const known = own < 0 ? from - 1 : 0;
    if (known === 0) path[1] = runs.starts[0] + own;
    for (let v = 0; v < state.valueCount; v++) {
      let value = known === 0 ? 0 : state.values[state.valueAt(user, known) + v];
      for (let step = known; step < level && value === 0; step++) {
        value = runs.valueOf(step, path[step + 1], v);
      }
      target[at + v] = value;
    }
  }

  #reserve(level: number, count: number): void {
    if (count <= this.#times[level].length) return;
    this.#times[level] = new Uint32Array(count * 2);
    this.#entries[level] = new Float64Array(count * 2);
    this.#parents[level] = new Uint32Array(count * 2);
    this.#rows[level] = new Uint32Array(count * 2);
  }
}

/** Of the entries of the first instant, the last: all reach level 1 at once, and it has the latest entry. */
function lastOfFirstInstant({ times, starts, ends }: StepRuns): number {
  const entries = times[0];
  let entry = starts[0];
  while (entry + 1 < ends[0] && entries[entry + 1] === entries[starts[0]]) entry++;
  return entry - starts[0];
}
