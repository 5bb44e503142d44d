import type { FunnelQuery, Metric } from '@arbor/schema/query';
import type { FunnelResult, Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';
import { instantText } from '../plan/comparison.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import { resultOf } from './ask.ts';
import type { Ask } from './ask.ts';
import { allSegments } from './metrics-wanted.ts';
import type { MetricsWanted } from './metrics-wanted.ts';
import type { Line, MetricTable } from './metric-table.ts';

type FunnelMetric = Extract<Metric, { type: 'funnel' }>;
type Steps = FunnelResult['steps'];

/** Where each bucket is a query of its own: more would keep the shards busy for one chart. */
const bucketQueriesMax = 400;

/**
 * The conversion of a funnel as a metric: one funnel over the range for its total, and one of its own in each bucket
 * (5.11). Counts by bucket come with the funnel; times to convert, and buckets that are not the calendar's, are
 * asked for one by one.
 */
export function askFunnel(metric: FunnelMetric, wanted: MetricsWanted): Ask<MetricTable> {
  const { query, span } = wanted;
  const whole = funnelOver(metric, wanted);
  if (query.unit === 'total') {
    return {
      queries: [whole],
      read: ([result]) => {
        const valuesOf = (steps: Steps): (number | null)[] => [valueOf(metric, steps)];
        return funnelTable(resultOf(result, 'funnel'), { valuesOf, segments: [] }, metric);
      },
    };
  }
  if (span.time.edges === undefined && (metric.value === 'rate' || metric.value === 'count')) {
    const trends: FunnelQuery = { ...whole, unit: query.unit, trends: true };
    return { queries: [trends], read: ([result]) => trendTable(metric, result) };
  }
  return askBuckets(metric, wanted, whole);
}

function askBuckets(
  metric: FunnelMetric,
  { span }: MetricsWanted,
  whole: FunnelQuery,
): Ask<MetricTable> {
  if (span.buckets.length > bucketQueriesMax) {
    throw invalidQuery(
      `the ${metric.value.replace('_', ' ')} of a funnel in ${span.buckets.length} buckets is ` +
        `asked one by one, at most ${bucketQueriesMax}: shorten the range or use a longer unit`,
    );
  }
  const buckets = span.buckets.map(({ startMs, endMs }): FunnelQuery => {
    const range = { from: instantText(startMs), to: instantText(endMs - 1) };
    return { ...whole, range, segmentsMax: allSegments };
  });
  return {
    queries: [whole, ...buckets],
    read([result, ...own]) {
      const funnels = own.map((bucket) => funnelSteps(resultOf(bucket, 'funnel')));
      const valuesOf: ByBucket['valuesOf'] = (_, segment) =>
        funnels.map((funnel) => {
          const steps = segment === null ? funnel.overall : funnel.byKey.get(segmentKey(segment));
          return steps === undefined ? emptyOf(metric) : valueOf(metric, steps);
        });
      const segments = funnels.flatMap((funnel) => funnel.segments);
      return funnelTable(resultOf(result, 'funnel'), { valuesOf, segments }, metric);
    },
  };
}

function funnelSteps({ steps, segments }: FunnelResult) {
  return {
    overall: steps,
    segments: segments.map(({ segment }) => segment),
    byKey: new Map(segments.map((own) => [segmentKey(own.segment), own.steps])),
  };
}

function funnelOver(
  { funnel, value }: FunnelMetric,
  { query, span, segments, all, otherSegment }: MetricsWanted,
): FunnelQuery {
  const { filters, breakdowns, segmentsMax, groupKey } = query;
  return {
    ...funnel,
    type: 'funnel',
    range: span.time.range,
    filters,
    groupKey,
    breakdowns,
    // A funnel cannot be asked for some segments alone.
    segmentsMax: all === true || segments !== null ? allSegments : segmentsMax,
    otherSegment,
    trends: false,
    timing: value === 'average_time' || value === 'median_time',
  };
}

/** What a funnel comes to in buckets, and the segments that any of them has. */
interface ByBucket {
  readonly valuesOf: (steps: Steps, segment: Segment | null) => (number | null)[];
  readonly segments: readonly Segment[];
}

function funnelTable(
  { steps, segments, segmentCount }: FunnelResult,
  { valuesOf, segments: bucketSegments }: ByBucket,
  metric: FunnelMetric,
): MetricTable {
  const own = new Set(segments.map(({ segment }) => segmentKey(segment)));
  const inBuckets = new Map(
    bucketSegments.map((segment) => [segmentKey(segment), segment] as const),
  );
  const lineOf = (own: Steps, segment: Segment | null): Line => {
    return { values: valuesOf(own, segment), total: valueOf(metric, own) };
  };
  const other = segments.find(({ segment }) => segment.type === 'other');
  return {
    overall: lineOf(steps, null),
    segments: segments
      .filter((own) => own !== other)
      .map((own) => ({ segment: own.segment, line: lineOf(own.steps, own.segment) })),
    // Where some are left out, what is missing is asked for anew.
    ...(segmentCount <= own.size && {
      inBuckets: Array.from(inBuckets)
        .filter(([key]) => !own.has(key))
        .map(([, segment]) => {
          return { segment, line: { values: valuesOf([], segment), total: emptyOf(metric) } };
        }),
    }),
    other: other ? lineOf(other.steps, other.segment) : null,
    segmentCount,
    isUnsegmented: false,
  };
}

function trendTable(metric: FunnelMetric, result: Parameters<typeof resultOf>[0]): MetricTable {
  const funnel = resultOf(result, 'funnel');
  const { byEntry } = funnel;
  if (byEntry === undefined) throw new TypeError('a funnel by bucket came without its buckets');
  const byKey = new Map(
    (byEntry.segments ?? []).map(({ segment, counts }) => [segmentKey(segment), counts]),
  );
  const valuesOf: ByBucket['valuesOf'] = (_, segment) => {
    const counts = segment === null ? byEntry.counts : byKey.get(segmentKey(segment));
    return byEntry.buckets.map((_bucket, i) => conversion(metric, counts?.[i] ?? []));
  };
  const segments = (byEntry.segments ?? []).map(({ segment }) => segment);
  const table = funnelTable(funnel, { valuesOf, segments }, metric);
  // By bucket, other segments may be the best than in the whole.
  const lacksLines = table.segments.some(({ segment }) => !byKey.has(segmentKey(segment)));
  return { ...table, lacksLines };
}

/** What the metric has where nobody entered. */
export function emptyOf({ value }: FunnelMetric): number | null {
  return value === 'count' ? 0 : null;
}

function valueOf(metric: FunnelMetric, steps: Steps): number | null {
  const last = steps[steps.length - 1];
  if (metric.value === 'average_time') return last.averageFromEntryMs;
  if (metric.value === 'median_time') return last.medianFromEntryMs;
  return conversion(
    metric,
    steps.map(({ count }) => count),
  );
}

function conversion(metric: FunnelMetric, counts: readonly number[]): number | null {
  const [entered = 0] = counts;
  const converted = counts[counts.length - 1] ?? 0;
  if (metric.value === 'count') return converted;
  return entered === 0 ? null : converted / entered;
}
