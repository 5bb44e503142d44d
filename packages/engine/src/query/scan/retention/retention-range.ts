import { dayMs } from '../../../format/segment/segment-rows.ts';
import { lastAtMost } from '../../kernels/assign-buckets.ts';
import { observedUnits } from '../../plan/retention.ts';
import type { RetentionPlan } from '../../plan/plan-types.ts';
import type { AttributedValues } from '../attributed-values.ts';
import { spanOfDay } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import type { HadFirst } from '../first-times.ts';
import { peopleMask } from '../people-mask.ts';
import { presenceFilters } from '../presence.ts';
import { compileMatch } from '../row-mask.ts';
import type { RowMatch } from '../row-mask.ts';
import type { DayActivity, DayRows, ScanSource } from '../scan-source.ts';
import { ActiveBuckets } from './active-buckets.ts';
import type { ActiveDay, PresenceMatch } from './active-buckets.ts';
import { BirthLog } from './birth-log.ts';
import { BirthFinder } from './find-births.ts';
import { markCalendar, markRolling } from './mark-returns.ts';
import { ReturnDays } from './return-days.ts';
import { ReturnPairs } from './return-pairs.ts';
import { ReturnRows } from './return-rows.ts';
import type { ReturnReads } from './return-rows.ts';

/** What the ranges of one thread share. */
export interface RangeContext {
  readonly plan: RetentionPlan;
  /** A birth is observed for so many units: intervals, or with brackets more. */
  readonly unitCount: number;
  /** Of calendar buckets; empty where intervals roll. */
  readonly edges: Float64Array;
  readonly finder: BirthFinder;
  readonly match: RowMatch;
  readonly withBirth: boolean;
  /** Not null = every row that is a return is looked at, for what it has. */
  readonly rows: ReturnRows | null;
  /** Null = rows decide what is a return. */
  readonly presence: PresenceMatch | null;
  /** By day, for all ranges. Null = rows must be looked at. */
  readonly activeDays: WeakMap<DayRows, ActiveDay | null>;
}

export function rangeContext(
  plan: RetentionPlan,
  source: ScanSource,
  values: AttributedValues,
): RangeContext {
  const reads = returnReads(plan, values);
  const match = compileMatch(plan.return, plan.filters, source);
  const filters = reads === null ? presenceFilters(plan.return, plan.filters) : null;
  const passing = filters?.length ? peopleMask(filters, source) : null;
  // Only in a streak may the event that a user is born with be his return (6.1).
  const withBirth = plan.criterion === 'streak';
  return {
    plan,
    unitCount: observedUnits(plan),
    withBirth,
    edges: Float64Array.from(plan.clock.type === 'calendar' ? plan.clock.edges : []),
    finder: new BirthFinder(plan, source, values),
    match,
    rows: reads && new ReturnRows(match, withBirth, reads),
    activeDays: new WeakMap(),
    presence: filters && {
      passing,
      isReturn: (event) => match.ofEvent(event) !== null,
      withBirth,
    },
  };
}

/** Null = it is enough to know in which units somebody came back. */
function returnReads(
  { breakdown, options, criterion }: RetentionPlan,
  values: AttributedValues,
): ReturnReads | null {
  if (options === null) return null;
  const isSplit = options.segmentBy !== 'birth' && breakdown !== null;
  const summed = options.measure.type === 'users' ? null : options.measure.property.name;
  if (!isSplit && summed === null) return null;
  return {
    values: isSplit ? { all: values, at: values.indexOf(breakdown.name) } : null,
    summed,
    needsAll: isSplit || criterion === 'streak',
  };
}

/** What is kept of the users of a range; large, so that ranges take it over from one another. */
export interface RangeState {
  readonly births: BirthLog;
  readonly returns: ReturnDays;
  readonly active: ActiveBuckets;
  readonly pairs: ReturnPairs;
}

export function newState(
  { match, withBirth, unitCount }: RangeContext,
  userCountMax: number,
): RangeState {
  return {
    births: new BirthLog(userCountMax, unitCount),
    returns: new ReturnDays(match, withBirth, userCountMax),
    active: new ActiveBuckets(userCountMax),
    pairs: new ReturnPairs(unitCount),
  };
}

