import { Temporal } from 'temporal-polyfill';
import type { Comparison, InsightsQuery, Range } from '@arbor/schema/query';
import { planAxis } from './axis.ts';
import type { TimeAxis } from './axis.ts';
import type { Calendar, DateUnit, InstantRange } from './calendar.ts';
import { calendarBuckets, unitLength } from './calendar.ts';
import type { PlanScope } from './plan-scope.ts';
import { resolveMoment } from './range.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;
type Unit = InsightsQuery['unit'];

/** The time of a report or of what is compared with it, as queries say it. */
export interface ReportTime {
  readonly range: Range;
  /** Absent: buckets of the calendar. */
  readonly edges?: string[];
}

/** Where an instant of the report lies in the time that it is compared with. */
export type Shift = (instantMs: number) => number;

export interface ComparedTime {
  readonly time: ReportTime;
  /** Null = the query names both ends: the calendar cuts that time by itself. */
  readonly shift: Shift | null;
}

/**
 * 3.9. The compared range has the same length, and each of its buckets that of the bucket beside it: so many days of
 * the calendar before, also where the clock changes in between; by the hour and the minute so many hours.
 */
export function comparedTime(
  query: InsightsQuery,
  compare: Comparison,
  scope: TimeScope,
): ComparedTime {
  if (compare.type === 'range') {
    return { time: { range: { from: compare.from, to: compare.to } }, shift: null };
  }
  const axis = planAxis(query, scope);
  const shift = shiftOf(query.unit, axis, compare, scope.calendar);
  const { startMs, endMs } = axis.range;
  const starts = axis.buckets.map((bucket) => shift(bucket.startMs));
  return { time: timeOf([...starts.slice(1), shift(endMs)], shift(startMs)), shift };
}

/** Buckets with these ends, the first from `startMs` on. */
export function timeOf(ends: readonly number[], startMs: number): ReportTime {
  const edges = [startMs, ...ends].map(instantText);
  return { range: { from: edges[0], to: instantText(ends[ends.length - 1] - 1) }, edges };
}

export function instantText(instantMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toString();
}

function shiftOf(
  unit: Unit,
  axis: TimeAxis,
  compare: Exclude<Comparison, { type: 'range' }>,
  calendar: Calendar,
): Shift {
  const { startMs, endMs } = axis.range;
  if (unit === 'minute' || unit === 'hour') {
    const movedMs = startMs - startInstant(unit, axis.range, compare, calendar);
    return (instantMs) => instantMs - movedMs;
  }
  const start = localTime(startMs, calendar);
  const length = localTime(endMs, calendar).since(start, { largestUnit: 'day' });
  const moved = startDate({ unit, start, length, range: axis.range }, compare, calendar);
  // The same day of another month: months go with months, whatever their lengths.
  const isByMonth = isLong(unit) && moved.day === start.day && isSameTime(moved, start);
  const back = start.since(moved, { largestUnit: isByMonth ? 'month' : 'day' });
  return (instantMs) => {
    return instantOf(localTime(instantMs, calendar).subtract(back), calendar);
  };
}

function startInstant(
  unit: Unit,
  { startMs, endMs }: InstantRange,
  compare: Exclude<Comparison, { type: 'range' }>,
  calendar: Calendar,
): number {
  switch (compare.type) {
    case 'previous':
      return instantOf(previousStart(unit, localTime(startMs, calendar), compare.unit), calendar);
    case 'previous_period':
      return startMs - (endMs - startMs);
    case 'from':
      return resolveMoment(compare.date, calendar).startMs;
    case 'to':
      return resolveMoment(compare.date, calendar).endMs - (endMs - startMs);
  }
}

function startDate(
  report: {
    readonly unit: Unit;
    readonly start: Temporal.PlainDateTime;
    readonly length: Temporal.Duration;
    readonly range: InstantRange;
  },
  compare: Exclude<Comparison, { type: 'range' }>,
  calendar: Calendar,
): Temporal.PlainDateTime {
  const { unit, start, length, range } = report;
  switch (compare.type) {
    case 'previous':
      return previousStart(unit, start, compare.unit);
    case 'previous_period': {
      const wholes = isLong(unit) ? wholeUnits(range, unit, calendar) : null;
      return start.subtract(wholes === null ? length : unitLength(unit as DateUnit, wholes));
    }
    case 'from':
      return localTime(resolveMoment(compare.date, calendar).startMs, calendar);
    case 'to':
      return localTime(resolveMoment(compare.date, calendar).endMs, calendar).subtract(length);
  }
}

/**
 * A start in the year before that falls on a weekend moves to the next Monday, and the whole range with it (3.9).
 * Months, quarters and years begin on their first day, whatever day of the week that is.
 */
function previousStart(
  unit: Unit,
  start: Temporal.PlainDateTime,
  by: Extract<Comparison, { type: 'previous' }>['unit'],
): Temporal.PlainDateTime {
  const before = start.subtract(unitLength(by, 1));
  if (by !== 'year' || isLong(unit) || unit === 'total' || before.dayOfWeek < 6) return before;
  return before.add({ days: 8 - before.dayOfWeek });
}

/** How many whole units the range is; null = it does not begin and end with one. */
function wholeUnits(
  range: InstantRange,
  unit: 'month' | 'quarter' | 'year',
  calendar: Calendar,
): number | null {
  const buckets = calendarBuckets(range, unit, calendar);
  const isWhole =
    buckets[0].startMs === range.startMs && buckets[buckets.length - 1].endMs === range.endMs;
  return isWhole ? buckets.length : null;
}

function isLong(unit: Unit): unit is 'month' | 'quarter' | 'year' {
  return unit === 'month' || unit === 'quarter' || unit === 'year';
}

function isSameTime(left: Temporal.PlainDateTime, right: Temporal.PlainDateTime): boolean {
  return left.toPlainTime().equals(right.toPlainTime());
}

function localTime(instantMs: number, { timezone }: Calendar): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs)
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime();
}

function instantOf(local: Temporal.PlainDateTime, { timezone }: Calendar): number {
  return local.toZonedDateTime(timezone).epochMilliseconds;
}
