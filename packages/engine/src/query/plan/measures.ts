import type { Measure } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import type { Calendar } from './calendar.ts';
import { trailingDays } from './calendar.ts';
import type { MeasurePlan, WindowsPlan } from './plan-types.ts';

const activeDays = { dau: 1, wau: 7, mau: 30 } as const;

/** 4.1. Names that mean the same number become one measure. */
export function planMeasure(
  measure: Measure,
  buckets: readonly Bucket[],
  calendar: Calendar,
): MeasurePlan {
  switch (measure.type) {
    case 'total':
    case 'unique':
      return { type: measure.type };
    case 'dau':
    case 'wau':
    case 'mau':
      return { type: 'active', windows: windows(buckets, activeDays[measure.type], calendar) };
    case 'active':
      return { type: 'active', windows: windows(buckets, measure.days, calendar) };
    case 'median':
      return { type: 'percentile', property: measure.property, percentile: 50 };
    case 'percentile':
      return measure;
    case 'sum':
    case 'average':
      return { type: measure.type, property: measure.property };
    case 'min':
    case 'max':
      return { type: measure.type, property: measure.property };
    case 'distinct_count':
      return { type: measure.type, property: measure.property };
    default:
      return unreachable(measure);
  }
}

/** The days that end with the last day of each bucket: whole days, also the running one (2.5). */
function windows(buckets: readonly Bucket[], days: number, calendar: Calendar): WindowsPlan {
  // Years of hours end on few days: each is looked up once, not once an hour.
  let span = { startMs: 0, endMs: -Infinity };
  const spans = buckets.map((bucket) => {
    if (bucket.endMs > span.endMs) span = trailingDays(bucket.endMs - 1, days, calendar);
    return span;
  });
  return { starts: spans.map((span) => span.startMs), ends: spans.map((span) => span.endMs) };
}
