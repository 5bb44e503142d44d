import { wholeDay } from '../day-span.ts';
import type { FollowedDay } from './day-steps.ts';
import type { FirstEntryState } from './first-entry-state.ts';
import { heldOf, numberOf, valueOf } from './step-rows.ts';
import type { StepRows } from './step-rows.ts';
import { attributedValue } from './value-rule.ts';

/**
 * Follows a day step by step over all users: a run of rows is looked at where its user waits for that step.
 * Attempts that follow on one another begin with entries of their day, and are then followed user by user.
 */
export class FirstEntryDays {
  readonly #state: FirstEntryState;
  /** By step: run of the user at hand or the next one after, and the first of its rows not looked at yet. */
  readonly #runs: Uint32Array;
  readonly #positions: Uint32Array;

  constructor(state: FirstEntryState) {
    this.#state = state;
    this.#runs = new Uint32Array(state.stepCount);
    this.#positions = new Uint32Array(state.stepCount);
  }

  follow(day: FollowedDay): void {
    const repeats = this.#state.over !== null;
    for (let step = repeats || day.entries === null ? 1 : 0; step < this.#state.stepCount; step++)
      this.#goOn(day, step);
    if (repeats) this.#beginAgain(day);
  }

  /** Users who wait for the step take the first row that is not before the step they have. */
  #goOn(day: FollowedDay, step: number): void {
    const { levels, lastTimes, entryTimes, windowMs, heldCount } = this.#state;
    const rows = day.steps[step];
    const { users, starts, times, endRun } = rows;
    const { base, startMs } = day;
    const { fromMs: fromTime, toMs: toTime } = day.entries ?? wholeDay;
    for (let run = rows.firstRun; run < endRun; run++) {
      const user = users[run] - base;
      if (levels[user] !== step) continue;
      const end = starts[run + 1];
      let row = starts[run];
      if (step === 0) {
        while (row < end && times[row] < fromTime) row++;
        if (heldCount > 0) row = this.#firstHeld(user, day, rows, row, end);
        if (row === end || times[row] >= toTime) continue;
      } else {
        const fromMs = lastTimes[user] - startMs + (day.isStrict ? 1 : 0);
        while (row < end && times[row] < fromMs) row++;
        if (heldCount > 0) row = this.#nextHeld(user, day, rows, row, end);
        if (row === end || startMs + times[row] > entryTimes[user] + windowMs) continue;
      }
      this.#reach(user, day, rows, row);
    }
  }

  /** The first row from `from` on that has every value that is held constant; they become those of the user. */
  #firstHeld(user: number, day: FollowedDay, rows: StepRows, from: number, end: number): number {
    const { held, heldCount } = this.#state;
    const at = user * heldCount;
    let row = from;
    for (let h = 0; row < end && h < heldCount; h++) {
      held[at + h] = heldOf(rows, row, h, day.lists);
      if (held[at + h] !== 0) continue;
      row++;
      h = -1;
    }
    return row;
  }

  /** The first row from `from` on that has the values of the user's entry. */
  #nextHeld(user: number, day: FollowedDay, rows: StepRows, from: number, end: number): number {
    const { held, heldCount } = this.#state;
    const at = user * heldCount;
    let row = from;
    for (let h = 0; row < end && h < heldCount; h++) {
      if (heldOf(rows, row, h, day.lists) === held[at + h]) continue;
      row++;
      h = -1;
    }
    return row;
  }

  /** An entry that lies after the attempt of its user begins another. */
  #beginAgain(day: FollowedDay): void {
    const entries = day.steps[0];
    for (let step = 1; step < this.#runs.length; step++)
      this.#runs[step] = day.steps[step].firstRun;
    for (let run = entries.firstRun; run < entries.endRun; run++) {
      const ordinal = entries.users[run];
      const end = entries.starts[run + 1];
      let entry = this.#nextEntry(day, ordinal, entries.starts[run], end);
      if (entry === end) continue;
      this.#seek(day, ordinal);
      do {
        this.#attempt(day, ordinal, entry);
        entry = this.#nextEntry(day, ordinal, entry, end);
      } while (entry < end);
    }
  }

  /** The first entry from `from` on that lies after the user's attempt: its end, or the end of its window. */
  #nextEntry({ steps, base, startMs }: FollowedDay, ordinal: number, from: number, end: number) {
    const { levels, lastTimes, entryTimes, windowMs } = this.#state;
    const user = ordinal - base;
    const overMs = levels[user] === 0 ? lastTimes[user] : entryTimes[user] + windowMs;
    const { times } = steps[0];
    let entry = from;
    while (entry < end && startMs + times[entry] <= overMs) entry++;
    return entry;
  }

  /** Finds the user's rows of the later steps; users ascend. */
  #seek({ steps }: FollowedDay, ordinal: number): void {
    for (let step = 1; step < this.#runs.length; step++) {
      const { users, starts, endRun } = steps[step];
      let run = this.#runs[step];
      while (run < endRun && users[run] < ordinal) run++;
      this.#runs[step] = run;
      this.#positions[step] = starts[run];
    }
  }

  /** Begins an attempt with an entry and goes as far as the day lets it. */
  #attempt(day: FollowedDay, ordinal: number, entry: number): void {
    const state = this.#state;
    const user = ordinal - day.base;
    if (state.levels[user] > 0) state.end(user);
    this.#reach(user, day, day.steps[0], entry);
    const deadlineMs = state.entryTimes[user] + state.windowMs - day.startMs;
    for (let step = 1; step < this.#runs.length; step++) {
      const rows = day.steps[step];
      const run = this.#runs[step];
      if (run === rows.endRun || rows.users[run] !== ordinal) return;
      const fromMs = state.lastTimes[user] - day.startMs + (day.isStrict ? 1 : 0);
      const end = rows.starts[run + 1];
      let row = this.#positions[step];
      while (row < end && rows.times[row] < fromMs) row++;
      this.#positions[step] = row;
      if (row === end || rows.times[row] > deadlineMs) return;
      this.#reach(user, day, rows, row);
    }
  }

  #reach(user: number, day: FollowedDay, rows: StepRows, row: number): void {
    const state = this.#state;
    const step = state.levels[user];
    const { values } = state.own;
    for (let v = 0, at = user * state.valueCount; v < state.valueCount; v++, at++) {
      const known = step === 0 ? 0 : values[at];
      const value = valueOf(rows, row, v, day.lists);
      values[at] = attributedValue(state.valueRule, step, known, value);
    }
    if (state.numberCount > 0) {
      state.own.numbers[user * state.numberCount + step] = numberOf(rows, row, day.lists);
    }
    state.reach(user, day.startMs + rows.times[row]);
  }
}
