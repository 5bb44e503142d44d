import { Arrivals } from './arrivals.ts';
import type { AnyEntryState } from './any-entry-state.ts';
import type { FollowedDay } from './day-steps.ts';
import { noStepRows, valueOf } from './step-rows.ts';
import type { StepRows } from './step-rows.ts';
import { attributedValue } from './value-rule.ts';

/**
 * Follows a day level by level: the attempts that come to a level today meet the rows of the next step, and
 * those that move on are the ones that come to the next level. Both are runs of users in ascending order, so
 * they are merged like two lists; a row that leads nowhere costs a comparison, and a user with neither an
 * attempt nor a row costs nothing.
 */
export class AnyEntryDays {
  readonly #state: AnyEntryState;
  /** By level, from 2 on: attempts that come to it. */
  readonly #arrivals: readonly Arrivals[];
  /** Of the level at hand: attempts that come to it; null = they are the entries. */
  #came: Arrivals | null = null;
  #entries: StepRows = noStepRows;
  #rows: StepRows = noStepRows;
  #level = 1;
  #day: FollowedDay = noDay;
  /** By user: the meeting for which it was last found to have rows of the step after the one at hand. */
  #marks = new Uint32Array(0);
  #meeting = 0;

  constructor(state: AnyEntryState) {
    this.#state = state;
    this.#arrivals = Array.from(
      { length: state.stepCount },
      (_, level) => new Arrivals(state.knownAt(level), state.valueCount),
    );
  }

  follow(day: FollowedDay): void {
    this.#day = day;
    this.#entries = day.steps[0];
    this.#came = null;
    if (this.#state.stepCount === 1) this.#enter();
    for (let level = 1; level < this.#state.stepCount; level++) {
      this.#level = level;
      this.#rows = day.steps[level];
      const next = level + 1 < this.#state.stepCount ? this.#arrivals[level + 1] : null;
      next?.clear();
      if (next !== null) this.#markUsers(day.steps[level + 1]);
      this.#meet(this.#came ?? this.#entries, next);
      this.#came = next;
    }
  }

  /** Of a single step: whoever enters has converted. */
  #enter(): void {
    const { users, firstRun, endRun } = this.#entries;
    for (let run = firstRun; run < endRun; run++) {
      const user = users[run] - this.#day.base;
      if (this.#state.bestLevels[user] === 0) this.#keepFirst(user, run);
    }
  }

  #markUsers({ users, firstRun, endRun }: StepRows): void {
    const { userCount } = this.#state;
    if (this.#marks.length < userCount) this.#marks = new Uint32Array(userCount);
    const marks = this.#marks;
    const meeting = ++this.#meeting;
    const { base } = this.#day;
    for (let run = firstRun; run < endRun; run++) marks[users[run] - base] = meeting;
  }

  /** Lets the attempts at the level meet the rows of its step. */
  #meet(came: Arrivals | StepRows, next: Arrivals | null): void {
    const { fresh, bestLevels, stepCount } = this.#state;
    const { users, endRun } = this.#rows;
    const { users: cameUsers, endRun: cameEnd } = came;
    const { base } = this.#day;
    const marks = this.#marks;
    const meeting = this.#meeting;
    const bit = 1 << this.#level;
    let run = came.firstRun;
    for (let rowRun = this.#rows.firstRun; rowRun < endRun; rowRun++) {
      const ordinal = users[rowRun];
      for (; run < cameEnd && cameUsers[run] < ordinal; run++) this.#stay(came, run);
      const user = ordinal - base;
      if (run < cameEnd && cameUsers[run] === ordinal) {
        const best = bestLevels[user];
        if (best !== stepCount) {
          const isPassed = best > this.#level && marks[user] !== meeting;
          if (next !== null && isPassed) this.#meetLast(came, run, user, rowRun, next);
          else this.#meetRun(came, run, user, rowRun, next);
        }
        run++;
      } else if ((fresh[user] & bit) !== 0) this.#goOn(user, rowRun, next);
    }
    for (; run < cameEnd; run++) this.#stay(came, run);
  }

  /** No row of the step today: of the attempts that come, the last one is that of the user. */
  #stay({ users, starts }: Arrivals | StepRows, run: number): void {
    const state = this.#state;
    const user = users[run] - this.#day.base;
    const best = state.bestLevels[user];
    if (best === state.stepCount) return;
    if (best === 0) this.#keepFirst(user, run);
    this.#settle(user, starts[run + 1] - 1);
  }

  /** No attempt comes today: the one that is there goes on with the first row, or never. */
  #goOn(user: number, rowRun: number, next: Arrivals | null): void {
    const state = this.#state;
    const row = this.#rows.starts[rowRun];
    const time = this.#rows.times[row];
    const entryMs = state.times[state.timeAt(user, this.#level)];
    state.fresh[user] &= ~(1 << this.#level);
    if (this.#day.startMs + time > entryMs + state.windowMs) return;
    const start = next === null ? 0 : next.count;
    this.#advance(user, -1, row, next);
    next?.endRunOf(user + this.#day.base, start);
  }

  /** Attempts come, and rows are there. */
  #meetRun(
    came: Arrivals | StepRows,
    run: number,
    user: number,
    rowRun: number,
    next: Arrivals | null,
  ): void {
    const state = this.#state;
    const level = this.#level;
    const { startMs, isStrict } = this.#day;
    const { times: arrivals } = came;
    const { times, starts } = this.#rows;
    const arrivalEnd = came.starts[run + 1];
    const rowEnd = starts[rowRun + 1];
    const nextStart = next === null ? 0 : next.count;
    if (state.bestLevels[user] === 0) this.#keepFirst(user, run);
    /** An attempt can move on with rows that are later than this much before its own. */
    const slack = isStrict ? 0 : 1;
    let isFresh = (state.fresh[user] & (1 << level)) !== 0;
    let deadlineMs = state.times[state.timeAt(user, level)] + state.windowMs;
    let parent = -1;
    let arrival = came.starts[run];
    for (let row = starts[rowRun]; row < rowEnd; row++) {
      const time = times[row];
      if (arrival < arrivalEnd && arrivals[arrival] < time + slack) {
        do arrival++;
        while (arrival < arrivalEnd && arrivals[arrival] < time + slack);
        parent = arrival - 1;
        deadlineMs = this.#entryOf(parent) + state.windowMs;
        isFresh = true;
      }
      if (!isFresh) continue;
      isFresh = false;
      // What is too late for the latest entry is too late for all before it.
      if (startMs + time > deadlineMs) continue;
      this.#advance(user, parent, row, next);
      if (next === null) return;
    }
    next?.endRunOf(user + this.#day.base, nextStart);
    if (arrival < arrivalEnd) this.#settle(user, arrivalEnd - 1);
    else state.fresh[user] &= ~(1 << level);
  }

  /**
   * The same where nothing can come of attempts but the last one that moves on: the user has been beyond the
   * level before, and has no row of the step after. Found from the end of both runs. Where that one comes too
   * late for its window, the windows of those before it are over before the day is.
   */
  #meetLast(
    came: Arrivals | StepRows,
    run: number,
    user: number,
    rowRun: number,
    next: Arrivals,
  ): void {
    const state = this.#state;
    const { times: arrivals } = came;
    const { times, starts } = this.#rows;
    const { startMs, isStrict } = this.#day;
    const slack = isStrict ? 0 : 1;
    const arrivalStart = came.starts[run];
    const arrivalEnd = came.starts[run + 1];
    const rowStart = starts[rowRun];
    let row = starts[rowRun + 1] - 1;
    let arrival = arrivalEnd - 1;
    const lastTime = times[row] + slack;
    while (arrival >= arrivalStart && arrivals[arrival] >= lastTime) arrival--;
    if (arrival < arrivalStart) {
      if ((state.fresh[user] & (1 << this.#level)) !== 0) this.#goOn(user, rowRun, next);
    } else {
      const from = arrivals[arrival] - slack;
      while (row > rowStart && times[row - 1] > from) row--;
      if (startMs + times[row] <= this.#entryOf(arrival) + state.windowMs) {
        const start = next.count;
        this.#advance(user, arrival, row, next);
        next.endRunOf(user + this.#day.base, start);
      }
    }
    if (arrival + 1 < arrivalEnd) this.#settle(user, arrivalEnd - 1);
    else state.fresh[user] &= ~(1 << this.#level);
  }

  #entryOf(arrival: number): number {
    const came = this.#came;
    if (came === null) return this.#day.startMs + this.#entries.times[arrival];
    return came.paths[arrival * came.timeCount];
  }

  /** The attempt that comes as number `arrival` is at the level when the day ends. */
  #settle(user: number, arrival: number): void {
    const state = this.#state;
    const level = this.#level;
    state.fresh[user] |= 1 << level;
    this.#writePath(user, arrival, state.times, state.timeAt(user, level));
    if (state.valueCount > 0) {
      const at = state.valueAt(user, level);
      for (let v = 0; v < state.valueCount; v++) {
        state.values[at + v] = this.#valueOf(user, arrival, v);
      }
    }
  }

  /** A row is the next step of an attempt: number `parent` of those that come, −1 = the one that was there. */
  #advance(user: number, parent: number, row: number, next: Arrivals | null): void {
    const state = this.#state;
    const { best, bestLevels, timeCount, valueCount } = state;
    const level = this.#level + 1;
    if (next === null) {
      // The first to convert is what the user has, whatever else is under way.
      this.#writeStep(user, parent, row, best.times, user * timeCount);
      this.#writeValues(user, parent, row, best.values, user * valueCount);
      bestLevels[user] = level;
      state.fresh[user] = 0;
      return;
    }
    const index = next.push(this.#rows.times[row]);
    this.#writeStep(user, parent, row, next.paths, index * next.timeCount);
    this.#writeValues(user, parent, row, next.values, index * valueCount);
    if (level <= bestLevels[user]) return;
    // The first to reach its highest level is kept.
    bestLevels[user] = level;
    for (let step = 0; step < next.timeCount; step++) {
      best.times[user * timeCount + step] = next.paths[index * next.timeCount + step];
    }
    for (let v = 0; v < valueCount; v++) {
      best.values[user * valueCount + v] = next.values[index * valueCount + v];
    }
  }

  /**
   * The user's first entries. Those of the first instant all reach level 1 at once, and the last of them
   * is the latest.
   */
  #keepFirst(user: number, run: number): void {
    const { best, bestLevels, timeCount, valueCount } = this.#state;
    const { starts, times } = this.#entries;
    const start = starts[run];
    let entry = start;
    while (entry + 1 < starts[run + 1] && times[entry + 1] === times[start]) entry++;
    bestLevels[user] = 1;
    best.times[user * timeCount] = this.#day.startMs + times[entry];
    for (let v = 0; v < valueCount; v++) {
      best.values[user * valueCount + v] = this.#valueOfEntry(entry, v);
    }
  }

  /** Times of the steps up to the level. */
  #writePath(user: number, arrival: number, target: Float64Array, at: number): void {
    const state = this.#state;
    const came = this.#came;
    if (arrival < 0) {
      const from = state.timeAt(user, this.#level);
      const known = state.knownAt(this.#level);
      for (let step = 0; step < known; step++) target[at + step] = state.times[from + step];
    } else if (came === null) {
      target[at] = this.#day.startMs + this.#entries.times[arrival];
    } else {
      const from = arrival * came.timeCount;
      for (let step = 0; step < came.timeCount; step++) target[at + step] = came.paths[from + step];
    }
  }

  /** The same, and that of a row which is the next step. */
  #writeStep(user: number, parent: number, row: number, target: Float64Array, at: number): void {
    this.#writePath(user, parent, target, at);
    if (this.#level < this.#state.timeCount) {
      target[at + this.#level] = this.#day.startMs + this.#rows.times[row];
    }
  }

  /** Values of the attempt with a row that is the next step. */
  #writeValues(user: number, parent: number, row: number, target: Uint32Array, at: number): void {
    const { valueCount, valueRule } = this.#state;
    for (let v = 0; v < valueCount; v++) {
      const known = this.#valueOf(user, parent, v);
      const value = valueOf(this.#rows, row, v, this.#day.lists);
      target[at + v] = attributedValue(valueRule, this.#level, known, value);
    }
  }

  #valueOf(user: number, arrival: number, v: number): number {
    const state = this.#state;
    const came = this.#came;
    if (arrival < 0) return state.values[state.valueAt(user, this.#level) + v];
    if (came === null) return this.#valueOfEntry(arrival, v);
    return came.values[arrival * came.valueCount + v];
  }

  #valueOfEntry(entry: number, v: number): number {
    const value = valueOf(this.#entries, entry, v, this.#day.lists);
    return attributedValue(this.#state.valueRule, 0, 0, value);
  }
}

const noDay: FollowedDay = {
  startMs: 0,
  base: 0,
  lists: [],
  steps: [],
  isStrict: false,
  entries: null,
  tied: [],
};
