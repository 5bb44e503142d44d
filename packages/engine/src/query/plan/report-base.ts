import type { Breakdown } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import type { TimeUnit } from '@arbor/schema/query';
import type { Filter } from '@arbor/schema/query';
import type { InstantRange } from './calendar.ts';
import { calendarBuckets, cutBucket } from './calendar.ts';
import { planFilters, planPropertyRef, planProperty } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import { isStoredProperty } from './plain-plan.ts';
import type { PlanScope } from './plan-scope.ts';
import type { BreakdownPlan, PropertyFilterPlan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { planSessions } from './session-events.ts';

interface ReportQuery {
  readonly filters: readonly Filter[];
  readonly breakdowns: readonly Breakdown[];
  readonly segmentsMax: number;
}

/** What the plans of all reports have. `cohorts` is the scope's own list: parts planned later add to it. */
export function planBase(query: ReportQuery, range: InstantRange, scope: PlanScope) {
  const filters = planFilters(query.filters, scope);
  const breakdowns = query.breakdowns.map((breakdown) => planBreakdown(breakdown, query, scope));
  const [first] = breakdowns;
  const isSimple = breakdowns.length === 0 || (breakdowns.length === 1 && isPlain(first));
  return {
    version: planVersion,
    startMs: range.startMs,
    endMs: range.endMs,
    nowMs: scope.nowMs,
    filters,
    breakdown: isSimple && first?.type === 'property' ? first.property : null,
    breakdowns: isSimple ? null : breakdowns,
    segmentsMax: query.segmentsMax,
    cohorts: scope.cohorts,
    zone: { timezone: scope.calendar.timezone, weekStart: scope.calendar.weekStart },
    sessions: planSessions(scope.definitions),
  } as const;
}

export function reportBuckets(range: InstantRange, unit: TimeUnit, scope: PlanScope): Bucket[] {
  return calendarBuckets(range, unit, scope.calendar).map((bucket) =>
    cutBucket(bucket, range, scope.calendar, scope.nowMs),
  );
}

function isPlain(breakdown: BreakdownPlan): boolean {
  return (
    breakdown.type === 'property' &&
    breakdown.buckets.type === 'none' &&
    breakdown.items === null &&
    isStoredProperty(breakdown.property)
  );
}

function planBreakdown(breakdown: Breakdown, query: ReportQuery, scope: PlanScope): BreakdownPlan {
  if (breakdown.type === 'cohort') {
    const cohorts = breakdown.cohorts.map((cohort, n) => {
      const name = cohort.type === 'saved' ? cohort.id : (cohort.name ?? `cohort ${n + 1}`);
      return { index: scope.cohort(cohort), name };
    });
    return { type: 'cohort', cohorts };
  }
  const buckets = breakdown.buckets ?? { type: 'none' };
  if (buckets.type === 'auto') {
    throw invalidQuery('automatic buckets are chosen before a query is planned');
  }
  return {
    type: 'property',
    property: planPropertyRef(breakdown.property, scope),
    buckets,
    items: breakdown.items === 'matching' ? filtersOn(breakdown.property.name, query, scope) : null,
  };
}

/** The filters of the report on the property that it is broken down by: items of lists must pass them too (3.6). */
function filtersOn(name: string, query: ReportQuery, scope: PlanScope): PropertyFilterPlan[] {
  return query.filters.flatMap((filter) =>
    filter.type === 'property' && filter.property.name === name
      ? [planProperty(filter, scope)]
      : [],
  );
}
