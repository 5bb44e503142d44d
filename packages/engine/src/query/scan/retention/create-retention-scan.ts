import { assert } from '../../../base/assert.ts';
import { dayMs } from '../../../format/segment/segment-rows.ts';
import { lastAtMost } from '../../kernels/assign-buckets.ts';
import type { Plan, RetentionPlan } from '../../plan/plan-types.ts';
import { AttributedValues } from '../attributed-values.ts';
import { spanOfDay } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import { distinctIdProperty } from '../people-mask.ts';
import { presenceFilters } from '../presence.ts';
import type { ScanSet, UserRange, UserScan } from '../scan.ts';
import type { DayRows, ScanSource } from '../scan-source.ts';
import { segmentSlots } from '../segment-slots.ts';
import { BirthLog } from './birth-log.ts';
import { BirthFinder } from './find-births.ts';
import { markCalendar, markRolling } from './mark-returns.ts';
import { RetentionTally } from './retention-tally.ts';
import { ReturnDays } from './return-days.ts';

/**
 * Some 25 bytes a user and 25 to 60 a birth: a range stays in a second-level cache of 1 MB, with one birth
 * a user or with some ten.
 */
const usersMax = { first: 16_384, every_bucket: 2048 } as const;

/**
 * Retention day by day: births first, then who came back. Left to the way over all rows is a breakdown by
 * the user's id, where every user is a segment.
 */
export function createRetentionScans(plan: Plan, source: ScanSource): ScanSet | null {
  if (plan.type !== 'retention' || plan.breakdown?.name === distinctIdProperty) return null;
  const scan = new RetentionScan(plan, source);
  return { scans: [scan], finish: () => scan.finish() };
}

class RetentionScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly #plan: RetentionPlan;
  readonly #source: ScanSource;
  /** Of calendar buckets; empty where intervals roll. */
  readonly #edges: Float64Array;
  /** On a whole day it is enough who did anything (`presenceFilters`). */
  readonly #isPresence: boolean;
  readonly #finder: BirthFinder;
  readonly #tally: RetentionTally;

  constructor(plan: RetentionPlan, source: ScanSource) {
    const { breakdown } = plan;
    const names = breakdown?.scope === 'event' ? [breakdown.name] : [];
    const values = new AttributedValues(names, source);
    this.#plan = plan;
    this.#isPresence = presenceFilters(plan.return, plan.filters) !== null;
    this.usersMax = usersMax[plan.births];
    this.#source = source;
    this.#edges = Float64Array.from(plan.clock.type === 'calendar' ? plan.clock.edges : []);
    this.#finder = new BirthFinder(plan, source, values);
    this.#tally = new RetentionTally(plan, breakdown && segmentSlots(breakdown, source, values));
  }

  open(first: number, end: number): UserRange {
    assert(first >= 1, () => `a range of users begins at ${first}, and ordinals at 1`);
    const births = new BirthLog(first, end - first, this.#plan.intervals);
    const returns = new ReturnDays(this.#plan, this.#source, end - first);
    return {
      add: (days) => {
        for (const day of days) {
          this.#finder.find(day, first, end, births);
          if (births.count > 0) this.#markReturns(day, first, births, returns);
        }
      },
      close: () => {
        this.#tally.take(births);
      },
    };
  }

  finish() {
    return this.#tally.finish();
  }

  #markReturns(day: DayRows, first: number, births: BirthLog, returns: ReturnDays): void {
    const { clock, startMs, nowMs, intervals } = this.#plan;
    const marked = { births, returns, dayStartMs: day.startMs, intervals };
    if (clock.type === 'rolling') {
      const span = spanOfDay(startMs, nowMs + 1, day.startMs);
      if (!span) return;
      this.#collect(day, span, births, { first, withTimes: true, returns });
      markRolling(marked, clock.lengthMs);
      return;
    }
    const edges = this.#edges;
    const firstBucket = Math.max(lastAtMost(edges, day.startMs), 0);
    for (let bucket = firstBucket; bucket + 1 < edges.length; bucket++) {
      if (edges[bucket] >= day.startMs + dayMs) return;
      const fromMs = Math.max(edges[bucket], startMs);
      const toMs = Math.min(edges[bucket + 1], nowMs + 1);
      const span = spanOfDay(fromMs, toMs, day.startMs);
      if (!span) continue;
      this.#collect(day, span, births, { first, withTimes: false, returns });
      markCalendar(marked, bucket);
    }
  }

  /** Rows are looked at where it is not known already who did anything that day. */
  #collect(
    day: DayRows,
    span: DaySpan,
    births: BirthLog,
    { returns, ...how }: { first: number; withTimes: boolean; returns: ReturnDays },
  ): void {
    const activity = this.#isPresence && span.whole ? day.activity : null;
    if (activity === null) returns.collect(day, span, births, how);
    else returns.collectActive(activity, births, { ...how, dayStartMs: day.startMs });
  }
}
