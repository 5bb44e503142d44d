import type { StepList } from './step-lists.ts';
import type { UserDays } from './user-days.ts';

/**
 * The step rows of one user on one day, by step. Only for days on which each list has the rows of one step
 * and each step has one list, as when the steps of a funnel are different events.
 */
export class StepRuns {
  /** Bit s is set where the user has rows of step s. */
  present = 0;
  /** By step: where the user's rows begin and end. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** By step: times of rows, ms since the start of the day, ascending. */
  readonly times: Uint32Array[];
  /** By step: the list that its rows are in. */
  readonly #listOf: Uint16Array;
  /** By step: passing rows of the user, where rows of the list differ: times, and their numbers in the list. */
  readonly #ownTimes: Uint32Array[];
  readonly #ownRows: Uint32Array[];
  #lists: readonly StepList[] = [];

  constructor(stepCount: number) {
    this.starts = new Uint32Array(stepCount);
    this.ends = new Uint32Array(stepCount);
    this.#listOf = new Uint16Array(stepCount);
    this.#ownTimes = Array.from({ length: stepCount }, () => new Uint32Array(64));
    this.#ownRows = Array.from({ length: stepCount }, () => new Uint32Array(64));
    this.times = [...this.#ownTimes];
  }

  /** False = the lists of the day are not of one step each. */
  beginDay(lists: readonly StepList[]): boolean {
    let steps = 0;
    for (const [index, { step, times, rowBits }] of lists.entries()) {
      if (step === null || ((steps >>> step) & 1) === 1) return false;
      steps |= 1 << step;
      this.#listOf[step] = index;
      this.times[step] = rowBits === null ? times : this.#ownTimes[step];
    }
    this.#lists = lists;
    return true;
  }

  /** Takes the rows of the chain that begins with `chain`. */
  take(days: UserDays, chain: number): void {
    this.present = 0;
    for (let link = chain; link !== 0; link = days.nexts[link]) {
      const list = this.#lists[days.lists[link]];
      const step = list.step ?? 0;
      const run = days.runs[link];
      if (list.rowBits === null) {
        this.starts[step] = list.starts[run];
        this.ends[step] = list.starts[run + 1];
      } else {
        this.starts[step] = 0;
        this.ends[step] = this.#takePassing(list, list.rowBits, run, step);
      }
      if (this.ends[step] > this.starts[step]) this.present |= 1 << step;
    }
  }

  /** Id of attributed value v of row i of a step. */
  valueOf(step: number, i: number, v: number): number {
    const list = this.#lists[this.#listOf[step]];
    return list.values[v].idOf(list.rowBits === null ? i : this.#ownRows[step][i]);
  }

  #takePassing(list: StepList, rowBits: Uint32Array, run: number, step: number): number {
    const start = list.starts[run];
    const end = list.starts[run + 1];
    if (end - start > this.#ownTimes[step].length) {
      this.#ownTimes[step] = new Uint32Array((end - start) * 2);
      this.#ownRows[step] = new Uint32Array((end - start) * 2);
      this.times[step] = this.#ownTimes[step];
    }
    const times = this.#ownTimes[step];
    const rows = this.#ownRows[step];
    let count = 0;
    for (let row = start; row < end; row++) {
      if (rowBits[row - list.firstRow] === 0) continue;
      times[count] = list.times[row];
      rows[count++] = row;
    }
    return count;
  }
}
