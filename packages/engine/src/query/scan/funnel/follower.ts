import type { AttemptTable } from './attempt-table.ts';
import type { AttemptsOver } from './attempts-over.ts';
import type { FollowedDay } from './day-steps.ts';
import type { UserRows } from './user-rows.ts';
import type { ValueRule } from './value-rule.ts';

/**
 * Follows the attempts of a range of users from day to day; days ascend. Users are numbered from the first
 * of the range on.
 */
export interface Follower {
  /**
   * Forgets everything, for a range of so many users. `over`: where attempts go that further ones of their
   * users follow; null = a user has one.
   */
  begin(userCount: number, over: AttemptsOver | null): void;
  /** All users but those that are tied. */
  followDay(day: FollowedDay): void;
  /** One user, row by row. */
  followRows(user: number, rows: UserRows, day: FollowedDay): void;
  /** Adds what users have in the end; `base` is the ordinal of user 0. */
  close(base: number, table: AttemptTable): void;
}

export interface FollowRules {
  readonly stepCount: number;
  readonly windowMs: number;
  readonly values: ValueRule;
  /** Event properties that are held constant: more than none only where a user has one attempt, of his first entry. */
  readonly heldCount: number;
}
