import type { InsightsQueryInput } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import type { AuthorizedProject } from '../../auth/authorize.ts';
import {
  addDays,
  addMonths,
  startOfMonth,
  startOfWeek,
  todayIn,
  wallClock,
} from '../local-dates.ts';
import type { Parameters } from '../parameters.ts';

/** What a series is over, in the words of our queries. */
export type Span = Pick<InsightsQueryInput, 'range' | 'edges'> & { readonly unit: SpanUnit };

export const spanUnits = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type SpanUnit = (typeof spanUnits)[number];

export interface SpanContext {
  readonly project: Pick<AuthorizedProject, 'timezone' | 'weekStart'>;
  readonly nowMs: number;
}

/**
 * `from_date` and `to_date` with a `unit`, or with `interval`, so many days a bucket (`query-api.md` 4.1); the last
 * one may be shorter.
 */
export function datedSpan(parameters: Parameters): Span {
  const range = parameters.dates();
  const unit = parameters.choice('unit', spanUnits) ?? 'day';
  const days = parameters.integer('interval', { min: 1, max: 366 });
  if (days === undefined || parameters.has('unit')) return { range, unit };
  return { range, unit, edges: dayEdges(range, days) };
}

/** Edges of buckets of so many days, the end of the range the last of them. */
export function dayEdges(
  range: { readonly from: string; readonly to: string },
  days: number,
): string[] {
  const end = addDays(range.to, 1);
  const edges: string[] = [];
  for (let edge = range.from; edge < end; edge = addDays(edge, days)) edges.push(edge);
  return [...edges, end];
}

/** Dates as above, or the last `interval` units up to now, the running one included (5). */
export function recentSpan(parameters: Parameters, context: SpanContext): Span {
  const count = parameters.integer('interval', { min: 1, max: 10_000 });
  if (count === undefined || parameters.has('from_date')) return datedSpan(parameters);
  const unit = parameters.choice('unit', spanUnits) ?? 'day';
  return { range: lastUnits(unit, count, context), unit };
}

function lastUnits(
  unit: SpanUnit,
  count: number,
  { project, nowMs }: SpanContext,
): { readonly from: string; readonly to: string } {
  const { timezone, weekStart } = project;
  const today = todayIn(nowMs, timezone);
  const back = count - 1;
  switch (unit) {
    case 'minute':
      return { from: clockBack(nowMs - back * 60_000, timezone, 16), to: instant(nowMs) };
    case 'hour':
      return { from: clockBack(nowMs - back * 3_600_000, timezone, 13), to: instant(nowMs) };
    case 'day':
      return { from: addDays(today, -back), to: today };
    case 'week':
      return { from: addDays(startOfWeek(today, weekStart), -7 * back), to: today };
    case 'month':
      return { from: addMonths(startOfMonth(today), -back), to: today };
  }
}

/** The start of the minute or hour of an instant, on the clock of the project. */
const clockBack = (ms: number, timezone: string, length: 13 | 16): string =>
  wallClock(ms, timezone).slice(0, length) + (length === 13 ? ':00:00' : ':00');

const instant = (ms: number): string => new Date(ms).toISOString();

/**
 * What series call their buckets (1.5): the first day, or for hours and minutes the time of the project's clock. Where
 * the clock is set back an hour comes twice; the second says its offset.
 */
export function bucketKeys(buckets: readonly Bucket[], unit: SpanUnit): string[] {
  const isDay = unit === 'day' || unit === 'week' || unit === 'month';
  const seen = new Set<string>();
  return buckets.map(({ start }) => {
    const key = isDay ? start.slice(0, 10) : start.slice(0, 19).replace('T', ' ');
    const own = seen.has(key) ? key + start.slice(19) : key;
    seen.add(own);
    return own;
  });
}
