import type { AttemptTable } from './attempt-table.ts';
import type { StepList } from './step-lists.ts';
import type { StepRuns } from './step-runs.ts';
import type { UserRows } from './user-rows.ts';

/** One day of a range, as followers see it. */
export interface FollowedDay {
  readonly startMs: number;
  readonly lists: readonly StepList[];
}

/**
 * Follows the attempts of a range of users from day to day. Users are numbered from the first of the
 * range on; a day's rows of a user come at once, and days ascend.
 */
export interface Follower {
  /** `userState` by user: who is `done` needs no more rows. */
  readonly states: Uint8Array;
  /** Entries matter also to a user who has one. */
  readonly again: boolean;
  /** Of a run of nothing but entries: which of its rows matter. */
  readonly entriesNeeded: EntriesNeeded;
  follow(user: number, rows: UserRows, day: FollowedDay): void;
  /** The same, faster, where the day can be seen step by step. False = nothing was done: `follow` has to. */
  followRuns(user: number, runs: StepRuns, day: FollowedDay): boolean;
  /** Adds what users have in the end; `base` is the ordinal of user 0. */
  close(base: number, table: AttemptTable): void;
}

export type EntriesNeeded = 'first' | 'first and last' | 'all';

export interface FollowRules {
  readonly stepCount: number;
  readonly windowMs: number;
}
