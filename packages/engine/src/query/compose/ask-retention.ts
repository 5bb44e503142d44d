import type { Metric, RetentionQuery } from '@arbor/schema/query';
import type { RetentionResult } from '@arbor/schema/result';
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
    breakdowns: query.breakdowns,
    // A retention cannot be asked for some segments alone.
    segmentsMax: all === true || segments !== null ? allSegments : query.segmentsMax,
    otherSegment,
  };
  const bucketCount = query.unit === 'total' ? null : span.buckets.length;
  return {
    queries: [part],
    read: ([result]) => retentionTable(metric, resultOf(result, 'retention'), bucketCount),
  };
}

/** `bucketCount` null = the total is the one number. */
function retentionTable(
  metric: RetentionMetric,
  result: RetentionResult,
  bucketCount: number | null,
): MetricTable {
  const lineOf = (table: Table): Line => retentionLine(metric, table, bucketCount);
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
  bucketCount: number | null,
): Line {
  const counts = cohorts.map((cohort) => cohort.counts[interval]);
  const total =
    value === 'rate'
      ? average.rates[interval]
      : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (bucketCount === null) return { values: [total], total };
  const values = Array.from({ length: bucketCount }, (_, i): number | null => {
    const count = counts[i] ?? null;
    if (value === 'count' || count === null) return count;
    return cohorts[i].size === 0 ? null : count / cohorts[i].size;
  });
  return { values, total };
}
