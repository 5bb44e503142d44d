import type { Comparison, FunnelQuery, RetentionQuery } from '@arbor/schema/query';
import type { InstantRange } from './calendar.ts';
import { calendarBuckets } from './calendar.ts';
import { comparedTime, instantText, timeOf } from './comparison.ts';
import type { MovedPoints } from './comparison.ts';
import type { PlanScope } from './plan-scope.ts';
import { retentionTime } from './retention.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;

/** A report as it is asked about the time that it is compared with (3.9). */
export interface ComparedReport<Query> {
  readonly query: Query;
  /** Null = each bucket or cohort stands beside its own. */
  readonly moved: {
    /** By bucket of the report: the place of its own among those of `query`, and then those of `beyond`. */
    readonly places: readonly number[];
    /** What lies after that time; null = no bucket does. */
    readonly beyond: Query | null;
  } | null;
}

/**
 * A funnel, which itself is compared with nothing, over another time. Points move where each bucket has a funnel of its own: one over the range is split by
 * entry into the buckets of that range alone.
 */
export function comparedFunnel(
  { edges, ...query }: FunnelQuery,
  compare: Comparison,
  scope: TimeScope,
): ComparedReport<FunnelQuery> {
  const { unit = 'total', range } = query;
  const { time, moved } = comparedTime({ range, unit, edges }, compare, scope);
  const own: FunnelQuery = {
    ...query,
    range: time.range,
    ...(unit !== 'total' && time.edges && { edges: time.edges }),
  };
  if (!query.trends || moved === null) return { query: own, moved: null };
  return { query: own, moved: { places: moved.places, beyond: trendBeyond(own, moved) } };
}

function trendBeyond({ edges = [], ...query }: FunnelQuery, { beyond }: MovedPoints) {
  if (beyond.length === 0) return null;
  const startMs = Date.parse(edges[edges.length - 1]);
  return { ...query, ...timeOf(beyond, startMs) };
}

/** A retention of another time, cohort beside cohort. */
export function comparedRetention(
  report: RetentionQuery,
  compare: Comparison,
  scope: TimeScope,
): ComparedReport<RetentionQuery> {
  const { edges, ...query } = report;
  const { range, unit } = query;
  const { cohorts, whole, range: instants } = retentionTime(report, scope);
  // As buckets of a chart they are cut to the range, and those after it are none.
  const starts = cohorts.slice(1).map(({ startMs }) => startMs);
  const axis = edges && [instants.startMs, ...starts, instants.endMs].map(instantText);
  const { time, shift, moved } = comparedTime({ range, unit, edges: axis }, compare, scope);
  if (shift === null) return { query: { ...query, range: time.range }, moved: null };
  const shifted = [whole[0].startMs, ...whole.map(({ endMs }) => endMs)].map(shift);
  const then = { ...query, range: time.range, edges: shifted.map(instantText) };
  if (moved === null) return { query: then, moved: null };
  const span = { startMs: shift(instants.startMs), endMs: shift(instants.endMs) };
  return {
    query: then,
    moved: {
      places: moved.places,
      beyond: retentionBeyond(query, span, { moved, count: whole.length - cohorts.length }, scope),
    },
  };
}

/** Cohorts after a time, behind a first one that is the whole of it: who was born in it is no first of theirs. */
function retentionBeyond(
  query: RetentionQuery,
  { startMs, endMs }: InstantRange,
  { moved: { beyond }, count }: { readonly moved: MovedPoints; readonly count: number },
  { calendar }: TimeScope,
): RetentionQuery | null {
  if (beyond.length === 0) return null;
  const lastMs = beyond[beyond.length - 1];
  const after = calendarBuckets({ startMs: endMs, endMs: lastMs }, query.unit, calendar, count);
  const intervals = after.slice(beyond.length).map((bucket) => bucket.endMs);
  return {
    ...query,
    range: { from: instantText(startMs), to: instantText(lastMs - 1) },
    edges: [startMs, endMs, ...beyond, ...intervals].map(instantText),
  };
}