/** The births of a range of users and what they came back for, day by day. */
export class RetentionRange {
  readonly #context: RangeContext;
  readonly #state: RangeState;
  #had: HadFirst = [];
  #end = 0;

  constructor(context: RangeContext, state: RangeState) {
    this.#context = context;
    this.#state = state;
  }

  open(first: number, end: number): void {
    this.#state.births.begin(first, end);
    this.#state.active.clear();
    this.#state.pairs.begin();
    this.#had = this.#context.finder.begin(end - first);
    this.#end = end;
  }

  /** Days ascend. */
  addDay(day: DayRows): void {
    const { finder, presence } = this.#context;
    const { births, active } = this.#state;
    const activeDay = this.#activeDayOf(day);
    if (activeDay === null || presence === null) {
      finder.find(day, births.firstUser, this.#end, births, this.#had);
      if (births.count > 0) this.#markReturns(day);
      return;
    }
    active.markDay(activeDay, births, presence);
    finder.find(day, births.firstUser, this.#end, births, this.#had);
    active.markBirths(activeDay, births, presence);
  }

  /** What days that were counted as a whole say of births, once no further day comes. */
  addActiveReturns(): void {
    const { unitCount, presence } = this.#context;
    const { births, active } = this.#state;
    if (presence !== null) active.addReturns(births, unitCount, presence);
  }

  #activeDayOf(day: DayRows): ActiveDay | null {
    const { activeDays } = this.#context;
    let known = activeDays.get(day);
    if (known === undefined) activeDays.set(day, (known = this.#makeActiveDay(day)));
    return known;
  }

  /** Null = the day is cut, or not enough is known of it. */
  #makeActiveDay({ startMs, activity }: DayRows): ActiveDay | null {
    const { plan, edges, presence } = this.#context;
    if (presence === null || activity === null || edges.length === 0) return null;
    const bucket = lastAtMost(edges, startMs);
    if (bucket < 0 || bucket + 1 >= edges.length) return null;
    const span = this.#spanOf(bucket, startMs);
    if (span?.whole !== true) return null;
    const isLater = Math.max(edges[bucket], plan.startMs) < startMs;
    return { activity, startMs, bucket, isLater, cursor: { user: 0, run: 0 } };
  }

  #spanOf(bucket: number, dayStartMs: number): DaySpan | null {
    const { plan, edges } = this.#context;
    const fromMs = Math.max(edges[bucket], plan.startMs);
    const toMs = Math.min(edges[bucket + 1], plan.nowMs + 1);
    return spanOfDay(fromMs, toMs, dayStartMs);
  }

  #markReturns(day: DayRows): void {
    const { plan, edges, unitCount, rows } = this.#context;
    const { births, returns, pairs } = this.#state;
    const { clock, startMs, nowMs } = plan;
    const rolling = clock.type === 'rolling' ? clock.lengthMs : null;
    const ofRows = { day, births, pairs, unitCount, lengthMs: rolling };
    const marked = { births, returns, dayStartMs: day.startMs, unitCount };
    if (rolling !== null) {
      const span = spanOfDay(startMs, nowMs + 1, day.startMs);
      if (!span) return;
      if (rows !== null) {
        rows.mark({ ...ofRows, span, bucket: -1 });
        return;
      }
      this.#collectTimes(day, span);
      markRolling(marked, rolling);
      return;
    }
    const firstBucket = Math.max(lastAtMost(edges, day.startMs), 0);
    for (let bucket = firstBucket; bucket + 1 < edges.length; bucket++) {
      if (edges[bucket] >= day.startMs + dayMs) return;
      const span = this.#spanOf(bucket, day.startMs);
      if (!span) continue;
      if (rows !== null) {
        rows.mark({ ...ofRows, span, bucket });
        continue;
      }
      returns.collect(day, span, births, false);
      markCalendar(marked, bucket);
    }
  }

  #collectTimes(day: DayRows, span: DaySpan): void {
    const { presence } = this.#context;
    const { births, returns } = this.#state;
    const activity: DayActivity | null = span.whole ? day.activity : null;
    if (activity === null || presence === null) returns.collect(day, span, births, true);
    else returns.collectActive(activity, day.startMs, births, presence);
  }
}
