import type { PartialResult } from '../merge/partial.ts';
import type { ChosenSegments, GroupRanks } from '../merge/segment-ranks.ts';
import type { Plan } from '../plan/plan-types.ts';
import type { DayRows, ScanSource } from './scan-source.ts';

/**
 * One pass over a source for one part of a plan (a metric, a funnel …), on one thread. The work is cut
 * into units, and units of the same scan run on several threads, each with a `Scan` of its own:
 * - `days`: every day alone adds up, so a unit is a day (`addDay`);
 * - `users`: a user's rows must be seen together in the order of days, so a unit is a range of ordinals:
 *   `open`, then `add` with days in ascending order (all at once, or chunk by chunk when they do not fit
 *   into memory together), then `close`. Several ranges may be open at the same time.
 */
export type Scan = DayScan | UserScan;

export interface DayScan {
  readonly unit: 'days';
  addDay(day: DayRows): void;
}

export interface UserScan {
  readonly unit: 'users';
  /** Most users that one range should have, so that its state stays in the processor's cache. */
  readonly usersMax: number;
  /**
   * Bytes that a user takes while his range is open. Where days do not fit into memory together all ranges are open at
   * once, and users take turns as well when their state does not fit. Absent = some tens.
   */
  readonly userBytes?: number;
  /** Ordinals first … end − 1, first ≥ 1. */
  open(first: number, end: number): UserRange;
}

export interface UserRange {
  /** `areAll`: no other days come, before these or after them. */
  add(days: readonly DayRows[], areAll?: boolean): void;
  /** Adds the range's result to the scan. */
  close(): void;
}

/** The scans that answer a plan, and how their results become what the shard answers. */
export interface ScanSet {
  readonly scans: readonly Scan[];
  /**
   * How the segments of this thread rank. Only where the plan lets a shard leave out segments, and ranks
   * tell which (null otherwise): `finish` may then be given those that come back.
   */
  readonly ranks?: () => readonly GroupRanks[] | null;
  /**
   * What this thread's units add up to; additive over threads and shards like any partial. `chosen` is by
   * metric of the plan.
   */
  finish(chosen?: readonly ChosenSegments[]): PartialResult;
}

/** Null = no fast scan does this plan: the caller executes it over rows in the order of users. */
export type ScanFactory = (plan: Plan, source: ScanSource) => ScanSet | null;
