import { deadlineOf } from './follow-in-order.ts';
import type { AttemptLimits, Follower } from './follow-in-order.ts';
import type { StreamIndex } from './stream-index.ts';

/**
 * Steps in any order, except anchored ones (5.5): they cut the steps into groups, and a group begins when all
 * of the one before is done. Within a group each row does one step; rows that fit several steps are dealt out
 * so that as many steps as can be are done at every moment. `rows` are in the order in which steps were done.
 */
export class AnyOrderFollower implements Follower {
  readonly rows: Int32Array;
  reached = 0;
  readonly brokenAt = -1;
  readonly #index: StreamIndex;
  readonly #limits: AttemptLimits;
  /** Group g is of the steps groups[g] … groups[g + 1] − 1. */
  readonly #groups: Int32Array;
  /** By step of the group under way: the row that does it, −1 = none yet. */
  readonly #doneBy: Int32Array;
  /** By step: the next row that fits it; `end` = none, or none could add to what is done. */
  readonly #candidates: Int32Array;
  readonly #isVisited: Uint8Array;

  constructor(index: StreamIndex, limits: AttemptLimits, anchors: readonly number[]) {
    const stepCount = index.rows.steps.length;
    this.#index = index;
    this.#limits = limits;
    this.#groups = stepGroups(stepCount, anchors);
    this.rows = new Int32Array(stepCount);
    this.#doneBy = new Int32Array(stepCount);
    this.#candidates = new Int32Array(stepCount);
    this.#isVisited = new Uint8Array(stepCount);
  }

  nextEntry(row: number): number {
    const index = this.#index;
    index.beginAttempt();
    let first = index.end;
    for (let step = 0; step < this.#groups[1]; step++) {
      first = Math.min(first, index.nextFree(step, row));
    }
    return first;
  }

  follow(entry: number): void {
    const index = this.#index;
    const { times } = index.rows;
    index.beginAttempt();
    this.reached = 0;
    this.#doneBy.fill(-1);
    let latest = entry;
    for (let group = 0; group + 1 < this.#groups.length; group++) {
      const from = index.earliest(latest);
      const before = this.reached;
      if (group === 0) {
        this.#isVisited.fill(0);
        this.#place(entry, 0);
        this.#take(entry);
      }
      if (!this.#followGroup(group, entry, from)) return;
      latest = this.rows[before];
      for (let step = before; step < this.reached; step++) {
        if (times[this.rows[step]] > times[latest]) latest = this.rows[step];
      }
    }
  }

  useRows(count: number): void {
    for (let step = 0; step < count; step++) this.#index.useRow(this.rows[step]);
  }

  /** Does the steps of a group with rows from `from` on; whether all of them are done. */
  #followGroup(group: number, entry: number, from: number): boolean {
    const index = this.#index;
    const { times, sessions } = index.rows;
    const { timeMs, firstSession, lastSession } = deadlineOf(index, entry, this.#limits);
    const [first, end] = [this.#groups[group], this.#groups[group + 1]];
    for (let step = first; step < end; step++) this.#candidates[step] = index.next(step, from);
    while (this.reached < end) {
      const row = this.#nextCandidate(first, end);
      if (row >= index.end || times[row] > timeMs) return false;
      if (lastSession > 0 && sessions[row] > lastSession) return false;
      if (!index.isTaken(row) && (lastSession === 0 || sessions[row] >= firstSession)) {
        this.#isVisited.fill(0);
        if (this.#place(row, group)) this.#take(row);
        else this.#closeVisited(first, end);
      }
      for (let step = first; step < end; step++) {
        if (this.#candidates[step] === row) this.#candidates[step] = index.next(step, row + 1);
      }
    }
    return true;
  }

  #nextCandidate(first: number, end: number): number {
    let row = this.#index.end;
    for (let step = first; step < end; step++) {
      if (this.#candidates[step] < row) row = this.#candidates[step];
    }
    return row;
  }

  /**
   * Gives the row a step of the group that it fits, where need be by giving the row that has it another one;
   * steps that were tried are visited.
   */
  #place(row: number, group: number): boolean {
    const { steps } = this.#index.rows;
    for (let step = this.#groups[group]; step < this.#groups[group + 1]; step++) {
      if (steps[step][row] === 0 || this.#isVisited[step] === 1) continue;
      this.#isVisited[step] = 1;
      if (this.#doneBy[step] >= 0 && !this.#place(this.#doneBy[step], group)) continue;
      this.#doneBy[step] = row;
      return true;
    }
    return false;
  }

  /** The rows that do the visited steps fit no other ones: no further row of these steps can add to what is done. */
  #closeVisited(first: number, end: number): void {
    for (let step = first; step < end; step++) {
      if (this.#isVisited[step] === 1) this.#candidates[step] = this.#index.end;
    }
  }

  #take(row: number): void {
    this.rows[this.reached++] = row;
    this.#index.own(row);
  }
}

/** Where groups of steps begin, and the end of the last: each anchored step is one of its own. */
export function stepGroups(stepCount: number, anchors: readonly number[]): Int32Array {
  const isAnchored = (step: number): boolean => anchors.includes(step);
  const starts = [0];
  for (let step = 1; step < stepCount; step++) {
    if (isAnchored(step) || isAnchored(step - 1)) starts.push(step);
  }
  return Int32Array.from([...starts, stepCount]);
}
