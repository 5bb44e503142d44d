import type { StreamIndex } from './stream-index.ts';

/** How long an attempt may take. */
export interface AttemptLimits {
  readonly windowMs: number;
  /** The session of the entry and so many more; null = sessions do not matter. */
  readonly sessionsAfter: number | null;
  /** A step may lie so much before the one before it (5.3). */
  readonly graceMs: number;
}

/** Follows one attempt after the other in the streams of an index. */
export interface Follower {
  /** Row of each step of the attempt followed last, in the order in which they were done: `reached` of them. */
  readonly rows: Int32Array;
  readonly reached: number;
  /** View row of the event that breaks the attempt off; −1 = none does. */
  readonly brokenAt: number;
  /** The first row from `row` on that may begin an attempt; the end of the stream where there is none. */
  nextEntry(row: number): number;
  follow(entry: number): void;
  /** No later attempt has the rows of the first `count` steps. */
  useRows(count: number): void;
}

/** The last instant, and the last session, of an attempt from that entry. */
export function deadlineOf(
  { rows: { times, sessions } }: StreamIndex,
  entry: number,
  { windowMs, sessionsAfter }: AttemptLimits,
): { readonly timeMs: number; readonly firstSession: number; readonly lastSession: number } {
  const firstSession = sessionsAfter === null ? 0 : sessions[entry];
  return {
    timeMs: times[entry] + windowMs,
    firstSession,
    lastSession: sessionsAfter === null ? 0 : firstSession + sessionsAfter,
  };
}

/**
 * Steps one after the other (5.2): step k + 1 is the first row in (time, arrival) order that fits it, that no
 * step has, and that lies within t[k] − grace ≤ t ≤ t[0] + window. With grace 0 events of one instant may
 * come in any order.
 */
export class OrderFollower implements Follower {
  readonly rows: Int32Array;
  reached = 0;
  readonly brokenAt = -1;
  readonly #index: StreamIndex;
  readonly #limits: AttemptLimits;
  /** By step: where the search for its row began. */
  readonly #searched: Int32Array;

  constructor(index: StreamIndex, limits: AttemptLimits) {
    const stepCount = index.rows.steps.length;
    this.#index = index;
    this.#limits = limits;
    this.rows = new Int32Array(stepCount);
    this.#searched = new Int32Array(stepCount);
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
    let step = 1;
    for (; step < this.rows.length; step++) {
      const from = index.earliest(this.rows[step - 1]);
      let row = index.nextFree(step, from);
      if (lastSession > 0) {
        while (row < index.end && sessions[row] < firstSession) row = index.nextFree(step, row + 1);
      }
      if (row >= index.end || times[row] > timeMs) break;
      if (lastSession > 0 && sessions[row] > lastSession) break;
      this.#take(row, step, from);
    }
    this.reached = step;
  }

  useRows(count: number): void {
    for (let step = 0; step < count; step++) {
      this.#index.use(this.rows[step], step, this.#searched[step]);
    }
  }

  #take(row: number, step: number, from: number): void {
    this.rows[step] = row;
    this.#searched[step] = from;
    this.#index.own(row);
  }
}
