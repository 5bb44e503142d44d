import type { AttemptArrays, AttemptShape } from './attempt-table.ts';
import type { FollowRules } from './follower.ts';
import type { ValueRule } from './value-rule.ts';

const noAttempts: AttemptArrays = {
  times: new Float64Array(0),
  values: new Uint32Array(0),
  numbers: new Float64Array(0),
};

/**
 * What is known of the users of a range while every entry begins an attempt.
 *
 * Of all attempts that have reached a level (steps reached), the one with the latest entry is enough to
 * know: it can go on with whatever the others could go on with, and longer. So a user has one attempt a
 * level. Its level is *fresh* while that attempt has not gone beyond it; only then can a row move it on.
 * Who has reached the last level needs no more rows, and none of its levels is fresh.
 */
export class AnyEntryState {
  readonly stepCount: number;
  readonly windowMs: number;
  readonly valueRule: ValueRule;
  readonly timeCount: number;
  readonly valueCount: number;
  userCount = 0;
  /** By user; bit l is set where level l is fresh. */
  fresh = new Uint32Array(0);
  /** Times of attempts, ms UTC, from `timeAt` on, as many as the attempt has steps (or 1, its entry). */
  times = new Float64Array(0);
  /** Values of attempts, from `valueAt` on. */
  values = new Uint32Array(0);
  /** What each user has so far; level 0 = nothing. */
  bestLevels = new Uint8Array(0);
  /** Without numbers: sums are of funnels that a first entry decides. */
  best: AttemptArrays = noAttempts;
  /** How many users there is room for. */
  #capacity = 0;
  /** By level: times a user has at the levels below; the last number is how many those are of all. */
  readonly #timesBelow: Uint32Array;

  constructor({ stepCount, windowMs, values }: FollowRules, shape: AttemptShape) {
    this.stepCount = stepCount;
    this.windowMs = windowMs;
    this.valueRule = values;
    this.timeCount = shape.timeCount;
    this.valueCount = shape.valueCount;
    this.#timesBelow = timesByLevel(stepCount, shape.timeCount);
  }

  /** Forgets everything. What neither `fresh` nor `bestLevels` tells of is never read. */
  begin(userCount: number): void {
    this.userCount = userCount;
    if (userCount <= this.#capacity) {
      this.fresh.fill(0, 0, userCount);
      this.bestLevels.fill(0, 0, userCount);
      return;
    }
    this.#capacity = userCount;
    this.fresh = new Uint32Array(userCount);
    this.times = new Float64Array(userCount * this.#timesBelow[this.stepCount]);
    this.values = new Uint32Array(userCount * (this.stepCount - 1) * this.valueCount);
    this.bestLevels = new Uint8Array(userCount);
    this.best = {
      times: new Float64Array(userCount * this.timeCount),
      values: new Uint32Array(userCount * this.valueCount),
      numbers: noAttempts.numbers,
    };
  }

  /** How many times of an attempt at a level are known. */
  knownAt(level: number): number {
    return Math.min(level, this.timeCount);
  }

  /**
   * Where the attempt at a level, 1 ≤ level < steps, has its times. Users lie side by side within a level,
   * as a day is followed level by level, and few users get beyond the first.
   */
  timeAt(user: number, level: number): number {
    return this.#capacity * this.#timesBelow[level] + user * this.knownAt(level);
  }

  valueAt(user: number, level: number): number {
    return (this.#capacity * (level - 1) + user) * this.valueCount;
  }
}

/** Bytes that the state of a user takes: the size of a range follows from it. */
export function anyEntryBytes(stepCount: number, { timeCount, valueCount }: AttemptShape): number {
  const times = timesByLevel(stepCount, timeCount)[stepCount] + timeCount;
  return 5 + 8 * times + 4 * stepCount * valueCount;
}

function timesByLevel(stepCount: number, timeCount: number): Uint32Array {
  const at = new Uint32Array(stepCount + 1);
  for (let level = 1; level < stepCount; level++) {
    at[level + 1] = at[level] + Math.min(level, timeCount);
  }
  return at;
}
