import { deadlineOf } from './follow-in-order.ts';
import type { AttemptLimits, Follower } from './follow-in-order.ts';
import type { Obstacles } from './obstacles.ts';
import type { StreamIndex } from './stream-index.ts';

/**
 * Steps as in `OrderFollower`, and none of the user's rows between two of them: a row breaks the attempt off
 * that is no step of it and lies more than the grace after the one step and before the next.
 */
export class StrictFollower implements Follower {
  readonly rows: Int32Array;
  reached = 0;
  brokenAt = -1;
  readonly #index: StreamIndex;
  readonly #limits: AttemptLimits;
  readonly #between: Obstacles;
  /** By step, by obstacle: the first obstacle from there on that is no repeat of it; empty = repeats break too. */
  readonly #nextOther: readonly Uint32Array[];
  readonly #searched: Int32Array;
  readonly #ownViewRows: Int32Array;

  /** `repeats[k][i]` is 1 where obstacle i fits step k and may come again after it; empty = none may. */
  constructor(
    index: StreamIndex,
    limits: AttemptLimits,
    between: Obstacles,
    repeats: readonly Uint8Array[],
  ) {
    const stepCount = index.rows.steps.length;
    this.#index = index;
    this.#limits = limits;
    this.#between = between;
    this.#nextOther = repeats.map(nextUnset);
    this.rows = new Int32Array(stepCount);
    this.#searched = new Int32Array(stepCount);
    this.#ownViewRows = new Int32Array(stepCount);
  }

  nextEntry(row: number): number {
    this.#index.beginAttempt();
    return this.#index.nextFree(0, row);
  }

  follow(entry: number): void {
    const index = this.#index;
    const { times, sessions } = index.rows;
    const { timeMs, firstSession, lastSession } = deadlineOf(index, entry, this.#limits);
    index.beginAttempt();
    this.#take(entry, 0, entry);
    this.brokenAt = -1;
    let step = 1;
    for (; step < this.rows.length; step++) {
      const from = index.earliest(this.rows[step - 1]);
      let row = index.nextFree(step, from);
      if (lastSession > 0) {
        while (row < index.end && sessions[row] < firstSession) row = index.nextFree(step, row + 1);
      }
      const isFound =
        row < index.end &&
        times[row] <= timeMs &&
        (lastSession === 0 || sessions[row] <= lastSession);
      this.#findBreak(step, isFound ? times[row] - this.#limits.graceMs : Infinity, {
        timeMs,
        lastSession,
      });
      if (!isFound || this.brokenAt >= 0) break;
      this.#take(row, step, from);
    }
    this.reached = step;
  }

  useRows(count: number): void {
    for (let step = 0; step < count; step++) {
      this.#index.use(this.rows[step], step, this.#searched[step]);
    }
  }

  /** Looks for a row that breaks the attempt off between the step before `step` and `beforeMs`. */
  #findBreak(
    step: number,
    beforeMs: number,
    { timeMs, lastSession }: { readonly timeMs: number; readonly lastSession: number },
  ): void {
    const { times, viewRows, sessions } = this.#between.rows;
    const { end } = this.#between;
    const nextOther = this.#nextOther.length === 0 ? null : this.#nextOther[step - 1];
    const previousMs = this.#index.rows.times[this.rows[step - 1]];
    let at = this.#between.after(previousMs + this.#limits.graceMs);
    for (;;) {
      if (nextOther !== null && at < end) at = nextOther[at];
      if (at >= end || !this.#isStep(viewRows[at], step)) break;
      at++;
    }
    if (at >= end || times[at] >= beforeMs || times[at] > timeMs) return;
    if (lastSession > 0 && sessions[at] > lastSession) return;
    this.brokenAt = viewRows[at];
  }

  #isStep(viewRow: number, count: number): boolean {
    for (let step = 0; step < count; step++) if (this.#ownViewRows[step] === viewRow) return true;
    return false;
  }

  #take(row: number, step: number, from: number): void {
    this.rows[step] = row;
    this.#searched[step] = from;
    this.#ownViewRows[step] = this.#index.rows.viewRows[row];
    this.#index.own(row);
  }
}

/** By place: the first one from there on whose mask is 0; the length where there is none. */
function nextUnset(mask: Uint8Array): Uint32Array {
  const next = new Uint32Array(mask.length);
  let found = mask.length;
  for (let i = mask.length - 1; i >= 0; i--) {
    if (mask[i] === 0) found = i;
    next[i] = found;
  }
  return next;
}
