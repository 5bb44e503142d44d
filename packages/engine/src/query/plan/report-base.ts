import type { Breakdown, BreakdownBuckets, Filter, TimeUnit } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import type { InstantRange } from './calendar.ts';
import { calendarBuckets, cutBucket } from './calendar.ts';
import { planFilters, planPropertyRef } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import { itemTests } from './item-filters.ts';
import { isStoredBreakdown } from './plain-plan.ts';
import type { PlanScope } from './plan-scope.ts';
import type { BreakdownPlan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { planSessions } from './session-events.ts';

interface ReportQuery {
  readonly filters: readonly Filter[];
  readonly breakdowns: readonly Breakdown[];
  readonly segmentsMax: number;
  readonly groupKey?: string | undefined;
}

/** What the plans of all reports have. `cohorts` is the scope's own list: parts planned later add to it. */
export function planBase(query: ReportQuery, range: InstantRange, scope: PlanScope) {
  const filters = planFilters(query.filters, scope);
  const breakdowns = query.breakdowns.map((breakdown) => planBreakdown(breakdown, query, scope));
  const [first] = breakdowns;
  const isSimple = breakdowns.length === 0 || (breakdowns.length === 1 && isStoredBreakdown(first));
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
    zone: scope.calendar,
    sessions: planSessions(scope.definitions),
    ...(query.groupKey !== undefined && {
      counted: {
        names: scope.definitions.propertyNames(query.groupKey) ?? [query.groupKey],
        profiles: [],
      },
    }),
  } as const;
}

export function reportBuckets(range: InstantRange, unit: TimeUnit, scope: PlanScope): Bucket[] {
  return calendarBuckets(range, unit, scope.calendar).map((bucket) =>
    cutBucket(bucket, range, scope.calendar, scope.nowMs),
  );
}

function planBreakdown(breakdown: Breakdown, query: ReportQuery, scope: PlanScope): BreakdownPlan {
  if (breakdown.type === 'cohort') return planCohortBreakdown(breakdown, scope);
  const { property, items } = breakdown;
  const buckets = breakdown.buckets ?? { type: 'none' };
  if (buckets.type === 'auto') {
    throw invalidQuery('automatic buckets are chosen before a query is planned');
  }
  checkBuckets(property.name, buckets);
  // Which touches an event is attributed to is decided before any of them is left out (14.6).
  const isFiltered = items === 'matching' || property.computed?.type === 'attributed';
  return {
    type: 'property',
    property: planPropertyRef(property, scope),
    buckets,
    items: isFiltered ? itemTests(property, query.filters, scope) : null,
  };
}

/** Two cohorts of one name are two: the later ones are numbered. */
function planCohortBreakdown(
  { cohorts }: Extract<Breakdown, { type: 'cohort' }>,
  scope: PlanScope,
): BreakdownPlan {
  const taken = new Set<string>();
  const named = cohorts.map((cohort, n) => {
    const own = cohort.type === 'saved' ? cohort.id : (cohort.name ?? `cohort ${n + 1}`);
    let name = own;
    for (let count = 2; taken.has(name); count++) name = `${own} (${count})`;
    taken.add(name);
    return { index: scope.cohort(cohort), name };
  });
  return { type: 'cohort', cohorts: named };
}

/** A chart of more is not read, and each edge is looked at for every value. */
const bucketsMax = 10_000;

function checkBuckets(name: string, buckets: BreakdownBuckets): void {
  if (buckets.type === 'even') {
    const { min, max, size } = buckets;
    if (min >= max) {
      throw invalidQuery(`buckets of "${name}" end before they start: from ${min} to ${max}`);
    }
    if ((max - min) / size > bucketsMax) {
      throw invalidQuery(
        `buckets of "${name}" from ${min} to ${max} by ${size} are more than ${bucketsMax}: make them larger`,
      );
    }
  }
  if (buckets.type === 'varied') {
    const { edges } = buckets;
    if (edges.some((edge, i) => i > 0 && edge <= edges[i - 1])) {
      throw invalidQuery(`edges of buckets of "${name}" do not ascend: ${JSON.stringify(edges)}`);
    }
  }
}
