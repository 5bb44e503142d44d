import { bucketEdges } from '../../exec/bucket-edges.ts';
import type { FunnelPartial } from '../../merge/partial.ts';
import type { FunnelOptionsPlan, FunnelPlan } from '../../plan/plan-types.ts';
import { wholeDay } from '../day-span.ts';
import type { HadFirst } from '../first-times.ts';
import type { UserRange, UserScan } from '../scan.ts';
import type { DayRows, ScanSource } from '../scan-source.ts';
import { AttemptTable } from './attempt-table.ts';
import { DaySteps } from './day-steps.ts';
import type { FollowedDay } from './day-steps.ts';
import { FirstEntryFollower } from './follow-first-entry.ts';
import { firstEntryBytes, funnelParts } from './funnel-parts.ts';
import type { FunnelParts } from './funnel-parts.ts';
import { UserRows } from './user-rows.ts';
import type { ValueRule } from './value-rule.ts';

const dayMs = 86_400_000;

/** State of a range that is open, of all funnels that are under way in it. */
const stateBytesMax = 3 * 1024 * 1024;

/** More funnels at once than this cost more than rows that are put in order. */
const openMax = 40;

/** A plan whose buckets are funnels of their own (5.11). */
export type TrendPlan = FunnelPlan & {
  readonly buckets: NonNullable<FunnelPlan['buckets']>;
  readonly options: FunnelOptionsPlan;
};

export function isTrend(plan: FunnelPlan): plan is TrendPlan {
  return plan.options?.trends === true && plan.buckets !== null;
}

/** Whether so few funnels are open at any time that a scan follows all of them. */
export function hasFewOpen({ buckets, windowMs }: TrendPlan): boolean {
  return mostOpen(bucketEdges(buckets), windowMs) <= openMax;
}

/**
 * A funnel for each bucket, each with the first entry that a user has there (5.11): those whose windows are not over
 * are followed side by side.
 */
export class TrendScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly userBytes: number;
  readonly #plan: TrendPlan;
  readonly #edges: Float64Array;
  readonly #parts: FunnelParts;
  readonly #days: DaySteps;
  readonly #rows = new UserRows();
  readonly #attempts: AttemptTable;
  /** Those of funnels that are over, used again. */
  readonly #idle: FirstEntryFollower[] = [];

  constructor(plan: TrendPlan, source: ScanSource, rule: ValueRule) {
    const own = countsAlone(plan);
    this.#plan = own;
    this.#edges = bucketEdges(own.buckets);
    this.#parts = funnelParts(own, source, rule);
    this.#days = new DaySteps(own.steps.length, false);
    this.#attempts = new AttemptTable(this.#parts.shape);
    this.userBytes = firstEntryBytes(this.#parts) * mostOpen(this.#edges, own.windowMs);
    this.usersMax = Math.floor(stateBytesMax / this.userBytes);
  }

  open(first: number, end: number): UserRange {
    const users = { first, end, had: this.#parts.lists.begin(end - first) };
    const funnels: OpenFunnel[] = [];
    return {
      add: (days) => {
        for (const day of days) {
          this.#turnTo(day.startMs, users, funnels);
          this.#followDay(day, users, funnels);
        }
      },
      close: () => {
        for (const funnel of funnels) this.#end(funnel, first);
      },
    };
  }

  /** Counts by bucket, of all and of segments. */
  finish(): Pick<FunnelPartial, 'byEntry' | 'byEntrySegments'> {
    const { byEntry, byEntrySegments } = this.#parts.tally.finish();
    return { byEntry, ...(byEntrySegments && { byEntrySegments }) };
  }

  /** Ends the funnels whose last window is over before the day, and begins those of the day. */
  #turnTo(
    startMs: number,
    { first, end }: { readonly first: number; readonly end: number },
    funnels: OpenFunnel[],
  ): void {
    const { windowMs } = this.#plan;
    while (funnels.length > 0 && this.#edges[funnels[0].bucket + 1] + windowMs <= startMs) {
      const [over] = funnels.splice(0, 1);
      this.#end(over, first);
    }
    let bucket = (funnels.at(-1)?.bucket ?? firstBucketAfter(this.#edges, startMs) - 1) + 1;
    for (; bucket < this.#plan.buckets.length; bucket++) {
      if (this.#edges[bucket] >= startMs + dayMs) return;
      // The days between are days without rows.
      if (this.#edges[bucket + 1] + windowMs <= startMs) continue;
      const follower =
        this.#idle.pop() ?? new FirstEntryFollower(this.#parts.rules, this.#parts.shape);
      follower.begin(end - first, null);
      funnels.push({ bucket, follower });
    }
  }

  #followDay(
    day: DayRows,
    users: { readonly first: number; readonly end: number; readonly had: HadFirst },
    funnels: readonly OpenFunnel[],
  ): void {
    const lists = this.#parts.lists.of(day, users.first, users.end, users.had);
    if (lists.length === 0) return;
    const followed = this.#days.of(lists, users, day.startMs);
    const over: FollowedDay = { ...followed, entries: null };
    const views = funnels.map(({ bucket, follower }) => {
      const entries = this.#spanOf(bucket, day.startMs);
      return { follower, day: entries === null ? over : { ...followed, entries } };
    });
    for (const { follower, day: own } of views) follower.followDay(own);
    for (const user of followed.tied) {
      this.#rows.take(users.first + user, lists);
      for (const { follower, day: own } of views) follower.followRows(user, this.#rows, own);
    }
  }

  /** The part of a day in which entries are of the bucket; null = none. */
  #spanOf(bucket: number, startMs: number): FollowedDay['entries'] {
    const fromMs = this.#edges[bucket] - startMs;
    const toMs = this.#edges[bucket + 1] - startMs;
    if (toMs <= 0 || fromMs >= dayMs) return null;
    return fromMs <= 0 && toMs >= dayMs ? wholeDay : { fromMs, toMs, whole: false };
  }

  #end({ follower }: OpenFunnel, first: number): void {
    this.#attempts.clear();
    follower.close(first, this.#attempts);
    this.#parts.tally.forgetUsers();
    this.#parts.tally.take(this.#attempts);
    this.#idle.push(follower);
  }
}

/** A funnel whose attempts are under way. */
interface OpenFunnel {
  readonly bucket: number;
  readonly follower: FirstEntryFollower;
}

/** The plan without what only the whole range has. */
function countsAlone(plan: TrendPlan): TrendPlan {
  return {
    ...plan,
    timing: false,
    options: { ...plan.options, sum: null, distribution: null, times: null },
  };
}

/** How many funnels are open at once at most: those whose windows reach into a bucket's day. */
function mostOpen(edges: Float64Array, windowMs: number): number {
  let most = 1;
  for (let first = 0, last = 0; last + 1 < edges.length; last++) {
    // Funnels begin and end with days.
    while (edges[first + 1] + windowMs <= edges[last] - dayMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The first bucket that does not end before an instant. */
function firstBucketAfter(edges: Float64Array, instantMs: number): number {
  let bucket = 0;
  while (bucket + 1 < edges.length - 1 && edges[bucket + 1] <= instantMs) bucket++;
  return bucket;
}
