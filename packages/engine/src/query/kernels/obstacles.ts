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
    this.start = lowerBound(users, user, this.end, users.length);
    this.end = lowerBound(users, user + 1, this.start, users.length);
  }

  /** The first one later than `timeMs`; `end` where there is none. */
  after(timeMs: number): number {
    return firstPast(this.rows.times, timeMs, this.start, this.end);
  }
}
