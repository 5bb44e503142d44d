import { Temporal } from 'temporal-polyfill';
import type { TimeUnit } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import { invalidQuery } from './invalid-query.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** Units whose buckets start with a day. */
export type DateUnit = Exclude<TimeUnit, 'minute' | 'hour'>;

/**
 * The most buckets one query may ask for: nearly six years by the hour, 136 by the day. It bounds the
 * memory of a query; nothing is ever cut silently.
 */
const bucketsMax = 50_000;

/** The project's calendar: every date and bucket edge of a report comes from here (2.1). */
export interface Calendar {
  readonly timezone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number;
  /** The month in which a quarter starts, as do each third one before and after; absent = January. */
  readonly quarterStart?: number;
}

/** A whole calendar bucket, before it is cut to a range. */
export interface CalendarBucket {
  readonly startMs: number;
  readonly endMs: number;
}

export interface InstantRange {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** Checks the zone and the starts of weeks and quarters before anything is computed with them. */
export function calendar({ timezone, weekStart, quarterStart = 1 }: Calendar): Calendar {
  if (!Number.isInteger(weekStart) || weekStart < 1 || weekStart > 7) {
    throw invalidQuery(`week start ${weekStart} is not a day: use 1 (Monday) to 7 (Sunday)`);
  }
  if (!Number.isInteger(quarterStart) || quarterStart < 1 || quarterStart > 12) {
    throw invalidQuery(`quarter start ${quarterStart} is not a month: use 1 to 12`);
  }
  try {
    zoned(0, timezone);
  } catch (cause) {
    throw invalidQuery(`time zone "${timezone}" is unknown: use a name such as Europe/Berlin`, {
      cause,
    });
  }
  return { timezone, weekStart, ...(quarterStart !== 1 && { quarterStart }) };
}

/**
 * The whole buckets that touch the range, in order and without a gap, then `extra` more.
 *
 * An hour is one hour of the local clock: it also ends where the offset changes, so that the repeated
 * hour in autumn is two buckets, and zones that move by half an hour keep labels on the full hour. A
 * day has 23 to 25 hours; a date that a zone skipped has no bucket.
 */
export function calendarBuckets(
  range: InstantRange,
  unit: TimeUnit,
  own: Calendar,
  extra = 0,
): CalendarBucket[] {
  const { timezone } = own;
  const edges =
    unit === 'minute'
      ? minuteEdges(range, extra)
      : unit === 'hour'
        ? hourEdges(range, timezone, extra)
        : dateEdges(range, unit, own, extra);
  return edges.slice(0, -1).map((startMs, i) => ({ startMs, endMs: edges[i + 1] }));
}

/** The bucket as the answer shows it: cut to the range, labelled by its own first instant (2.1). */
export function cutBucket(
  bucket: CalendarBucket,
  range: InstantRange,
  { timezone }: Calendar,
  nowMs: number,
): Bucket {
  const endMs = Math.min(bucket.endMs, range.endMs);
  return {
    start: zoned(bucket.startMs, timezone).toString({
      timeZoneName: 'never',
      smallestUnit: 'second',
    }),
    startMs: Math.max(bucket.startMs, range.startMs),
    endMs,
    incomplete: nowMs < endMs,
  };
}

/** [first instant of the day `days` − 1 before, first instant after the day) of the day of `instantMs`. */
export function trailingDays(instantMs: number, days: number, { timezone }: Calendar) {
  const tomorrow = zoned(instantMs, timezone).toPlainDate().add({ days: 1 });
  return {
    startMs: startOfDay(tomorrow.subtract({ days }), timezone),
    endMs: startOfDay(tomorrow, timezone),
  };
}

/** The running unit and the count − 1 before it (2.2), up to the end of the unit; minutes and hours are so many before now. */
export function lastUnits(
  nowMs: number,
  count: number,
  unit: TimeUnit,
  own: Calendar,
): InstantRange {
  const { timezone } = own;
  if (unit === 'minute' || unit === 'hour') {
    return { startMs: nowMs - count * (unit === 'hour' ? hourMs : minuteMs), endMs: nowMs + 1 };
  }
  const first = firstOfBucket(zoned(nowMs, timezone).toPlainDate(), unit, own);
  return {
    startMs: startOfDay(first.subtract(unitLength(unit, count - 1)), timezone),
    endMs: startOfDay(first.add(unitLength(unit, 1)), timezone),
  };
}

export function startOfDay(date: Temporal.PlainDate, timezone: string): number {
  return date.toZonedDateTime(timezone).epochMilliseconds;
}

function zoned(instantMs: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timezone);
}

