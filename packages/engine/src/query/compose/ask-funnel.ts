import type { FunnelQuery, Metric } from '@arbor/schema/query';
import type { FunnelResult, FunnelTimes, Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';
import { instantText } from '../plan/comparison.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import { resultOf } from './ask.ts';
import type { Ask } from './ask.ts';
import { allSegments } from './metrics-wanted.ts';
import type { MetricsWanted } from './metrics-wanted.ts';
import type { Line, MetricTable } from './metric-table.ts';

type FunnelMetric = Extract<Metric, { type: 'funnel' }>;
/** What a funnel comes to, over all or in a segment. */
type Reached = Pick<FunnelResult, 'steps' | 'times'>;

/** Where each bucket is a query of its own: more would keep the shards busy for one chart. */
const bucketQueriesMax = 400;

/**
 * The conversion of a funnel as a metric: one funnel over the range for its total, and one of its own in each bucket
 * (5.11). Counts by bucket come with the funnel; times to convert, and buckets that are not the calendar's, are
 * asked for one by one.
 */
export function askFunnel(metric: FunnelMetric, wanted: MetricsWanted): Ask<MetricTable> {
  const { query, span } = wanted;
  checkMetric(metric);
  const whole = funnelOver(metric, wanted);
  if (query.unit === 'total') {
    return {
      queries: [whole],
      read: ([result]) => {
        const valuesOf = (own: Reached | null): (number | null)[] => [valueOf(metric, own)];
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
          const own = segment === null ? funnel.overall : funnel.byKey.get(segmentKey(segment));
          return valueOf(metric, own ?? null);
        });
      const segments = funnels.flatMap((funnel) => funnel.segments);
      return funnelTable(resultOf(result, 'funnel'), { valuesOf, segments }, metric);
    },
  };
}

function funnelSteps(funnel: FunnelResult) {
  const { segments } = funnel;
  return {
    overall: funnel,
    segments: segments.map(({ segment }) => segment),
    byKey: new Map(segments.map((own) => [segmentKey(own.segment), own])),
  };
}

function funnelOver(
  metric: FunnelMetric,
  { query, span, segments, all, otherSegment }: MetricsWanted,
): FunnelQuery {
  const { filters, breakdowns, segmentsMax, groupKey } = query;
  const { funnel, percentile } = metric;
  const isTimed = isOfTimes(metric);
  const steps = chosenSteps(metric);
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
    timing: isTimed,
    // A step alone takes no time.
    ...(isTimed &&
      steps.from < steps.to && {
        times: { ...steps, percentiles: percentile === undefined ? [] : [percentile] },
      }),
  };
}

/** What a funnel comes to in buckets, and the segments that any of them has. */
interface ByBucket {
  readonly valuesOf: (own: Reached | null, segment: Segment | null) => (number | null)[];
  readonly segments: readonly Segment[];
}

function funnelTable(
  funnel: FunnelResult,
  { valuesOf, segments: bucketSegments }: ByBucket,
  metric: FunnelMetric,
): MetricTable {
  const { segments, segmentCount } = funnel;
  const own = new Set(segments.map(({ segment }) => segmentKey(segment)));
  const inBuckets = new Map(
    bucketSegments.map((segment) => [segmentKey(segment), segment] as const),
  );
  const lineOf = (own: Reached, segment: Segment | null): Line => {
    return { values: valuesOf(own, segment), total: valueOf(metric, own) };
  };
  const other = segments.find(({ segment }) => segment.type === 'other');
  return {
    overall: lineOf(funnel, null),
    segments: segments
      .filter((own) => own !== other)
      .map((own) => ({ segment: own.segment, line: lineOf(own, own.segment) })),
    // Where some are left out, what is missing is asked for anew.
    ...(segmentCount <= own.size && {
      inBuckets: Array.from(inBuckets)
        .filter(([key]) => !own.has(key))
        .map(([, segment]) => {
          return { segment, line: { values: valuesOf(null, segment), total: emptyOf(metric) } };
        }),
    }),
    other: other ? lineOf(other, other.segment) : null,
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
  return value === 'count' || value === 'sum' ? 0 : null;
}

function isOfTimes({ value }: FunnelMetric): boolean {
  return value.endsWith('_time');
}

/** 5.10: what is measured is of the last one, or from the first one to it. */
export function chosenSteps({ funnel, from = 0, to = funnel.steps.length - 1 }: FunnelMetric): {
  readonly from: number;
  readonly to: number;
} {
  return { from, to };
}

function checkMetric(metric: FunnelMetric): void {
  const { value, percentile, funnel } = metric;
  const last = funnel.steps.length - 1;
  const { from, to } = chosenSteps(metric);
  if (from > last || to > last) {
    throw invalidQuery(`there is no step ${Math.max(from, to)}: steps are 0 to ${last}`);
  }
  if (from > to) throw invalidQuery(`a funnel goes from step ${from} to a later one, not to ${to}`);
  if ((value === 'percentile_time') !== (percentile !== undefined)) {
    throw invalidQuery(
      value === 'percentile_time'
        ? 'a percentile of times needs "percentile", a number from 0 to 100'
        : `the ${value.replace('_', ' ')} of a funnel takes no percentile`,
    );
  }
  if ((value === 'sum' || value === 'sum_rate') && funnel.sum === undefined) {
    throw invalidQuery(`the ${value.replace('_', ' ')} of a funnel needs its "sum", a property`);
  }
}

/** Null = nobody entered. */
function valueOf(metric: FunnelMetric, own: Reached | null): number | null {
  if (own === null) return emptyOf(metric);
  const { steps, times } = own;
  if (isOfTimes(metric)) return times === undefined ? null : timeOf(metric.value, times);
  const { from, to } = chosenSteps(metric);
  if (metric.value === 'sum') return steps[to].sum ?? 0;
  if (metric.value === 'sum_rate') return ratio(steps[to].sum ?? 0, steps[from].sum ?? 0);
  return conversion(
    metric,
    steps.map(({ count }) => count),
  );
}

function timeOf(value: FunnelMetric['value'], times: FunnelTimes): number | null {
  switch (value) {
    case 'average_time':
      return times.averageMs;
    case 'median_time':
      return times.medianMs;
    case 'min_time':
      return times.minMs;
    case 'max_time':
      return times.maxMs;
    case 'percentile_time':
      return times.percentilesMs[0] ?? null;
    case 'rate':
    case 'count':
    case 'sum':
    case 'sum_rate':
      return null;
  }
}

function conversion(metric: FunnelMetric, counts: readonly number[]): number | null {
  const { from, to } = chosenSteps(metric);
  const converted = counts[to] ?? 0;
  return metric.value === 'count' ? converted : ratio(converted, counts[from] ?? 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
