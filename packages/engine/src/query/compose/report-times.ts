import type { InsightsQuery } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import { planAxis } from '../plan/axis.ts';
import { comparedTime, timeOf } from '../plan/comparison.ts';
import type { MovedPoints, ReportTime } from '../plan/comparison.ts';
import { leadEdges } from '../plan/lead-edges.ts';
import type { PlanScope } from '../plan/plan-scope.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;

/** One line of time of a report: its own, or the one that it is compared with. */
export interface Span {
  readonly time: ReportTime;
  readonly buckets: readonly Bucket[];
  /** The buckets before the first, for rolling averages; null = no metric looks back. */
  readonly lead: Pick<Span, 'time' | 'buckets'> | null;
  /** Points of the line that lie elsewhere; null = each bucket is one. */
  readonly moved: MovedSpan | null;
}

/** Where the points of a line were moved to (3.9). */
export interface MovedSpan {
  /** By point: the place of its bucket among those of the span and then those beyond. */
  readonly places: readonly number[];
  /** Buckets after the span, behind a first one that is the whole of it; null = no point lies there. */
  readonly beyond: Pick<Span, 'time' | 'buckets'> | null;
}

/** The buckets of the line, as answers show them: the points beside those of the report. */
export function pointsOf({ buckets, moved }: Span): readonly Bucket[] {
  if (moved === null) return buckets;
  const all = [...buckets, ...(moved.beyond?.buckets.slice(1) ?? [])];
  return moved.places.map((place) => all[place]);
}

/** The report's own span, then that of its comparison. */
export function reportSpans(query: InsightsQuery, scope: TimeScope): readonly Span[] {
  const back = bucketsBack(query);
  const now = spanOf(query, { range: query.range, ...edgesOf(query) }, scope, back);
  if (query.compare === undefined) return [now];
  const { time, shift, moved } = comparedTime(query, query.compare, scope);
  if (shift === null) return [now, spanOf(query, time, scope, back)];
  const own = leadEdges(now.buckets[0].startMs, query.unit, back, scope.calendar);
  const edges = own.map(shift);
  const lead = edges.length === 0 ? null : leadOf(query, edges, scope);
  const buckets = bucketsOf(query, time, scope);
  return [now, { time, buckets, lead, moved: moved && movedSpan(query, buckets, moved, scope) }];
}

function movedSpan(
  query: InsightsQuery,
  buckets: readonly Bucket[],
  { places, beyond }: MovedPoints,
  scope: TimeScope,
): MovedSpan {
  if (beyond.length === 0) return { places, beyond: null };
  const { endMs } = buckets[buckets.length - 1];
  // Whoever counts from the start of the range on does so beyond it, too.
  const time = timeOf([endMs, ...beyond], buckets[0].startMs);
  return { places, beyond: { time, buckets: bucketsOf(query, time, scope) } };
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
  const edges = leadEdges(buckets[0].startMs, query.unit, back, scope.calendar);
  return {
    time,
    buckets,
    lead: edges.length === 0 ? null : leadOf(query, edges, scope),
    moved: null,
  };
}

function bucketsOf({ unit }: InsightsQuery, time: ReportTime, scope: TimeScope): readonly Bucket[] {
  return planAxis({ unit, ...time }, scope).buckets;
}

function leadOf(
  query: InsightsQuery,
  [startMs, ...ends]: readonly number[],
  scope: TimeScope,
): NonNullable<Span['lead']> {
  const time = timeOf(ends, startMs);
  return { time, buckets: bucketsOf(query, time, scope) };
}
