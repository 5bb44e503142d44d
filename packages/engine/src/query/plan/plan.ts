import type {
  CohortQuery,
  FunnelQuery,
  InsightsQuery,
  Query,
  RetentionQuery,
} from '@arbor/schema/query';
import { unreachable } from '../../base/assert.ts';
import type { Calendar, InstantRange } from './calendar.ts';
import { calendar, calendarBuckets, cutBucket } from './calendar.ts';
import { planConditions } from './conditions.ts';
import { planFilters, planSelector } from './filters.ts';
import { durationMs, rollingLengthMs } from './durations.ts';
import { invalidQuery } from './invalid-query.ts';
import { planMeasure } from './measures.ts';
import type { CohortPlan, FunnelPlan, InsightsPlan, Plan, RetentionPlan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { resolveRange } from './range.ts';

export type { Plan } from './plan-types.ts';

/** What a query needs to know of its project and of the moment it is asked. */
export interface PlanContext {
  readonly timezone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number;
  readonly nowMs: number;
  /** How many shards are asked; absent = not known. One that has everything ranks segments itself. */
  readonly shardCount?: number;
}

/**
 * Compiles a query to a plan. Throws an `EngineError` with code `INVALID_QUERY` and a text for the
 * user where the query passes the schema and still means nothing.
 */
export function planQuery(query: Query, context: PlanContext): Plan {
  const zone = calendar(context.timezone, context.weekStart);
  const { nowMs, shardCount } = context;
  switch (query.type) {
    case 'insights':
      return {
        ...planInsights(query, resolveRange(query.range, zone), zone, nowMs),
        onOneShard: shardCount === 1,
      };
    case 'funnel':
      return planFunnel(query, resolveRange(query.range, zone), zone, nowMs);
    case 'retention':
      return planRetention(query, resolveRange(query.range, zone), zone, nowMs);
    case 'cohort':
      return planCohort(query, zone, nowMs);
    default:
      return unreachable(query);
  }
}

function planBase(query: Exclude<Query, CohortQuery>, range: InstantRange, nowMs: number) {
  return {
    version: planVersion,
    startMs: range.startMs,
    endMs: range.endMs,
    nowMs,
    filters: planFilters(query.filters),
    breakdown: query.breakdowns[0]?.property ?? null,
    segmentsMax: query.segmentsMax,
  } as const;
}

function planInsights(
  query: InsightsQuery,
  range: InstantRange,
  zone: Calendar,
  nowMs: number,
): Omit<InsightsPlan, 'onOneShard'> {
  const { unit, rankBy = null, metrics } = query;
  if (rankBy !== null && rankBy >= metrics.length) {
    throw invalidQuery(
      `metric ${rankBy} cannot rank: the query has metrics 0 to ${metrics.length - 1}`,
    );
  }
  const whole = unit === 'total' ? [range] : calendarBuckets(range, unit, zone);
  const buckets = whole.map((bucket) => cutBucket(bucket, range, zone, nowMs));
  return {
    type: 'insights',
    ...planBase(query, range, nowMs),
    buckets,
    metrics: metrics.map(({ selector, measure }) => ({
      selector: planSelector(selector),
      measure: planMeasure(measure, buckets, zone),
    })),
    rankBy,
    otherSegment: query.otherSegment,
  };
}

function planFunnel(
  query: FunnelQuery,
  range: InstantRange,
  zone: Calendar,
  nowMs: number,
): FunnelPlan {
  return {
    type: 'funnel',
    ...planBase(query, range, nowMs),
    steps: query.steps.map(planSelector),
    windowMs: durationMs(query.window),
    graceMs: query.graceMs,
    entry: query.entry,
    timing: query.timing,
    buckets: query.unit
      ? calendarBuckets(range, query.unit, zone).map((b) => cutBucket(b, range, zone, nowMs))
      : null,
  };
}

function planRetention(
  query: RetentionQuery,
  range: InstantRange,
  zone: Calendar,
  nowMs: number,
): RetentionPlan {
  // The intervals of the last cohort lie after the range.
  const whole = calendarBuckets(range, query.unit, zone, query.intervals - 1);
  const cohorts = whole.filter((bucket) => bucket.startMs < range.endMs);
  return {
    type: 'retention',
    ...planBase(query, range, nowMs),
    birth: planSelector(query.birth),
    return: planSelector(query.return),
    buckets: cohorts.map((bucket) => cutBucket(bucket, range, zone, nowMs)),
    intervals: query.intervals,
    criterion: query.criterion,
    births: query.births,
    clock:
      query.mode === 'rolling'
        ? { type: 'rolling', lengthMs: rollingLengthMs(query.unit) }
        : { type: 'calendar', edges: [whole[0].startMs, ...whole.map((bucket) => bucket.endMs)] },
  };
}

function planCohort(query: CohortQuery, zone: Calendar, nowMs: number): CohortPlan {
  const { conditions, behaviors } = planConditions(query.filters, zone, nowMs);
  return {
    type: 'cohort',
    version: planVersion,
    startMs: Math.min(...behaviors.map(({ startMs }) => startMs), nowMs),
    endMs: behaviors.length === 0 ? nowMs : Math.max(...behaviors.map(({ endMs }) => endMs)),
    nowMs,
    conditions,
    behaviors,
  };
}
