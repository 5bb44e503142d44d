import type { InsightsQuery } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import { planAxis } from '../plan/axis.ts';
import { calendarBuckets, lastUnits } from '../plan/calendar.ts';
import type { Calendar } from '../plan/calendar.ts';
import { comparedTime, timeOf } from '../plan/comparison.ts';
import type { ReportTime } from '../plan/comparison.ts';
import type { PlanScope } from '../plan/plan-scope.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;

/** One line of time of a report: its own, or the one that it is compared with. */
export interface Span {
  readonly time: ReportTime;
  readonly buckets: readonly Bucket[];
  /** The buckets before the first, for rolling averages; null = no metric looks back. */
  readonly lead: Pick<Span, 'time' | 'buckets'> | null;
}

/** The report's own span, then that of its comparison. */
export function reportSpans(query: InsightsQuery, scope: TimeScope): readonly Span[] {
  const back = bucketsBack(query);
  const now = spanOf(query, { range: query.range, ...edgesOf(query) }, scope, back);
  if (query.compare === undefined) return [now];
  const { time, shift } = comparedTime(query, query.compare, scope);
  if (shift === null) return [now, spanOf(query, time, scope, back)];
  const edges = leadEdges(now, query, scope, back).map(shift);
  const lead = edges.length === 0 ? null : leadOf(query, edges, scope);
  return [now, { time, buckets: bucketsOf(query, time, scope), lead }];
}

function edgesOf({ edges }: InsightsQuery): { edges?: string[] } {
  return edges === undefined ? {} : { edges };
}

/** How many buckets before the range the metrics look at: one number over the whole range has none. */
function bucketsBack({ metrics, unit }: InsightsQuery): number {
  if (unit === 'total') return 0;
  const counts = metrics.map((metric) => ('rolling' in metric ? (metric.rolling ?? 1) - 1 : 0));
  return Math.max(0, ...counts);
}

function spanOf(query: InsightsQuery, time: ReportTime, scope: TimeScope, back: number): Span {
  const buckets = bucketsOf(query, time, scope);
  const edges = leadEdges({ buckets }, query, scope, back);
  return { time, buckets, lead: edges.length === 0 ? null : leadOf(query, edges, scope) };
}

function bucketsOf({ unit }: InsightsQuery, time: ReportTime, scope: TimeScope): readonly Bucket[] {
  return planAxis({ unit, ...time }, scope).buckets;
}

/** The edges of the whole buckets of the calendar before the first bucket of a span. */
function leadEdges(
  { buckets }: Pick<Span, 'buckets'>,
  { unit }: InsightsQuery,
  { calendar }: TimeScope,
  back: number,
): readonly number[] {
  if (back === 0 || unit === 'total') return [];
  const { startMs } = buckets[0];
  const [first] = calendarBuckets({ startMs, endMs: startMs + 1 }, unit, calendar);
  const before = calendarBuckets(
    { startMs: farBefore(first.startMs, unit, back, calendar), endMs: first.startMs },
    unit,
    calendar,
  );
  return [...before.slice(-back).map((bucket) => bucket.startMs), first.startMs];
}

/** At least so many buckets before: one more than asked for, and one that may be cut. */
function farBefore(
  instantMs: number,
  unit: Exclude<InsightsQuery['unit'], 'total'>,
  back: number,
  calendar: Calendar,
): number {
  return lastUnits(instantMs, back + 2, unit, calendar).startMs;
}

function leadOf(
  query: InsightsQuery,
  [startMs, ...ends]: readonly number[],
  scope: TimeScope,
): NonNullable<Span['lead']> {
  const time = timeOf(ends, startMs);
  return { time, buckets: bucketsOf(query, time, scope) };
}