/** First edge at or before the start of the range, last edge `extra` buckets after its end. */
function dateEdges(range: InstantRange, unit: DateUnit, own: Calendar, extra: number): number[] {
  const { timezone } = own;
  const date = zoned(range.startMs, timezone).toPlainDate();
  const first = firstOfBucket(date, unit, own);
  const edges = [startOfDay(first, timezone)];
  for (let n = 1, past = 0; past <= extra; n++) {
    const edge = startOfDay(first.add(unitLength(unit, n)), timezone);
    // A date that the zone skipped starts and ends at the same instant: it is no bucket.
    if (edge === edges[edges.length - 1]) continue;
    edges.push(edge);
    if (edge >= range.endMs) past++;
    checkCount(edges, unit);
  }
  return edges;
}

/** The first day of the bucket that a date lies in. */
function firstOfBucket(
  date: Temporal.PlainDate,
  unit: DateUnit,
  { weekStart, quarterStart = 1 }: Calendar,
): Temporal.PlainDate {
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return date.subtract({ days: (date.dayOfWeek - weekStart + 7) % 7 });
    case 'month':
      return date.with({ day: 1 });
    case 'quarter':
      return date.with({ day: 1 }).subtract({ months: (date.month - quarterStart + 12) % 3 });
    case 'year':
      return date.with({ day: 1, month: 1 });
  }
}

/** So many units of the calendar. */
export function unitLength(unit: DateUnit, count: number): Temporal.DurationLike {
  return unit === 'quarter' ? { months: 3 * count } : { [`${unit}s`]: count };
}

/** No zone of today has an offset of parts of a minute. */
function minuteEdges(range: InstantRange, extra: number): number[] {
  const first = Math.floor(range.startMs / minuteMs) * minuteMs;
  const count = Math.ceil((range.endMs - first) / minuteMs) + extra;
  if (count > bucketsMax) throw tooManyBuckets('minute');
  return Array.from({ length: count + 1 }, (_, n) => first + n * minuteMs);
}

function hourEdges(range: InstantRange, timezone: string, extra: number): number[] {
  const local = zoned(range.startMs, timezone);
  const sinceHour = (local.minute * 60 + local.second) * 1000 + local.millisecond;
  const before = local.getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity;
  // An instant that is a transition itself has its "previous" one before it.
  const transition = isTransition(range.startMs, timezone) ? range.startMs : before;
  const edges = [Math.max(range.startMs - sinceHour, transition)];
  let offset = offsetPeriod(edges[0], timezone);
  for (let past = 0; past <= extra;) {
    const last = edges[edges.length - 1];
    if (last >= offset.endMs) offset = offsetPeriod(last, timezone);
    const edge = Math.min(nextFullHour(last, offset.ms), offset.endMs);
    edges.push(edge);
    if (edge >= range.endMs) past++;
    checkCount(edges, 'hour');
  }
  return edges;
}

function isTransition(instantMs: number, timezone: string): boolean {
  const next = zoned(instantMs - 1, timezone).getTimeZoneTransition('next');
  return next?.epochMilliseconds === instantMs;
}

/**
 * The offset at an instant, and until when it holds. Asking the zone is dear, so years of hours ask it
 * only where the clock changes: planning must not hold up the process that takes in events.
 */
function offsetPeriod(instantMs: number, timezone: string): { ms: number; endMs: number } {
  const local = zoned(instantMs, timezone);
  let next = local.getTimeZoneTransition('next');
  // A change of the zone's name or rule alone moves no clock.
  while (next && next.offsetNanoseconds === local.offsetNanoseconds) {
    next = next.getTimeZoneTransition('next');
  }
  return { ms: local.offsetNanoseconds / 1e6, endMs: next?.epochMilliseconds ?? Infinity };
}

function nextFullHour(instantMs: number, offsetMs: number): number {
  return Math.floor((instantMs + offsetMs) / hourMs + 1) * hourMs - offsetMs;
}

function checkCount(edges: readonly number[], unit: TimeUnit): void {
  if (edges.length > bucketsMax) throw tooManyBuckets(unit);
}

function tooManyBuckets(unit: TimeUnit): Error {
  return invalidQuery(
    `the range has more than ${bucketsMax} buckets by the ${unit}: shorten it or use a longer unit`,
  );
}
