import type { AttemptArrays, AttemptShape } from './attempt-table.ts';
import type { FollowRules } from './follower.ts';

/**
 * What is known of the users of a range while every entry begins an attempt.
 *
 * Of all attempts that have reached a level (steps reached), the one with the latest entry is enough to
 * know: it can go on with whatever the others could go on with, and longer. So a user has one attempt a
 * level. Its level is *fresh* while that attempt has not gone beyond it; only then can a row move it on.
 */
export class AnyEntryState {
  readonly stepCount: number;
  readonly windowMs: number;
  readonly timeCount: number;
  readonly valueCount: number;
  /** `userState` by user. */
  readonly states: Uint8Array;
  /** By user; bit l is set where level l is fresh. */
  readonly fresh: Uint32Array;
  /** Times of attempts, from `timeAt` on, as many as the attempt has steps (or 1, its entry). */
  readonly times: Float64Array;
  /** Values of attempts, from `valueAt` on. */
  readonly values: Uint32Array;
  /** What each user has so far. */
  readonly bestLevels: Uint8Array;
  readonly best: AttemptArrays;
  /** By level: where its times begin, within those of a user; the last number is how many those are. */
  readonly #timesAt: Uint32Array;

  constructor(userCount: number, { stepCount, windowMs }: FollowRules, shape: AttemptShape) {
    this.stepCount = stepCount;
    this.windowMs = windowMs;
    this.timeCount = shape.timeCount;
    this.valueCount = shape.valueCount;
    this.states = new Uint8Array(userCount);
    this.fresh = new Uint32Array(userCount);
    this.#timesAt = timesByLevel(stepCount, shape.timeCount);
    this.times = new Float64Array(userCount * this.#timesAt[stepCount]);
    this.values = new Uint32Array(userCount * (stepCount - 1) * shape.valueCount);
    this.bestLevels = new Uint8Array(userCount);
    this.best = {
      times: new Float64Array(userCount * shape.timeCount),
      values: new Uint32Array(userCount * shape.valueCount),
    };
  }

  /** Where the attempt at a level, 1 ≤ level < steps, has its times. */
  timeAt(user: number, level: number): number {
    return user * this.#timesAt[this.stepCount] + this.#timesAt[level];
  }

  valueAt(user: number, level: number): number {
    return (user * (this.stepCount - 1) + level - 1) * this.valueCount;
  }
}

/** Bytes that the state of a user takes: the size of a range follows from it. */
export function anyEntryBytes(stepCount: number, { timeCount, valueCount }: AttemptShape): number {
  const times = timesByLevel(stepCount, timeCount)[stepCount] + timeCount;
  return 6 + 8 * times + 4 * stepCount * valueCount;
}

function timesByLevel(stepCount: number, timeCount: number): Uint32Array {
  const at = new Uint32Array(stepCount + 1);
  for (let level = 1; level < stepCount; level++) {
    at[level + 1] = at[level] + Math.min(level, timeCount);
  }
  return at;
}
