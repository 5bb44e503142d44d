import type { InsightsQuery, Measure } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import type { Calendar } from './calendar.ts';
import { trailingDays } from './calendar.ts';
import { planPropertyRef } from './filters.ts';
import type { PlanScope } from './plan-scope.ts';
import type { MeasurePlan, WindowsPlan } from './plan-types.ts';

const activeDays = { dau: 1, wau: 7, mau: 30 } as const;

/** 4.1. Names that mean the same number become one measure. */
export function planMeasure(
  measure: Measure,
  { buckets, unit }: { readonly buckets: readonly Bucket[]; readonly unit: InsightsQuery['unit'] },
  scope: PlanScope,
): MeasurePlan {
  const active = (days: number): MeasurePlan => ({
    type: 'active',
    windows:
      unit === 'minute' || unit === 'hour'
        ? trailingHours(buckets, days)
        : trailingDaysOf(buckets, days, scope.calendar),
  });
  switch (measure.type) {
    case 'total':
    case 'unique':
    case 'cumulative_unique':
    case 'sessions':
      return { type: measure.type };
    case 'dau':
    case 'wau':
    case 'mau':
      return active(activeDays[measure.type]);
    case 'active':
      return active(measure.days);
    case 'median':
      return {
        type: 'percentile',
        property: planPropertyRef(measure.property, scope),
        percentile: 50,
      };
    case 'percentile':
      return { ...measure, property: planPropertyRef(measure.property, scope) };
    case 'sum':
    case 'average':
      return { type: measure.type, property: planPropertyRef(measure.property, scope) };
    case 'min':
    case 'max':
      return { type: measure.type, property: planPropertyRef(measure.property, scope) };
    case 'distinct_count':
    case 'distribution':
      return { type: measure.type, property: planPropertyRef(measure.property, scope) };
    case 'frequency':
      return { type: 'per_user', property: null, aggregate: 'count', over: measure.over };
    case 'per_user':
      return { ...measure, property: planPropertyRef(measure.property, scope) };
    default:
      return unreachable(measure);
  }
}

const dayMs = 86_400_000;

/** Buckets shorter than a day: so many times 24 hours that end with the bucket. */
function trailingHours(buckets: readonly Bucket[], days: number): WindowsPlan {
  const ends = buckets.map(({ endMs }) => endMs);
  return { starts: ends.map((endMs) => endMs - days * dayMs), ends };
}

/** The days that end with the last day of each bucket: whole days, also the running one (2.5). */
function trailingDaysOf(buckets: readonly Bucket[], days: number, calendar: Calendar): WindowsPlan {
  // Years of hours end on few days: each is looked up once, not once an hour.
  let span = { startMs: 0, endMs: -Infinity };
  const spans = buckets.map((bucket) => {
    if (bucket.endMs > span.endMs) span = trailingDays(bucket.endMs - 1, days, calendar);
    return span;
  });
  return { starts: spans.map((span) => span.startMs), ends: spans.map((span) => span.endMs) };
}
