import { Temporal } from 'temporal-polyfill';
import type { Comparison, InsightsQuery, Range, TimeUnit } from '@arbor/schema/query';
import { planAxis } from './axis.ts';
import type { TimeAxis } from './axis.ts';
import type { Calendar, DateUnit, InstantRange } from './calendar.ts';
import { calendarBuckets, unitLength } from './calendar.ts';
import type { PlanScope } from './plan-scope.ts';
import { resolveMoment } from './range.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;
type Unit = InsightsQuery['unit'];

const dayMs = 86_400_000;

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
  /** Where points of the line stand beside another bucket than the shifted one; null = each beside its own. */
  readonly moved: MovedPoints | null;
}

/** Points of the year before that were moved off weekends (3.9). */
export interface MovedPoints {
  /** By bucket of the report: the place of its own among the buckets of the compared time and those beyond. */
  readonly places: readonly number[];
  /** Ends of the buckets after the compared time in which points lie, one after the other. */
  readonly beyond: readonly number[];
}

/**
 * 3.9. The compared range has the same length, and each of its buckets that of the bucket beside it: so many days of
 * the calendar before, also where the clock changes in between; by the hour and the minute so many hours. Points that
 * move off weekends are taken from other buckets of that time, or from some beyond it.
 */
export function comparedTime(
  query: Pick<InsightsQuery, 'range' | 'unit' | 'edges'>,
  compare: Comparison,
  scope: TimeScope,
): ComparedTime {
  if (compare.type === 'range') {
    return { time: { range: { from: compare.from, to: compare.to } }, shift: null, moved: null };
  }
  const axis = planAxis(query, scope);
  const shift = shiftOf(query.unit, axis, compare, scope.calendar);
  const { startMs, endMs } = axis.range;
  const starts = axis.buckets.map((bucket) => shift(bucket.startMs));
  const ends = [...starts.slice(1), shift(endMs)];
  const isYear = compare.type === 'previous' && compare.unit === 'year';
  // Buckets of the query's own are no points of the calendar.
  const { unit, edges } = query;
  return {
    time: timeOf(ends, shift(startMs)),
    shift,
    moved:
      isYear && isShort(unit) && edges === undefined
        ? movedPoints(unit, starts, ends, scope.calendar)
        : null,
  };
}

/** A point of the year before that falls on a weekend moves to the next Monday (3.9); null = there is none. */
function movedPoints(
  unit: TimeUnit,
  starts: readonly number[],
  ends: readonly number[],
  calendar: Calendar,
): MovedPoints | null {
  const endMs = ends[ends.length - 1];
  const targets = afterWeekends(starts, endMs, calendar);
  if (targets.every((target, i) => target === starts[i])) return null;
  const lastMs = targets.reduce((last, target) => Math.max(last, target), 0);
  const after =
    lastMs < endMs ? [] : calendarBuckets({ startMs: endMs, endMs: lastMs + 1 }, unit, calendar);
  const beyond = after.map((bucket) => bucket.endMs);
  const all = [...ends, ...beyond];
  return { places: targets.map((target) => firstAbove(all, target)), beyond };
}

/** The same instants, in order, those of weekends at the same time of the next Monday. */
function afterWeekends(
  instants: readonly number[],
  endMs: number,
  calendar: Calendar,
): readonly number[] {
  const moved: number[] = [];
  for (const day of calendarBuckets({ startMs: instants[0], endMs }, 'day', calendar)) {
    const move = afterWeekend(day.startMs, calendar);
    while (moved.length < instants.length && instants[moved.length] < day.endMs) {
      moved.push(move(instants[moved.length]));
    }
  }
  return moved;
}

/** Where the instants of a day go. Asking the zone is dear: each is asked about only where the clock changes. */
function afterWeekend(dayStartMs: number, calendar: Calendar): Shift {
  const { dayOfWeek } = localTime(dayStartMs, calendar);
  if (dayOfWeek < 6) return (instantMs) => instantMs;
  const days = 8 - dayOfWeek;
  const later = (instantMs: number, count: number): number =>
    instantOf(localTime(instantMs, calendar).add({ days: count }), calendar);
  // Up to the end of that Monday.
  const isEven = later(dayStartMs, days + 1) - dayStartMs === (days + 1) * dayMs;
  if (isEven) return (instantMs) => instantMs + days * dayMs;
  return (instantMs) => later(instantMs, days);
}

/** The first place of a number above this one, in numbers that rise. */
function firstAbove(numbers: readonly number[], value: number): number {
  let start = 0;
  let end = numbers.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (numbers[middle] > value) end = middle;
    else start = middle + 1;
  }
  return start;
}

/** Buckets with these ends, the first from `startMs` on. */
export function timeOf(ends: readonly number[], startMs: number): ReportTime {
  const edges = [startMs, ...ends].map(instantText);
  return { range: { from: edges[0], to: instantText(ends[ends.length - 1] - 1) }, edges };
}

/** The same time, and buckets with these ends after it. */
export function longerTime(
  { range, edges = [] }: ReportTime,
  beyond: readonly number[],
): ReportTime {
  if (beyond.length === 0) return { range, edges };
  const to = instantText(beyond[beyond.length - 1] - 1);
  return { range: { from: range.from, to }, edges: [...edges, ...beyond.map(instantText)] };
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
      return instantOf(
        previousStart(unit, localTime(startMs, calendar), compare.unit, calendar),
        calendar,
      );
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
      return previousStart(unit, start, compare.unit, calendar);
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
 * Points of the year before that fall on a weekend move to the next Monday (3.9). That of a week is its first day, which
 * lies before the range where that begins inside a week: all weeks move together with the first. Months, quarters and
 * years begin on their first day, whatever day of the week that is; shorter units move point by point.
 */
function previousStart(
  unit: Unit,
  start: Temporal.PlainDateTime,
  by: Extract<Comparison, { type: 'previous' }>['unit'],
  { weekStart }: Calendar,
): Temporal.PlainDateTime {
  const before = start.subtract(unitLength(by, 1));
  if (by !== 'year' || unit !== 'week') return before;
  const sinceWeekStart = (start.dayOfWeek - weekStart + 7) % 7;
  const week = start.subtract({ days: sinceWeekStart }).subtract(unitLength(by, 1));
  const monday = week.dayOfWeek < 6 ? week : week.add({ days: 8 - week.dayOfWeek });
  return monday.add({ days: sinceWeekStart });
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

function isShort(unit: Unit): unit is 'minute' | 'hour' | 'day' {
  return unit === 'minute' || unit === 'hour' || unit === 'day';
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
