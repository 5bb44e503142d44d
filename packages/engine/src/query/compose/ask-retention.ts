import type { Metric, RetentionQuery } from '@arbor/schema/query';
import type { Bucket, RetentionResult } from '@arbor/schema/result';
import { planAxis } from '../plan/axis.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import { resultOf } from './ask.ts';
import type { Ask } from './ask.ts';
import { allSegments } from './metrics-wanted.ts';
import type { MetricsWanted } from './metrics-wanted.ts';
import type { Line, MetricTable } from './metric-table.ts';

type RetentionMetric = Extract<Metric, { type: 'retention' }>;
type Table = Pick<RetentionResult, 'cohorts' | 'average'>;

/** One interval of a retention as a metric: each cohort is a bucket, and the average row the total (6.5). */
export function askRetention(metric: RetentionMetric, wanted: MetricsWanted): Ask<MetricTable> {
  const { query, span, segments, all, otherSegment } = wanted;
  const { retention, interval } = metric;
  const intervals = retention.brackets?.length ?? retention.intervals;
  if (interval >= intervals) {
    throw invalidQuery(`the retention has no interval ${interval}: the last is ${intervals - 1}`);
  }
  checkValue(metric);
  if (query.unit !== 'total' && query.unit !== retention.unit) {
    throw invalidQuery(
      `a retention by the ${retention.unit} has a number for each ${retention.unit}: ask for it by ` +
        `the ${retention.unit} or in total, not by the ${query.unit}`,
    );
  }
  const part: RetentionQuery = {
    ...retention,
    type: 'retention',
    range: span.time.range,
    filters: query.filters,
    groupKey: query.groupKey,
    breakdowns: query.breakdowns,
    // A retention cannot be asked for some segments alone.
    segmentsMax: all === true || segments !== null ? allSegments : query.segmentsMax,
    otherSegment,
  };
  const buckets = query.unit === 'total' ? null : span.buckets;
  if (buckets !== null) demandCalendar(metric, wanted);
  return {
    queries: [part],
    read: ([result]) => retentionTable(metric, resultOf(result, 'retention'), buckets),
  };
}

/** A share is of users, and a sum of numbers (6.3). */
function checkValue({ value, retention: { measure } }: RetentionMetric): void {
  const isOfUsers = measure.type === 'users';
  if (value === 'count' || (value === 'rate' ? isOfUsers : value === measure.type)) return;
  throw invalidQuery(
    `a retention that measures ${isOfUsers ? 'users' : `a ${measure.type}`} has no ${value}: ask for its ` +
      (isOfUsers ? 'rate or count' : measure.type),
  );
}

/** Cohorts are those of the calendar; a range may begin inside of one. */
function demandCalendar({ retention: { unit } }: RetentionMetric, wanted: MetricsWanted): void {
  const { time, buckets } = wanted.span;
  const axis = planAxis({ range: time.range, unit }, wanted.scope);
  const starts = new Set(axis.buckets.map(({ startMs }) => startMs));
  const other = buckets.find(({ startMs }, i) => i > 0 && !starts.has(startMs));
  if (other === undefined) return;
  throw invalidQuery(
    `a retention by the ${unit} has no cohort that begins on ${other.start.slice(0, 10)}: compare it with a time ` +
      `that begins with a ${unit} where the report does, or ask for it in total`,
  );
}

/** `buckets` null = the total is the one number. */
function retentionTable(
  metric: RetentionMetric,
  result: RetentionResult,
  buckets: readonly Bucket[] | null,
): MetricTable {
  const lineOf = (table: Table): Line => retentionLine(metric, table, buckets);
  const other = result.segments.find(({ segment }) => segment.type === 'other');
  return {
    overall: lineOf(result),
    segments: result.segments
      .filter((own) => own !== other)
      .map((own) => ({ segment: own.segment, line: lineOf(own) })),
    other: other ? lineOf(other) : null,
    segmentCount: result.segmentCount,
    isUnsegmented: false,
  };
}

function retentionLine(
  { interval, value }: RetentionMetric,
  { cohorts, average }: Table,
  buckets: readonly Bucket[] | null,
): Line {
  const counts = cohorts.map((cohort) => cohort.counts[interval]);
  const isShare = value === 'rate';
  const total =
    isShare || value === 'average'
      ? average.rates[interval]
      : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (buckets === null) return { values: [total], total };
  const byStart = new Map(cohorts.map((cohort) => [cohort.bucket.startMs, cohort]));
  const values = buckets.map(({ startMs }): number | null => {
    const cohort = byStart.get(startMs);
    const count = cohort?.counts[interval] ?? null;
    if (!isShare || count === null || cohort === undefined) return count;
    return cohort.size === 0 ? null : count / cohort.size;
  });
  return { values, total };
}
