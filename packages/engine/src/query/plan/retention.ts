import type { RetentionQuery } from '@arbor/schema/query';
import { calendarBuckets, cutBucket } from './calendar.ts';
import { rollingLengthMs } from './durations.ts';
import { planPropertyRef, planSelector } from './filters.ts';
import type { PlanScope } from './plan-scope.ts';
import type { RetentionOptionsPlan, RetentionPlan } from './plan-types.ts';
import { resolveRange } from './range.ts';
import { planBase } from './report-base.ts';

export function planRetention(query: RetentionQuery, scope: PlanScope): RetentionPlan {
  const { calendar, nowMs } = scope;
  const range = resolveRange(query.range, calendar);
  const intervals = query.brackets?.length ?? query.intervals;
  const units = query.brackets?.reduce((sum, size) => sum + size, 0) ?? intervals;
  // The intervals of the last cohort lie after the range.
  const whole = calendarBuckets(range, query.unit, calendar, units - 1);
  const cohorts = whole.filter((bucket) => bucket.startMs < range.endMs);
  const options = planOptions(query, scope);
  return {
    type: 'retention',
    ...planBase(query, range, scope),
    birth: planSelector(query.birth, scope),
    return: planSelector(query.return, scope),
    buckets: cohorts.map((bucket) => cutBucket(bucket, range, calendar, nowMs)),
    intervals,
    criterion: query.criterion,
    births: query.births,
    clock:
      query.mode === 'rolling'
        ? { type: 'rolling', lengthMs: rollingLengthMs(query.unit) }
        : { type: 'calendar', edges: [whole[0].startMs, ...whole.map((bucket) => bucket.endMs)] },
    options: isDefault(options) ? null : options,
  };
}

function planOptions(query: RetentionQuery, scope: PlanScope): RetentionOptionsPlan {
  const { measure } = query;
  return {
    brackets: query.brackets ?? null,
    segmentBy: query.segmentBy,
    measure:
      measure.type === 'users'
        ? measure
        : { type: measure.type, property: planPropertyRef(measure.property, scope) },
    average: query.average,
    otherSegment: query.otherSegment,
  };
}

function isDefault(options: RetentionOptionsPlan): boolean {
  return (
    options.brackets === null &&
    options.segmentBy === 'birth' &&
    options.measure.type === 'users' &&
    options.average === 'weighted' &&
    !options.otherSegment
  );
}
