import type { RetentionQuery } from '@arbor/schema/query';
import { besideBirths, planBirth } from './after-birth.ts';
import { calendarBuckets, cutBucket } from './calendar.ts';
import type { CalendarBucket, InstantRange } from './calendar.ts';
import { rollingLengthMs } from './durations.ts';
import { planPropertyRef, planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { BreakdownPlan, RetentionOptionsPlan, RetentionPlan } from './plan-types.ts';
import { resolveMoment, resolveRange } from './range.ts';
import { planBase } from './report-base.ts';

/** A cohort is observed for so many units at most: ten years of days. */
const unitsMax = 3_670;

export function planRetention(query: RetentionQuery, scope: PlanScope): RetentionPlan {
  const { calendar, nowMs } = scope;
  const brackets = query.brackets?.some((size) => size !== 1) ? query.brackets : null;
  const intervals = query.brackets?.length ?? query.intervals;
  const { range, whole, cohorts } = retentionTime(query, scope);
  const beside = besideBirths(query, scope);
  const base = planBase(beside.query, range, beside.scope);
  const options = planOptions(query, brackets, base, scope);
  return {
    type: 'retention',
    ...base,
    birth: planBirth(query, scope),
    return: planSelector(query.return, scope),
    buckets: cohorts.map((bucket) => cutBucket(bucket, range, calendar, nowMs)),
    intervals,
    criterion: query.criterion,
    births: query.births,
    clock:
      query.mode === 'rolling'
        ? { type: 'rolling', lengthMs: rollingLengthMs(query.unit) }
        : { type: 'calendar', edges: [whole[0].startMs, ...whole.map((bucket) => bucket.endMs)] },
    ...(query.segments && { segments: query.segments }),
    options: isDefault(options) ? null : options,
  };
}

/** The time of a retention. */
export interface RetentionTime {
  readonly range: InstantRange;
  /** Of the calendar they are not cut to the range. */
  readonly cohorts: readonly CalendarBucket[];
  /** These and the ones after them, which are the last intervals of the last cohort. */
  readonly whole: readonly CalendarBucket[];
}

export function retentionTime(
  query: RetentionQuery,
  { calendar }: Pick<PlanScope, 'calendar'>,
): RetentionTime {
  const range = resolveRange(query.range, calendar);
  const units = query.brackets?.reduce((sum, size) => sum + size, 0) ?? query.intervals;
  if (units > unitsMax) {
    throw invalidQuery(`brackets of ${units} units in all are too long: ${unitsMax} at most`);
  }
  // The intervals of the last cohort lie after the range.
  const whole =
    query.edges === undefined
      ? calendarBuckets(range, query.unit, calendar, units - 1)
      : bucketsBetween(query.edges, calendar);
  const cohorts = whole.filter((bucket) => bucket.startMs < range.endMs);
  if (query.edges === undefined) return { range, cohorts, whole };
  checkEdges(whole, range, cohorts.length + (query.mode === 'calendar' ? units - 1 : 0));
  // No calendar names the first one: it begins with the range.
  const [first, ...others] = cohorts;
  return { range, cohorts: [{ ...first, startMs: range.startMs }, ...others], whole };
}

function bucketsBetween(
  edges: readonly string[],
  calendar: PlanScope['calendar'],
): CalendarBucket[] {
  const instants = edges.map((edge) => resolveMoment(edge, calendar).startMs);
  return instants.slice(1).map((endMs, i) => {
    if (endMs <= instants[i]) {
      throw invalidQuery(`the edges of cohorts do not rise: ${edges[i + 1]} after ${edges[i]}`);
    }
    return { startMs: instants[i], endMs };
  });
}

/** Cohorts cover the range, and have all of their intervals. */
function checkEdges(whole: readonly CalendarBucket[], range: InstantRange, wanted: number): void {
  const [first] = whole;
  const coversStart = first.startMs <= range.startMs && range.startMs < first.endMs;
  if (!coversStart || whole[whole.length - 1].endMs < range.endMs) {
    throw invalidQuery('the edges of cohorts do not cover the range: begin and end with it');
  }
  if (whole.length < wanted) {
    throw invalidQuery(
      `${whole.length + 1} edges have not all intervals of the last cohort: give ${wanted + 1}`,
    );
  }
}

/** Units from the birth (or its bucket) to the end of the last interval. */
export function observedUnits({ intervals, options }: RetentionPlan): number {
  return unitCount(options?.brackets ?? null, intervals);
}

/** By unit: the interval that it lies in. */
export function intervalsOfUnits({ intervals, options }: RetentionPlan): Uint16Array {
  const sizes = options?.brackets ?? Array.from({ length: intervals }, () => 1);
  return Uint16Array.from(
    sizes.flatMap((size, interval) => Array.from({ length: size }, () => interval)),
  );
}

/** The first instant after which no return of anybody counts. */
export function observedEnd(plan: RetentionPlan): number {
  const { clock, endMs, nowMs } = plan;
  const last =
    clock.type === 'rolling'
      ? endMs + observedUnits(plan) * clock.lengthMs
      : clock.edges[clock.edges.length - 1];
  return Math.min(last, nowMs + 1);
}

function unitCount(brackets: readonly number[] | null, intervals: number): number {
  return brackets?.reduce((sum, size) => sum + size, 0) ?? intervals;
}

type Breakdowns = Pick<RetentionPlan, 'breakdown' | 'breakdowns'>;

function planOptions(
  query: RetentionQuery,
  brackets: readonly number[] | null,
  breakdowns: Breakdowns,
  scope: PlanScope,
): RetentionOptionsPlan {
  const { measure } = query;
  return {
    brackets,
    // What is a user's own is the same on both events.
    segmentBy: isOfUsers(breakdowns) ? 'birth' : query.segmentBy,
    measure:
      measure.type === 'users'
        ? measure
        : { type: measure.type, property: planPropertyRef(measure.property, scope) },
    average: query.average,
    otherSegment: query.otherSegment && query.breakdowns.length > 0,
    listed: null,
  };
}

/** Whether every breakdown is by a property of the user or by cohorts (6.6); so is none at all. */
function isOfUsers({ breakdown, breakdowns }: Breakdowns): boolean {
  const isOfUser = (own: BreakdownPlan): boolean =>
    own.type === 'cohort' ||
    own.property.scope === 'person' ||
    own.property.computed?.type === 'behavior';
  if (breakdowns !== null) return breakdowns.every(isOfUser);
  return breakdown === null || breakdown.scope === 'person';
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
