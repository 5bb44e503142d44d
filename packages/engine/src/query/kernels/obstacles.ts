import { firstPast, lowerBound } from './stream-index.ts';

/**
 * Rows that stand in the way of attempts, of all users: exclusions (5.7), or everything in a strict order.
 * They are found by time, so that the grace holds for them as it does for steps (5.3).
 */
export interface ObstacleRows {
  readonly times: Float64Array;
  readonly users: Uint32Array;
  readonly viewRows: Uint32Array;
  /** Session of each row; empty where sessions do not matter. */
  readonly sessions: Uint32Array;
}

/** The obstacles of one user after the other: users must be asked for in ascending order. */
export class Obstacles {
  readonly rows: ObstacleRows;
  /** Those of the user are start … end − 1. */
  start = 0;
  end = 0;

  constructor(rows: ObstacleRows) {
    this.rows = rows;
  }

  open(user: number): void {
    const { users } = this.rows;
    if (this.start < this.end && users[this.start] === user) return;
    this.start = firstOfUser(users, user, this.end);
    this.end = firstOfUser(users, user + 1, this.start);
  }

  /** The first one later than `timeMs`; `end` where there is none. */
  after(timeMs: number): number {
    return firstPast(this.rows.times, timeMs, this.start, this.end);
  }
}

/** The first row from `from` on of that user or a later one. Mostly it is near: the search begins with small steps. */
function firstOfUser(users: Uint32Array, user: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step <= users.length && users[low + step - 1] < user) {
    low += step;
    step *= 2;
  }
  return lowerBound(users, user, low, Math.min(low + step, users.length));
}
