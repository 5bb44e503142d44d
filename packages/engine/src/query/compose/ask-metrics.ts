import type { InsightsQuery, Metric } from '@arbor/schema/query';
import type { InsightsResult } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import { askAll, resultOf } from './ask.ts';
import type { Ask } from './ask.ts';
import { askCohort } from './ask-cohort.ts';
import { askFunnel } from './ask-funnel.ts';
import { askRetention } from './ask-retention.ts';
import type { MetricTable } from './metric-table.ts';
import { allSegments } from './metrics-wanted.ts';
import type { MetricsWanted } from './metrics-wanted.ts';

/** A table for each of the metrics. */
export function askMetrics(wanted: MetricsWanted): Ask<MetricTable[]> {
  const { query, metrics } = wanted;
  const places = metrics.map((metric, place) => ({ metric: query.metrics[metric], place }));
  const plain = places.filter(({ metric }) => isPlain(metric)).map(({ place }) => place);
  const asks: Ask<readonly (readonly [number, MetricTable])[]>[] = [];
  if (plain.length > 0) asks.push(askPlain(wanted, plain));
  for (const { metric, place } of places) {
    const ask = askReport(metric, wanted);
    if (ask !== null) {
      asks.push({
        queries: ask.queries,
        read: (results) => [[place, ask.read(results)]],
      });
    }
  }
  const all = askAll(asks);
  return {
    queries: all.queries,
    read(results) {
      const tables = new Map(all.read(results).flat());
      return metrics.map((_, place) => {
        const table = tables.get(place);
        if (table === undefined) throw new TypeError(`metric ${metrics[place]} was not asked for`);
        return table;
      });
    },
  };
}

/** Metrics of events and of profiles are what a plan has. */
function isPlain({ type }: Metric): boolean {
  return type === undefined || type === 'events' || type === 'people';
}

function askReport(metric: Metric, wanted: MetricsWanted): Ask<MetricTable> | null {
  switch (metric.type) {
    case undefined:
    case 'events':
    case 'people':
      return null;
    case 'funnel':
      return askFunnel(metric, wanted);
    case 'retention':
      return askRetention(metric, wanted);
    case 'cohort':
      return askCohort(metric, wanted);
    default:
      return unreachable(metric);
  }
}

/** All metrics that a plan has in one query, which reads the rows once. */
function askPlain(
  wanted: MetricsWanted,
  places: readonly number[],
): Ask<readonly (readonly [number, MetricTable])[]> {
  const { query, span, metrics, segments, all = false, otherSegment } = wanted;
  // Which metric ranks decides what is shown in the end; here each has its own best segments.
  const { compare: _, rankBy: __, segments: named, ...rest } = query;
  const asked = places.map((place) => metrics[place]);
  const own = segments ?? (named && metrics.map((metric) => named[metric]));
  const part: InsightsQuery = {
    ...rest,
    ...span.time,
    metrics: asked.map((metric) => measuredAlone(query.metrics[metric])),
    formulas: [],
    otherSegment,
    ...(all && { segmentsMax: allSegments }),
    ...(own && !all && { segments: places.map((place) => [...own[place]]) }),
  };
  return {
    queries: [part],
    read: ([result]) => tablesOf(resultOf(result, 'insights'), places),
  };
}

/** What is worked out of the measured values is no matter of the shards. */
function measuredAlone(metric: Metric): Metric {
  if (metric.type !== undefined && metric.type !== 'events') return metric;
  const { rolling: _, cumulative: __, ...measured } = metric;
  return measured;
}

function tablesOf(
  { series, segmentCounts }: InsightsResult,
  places: readonly number[],
): (readonly [number, MetricTable])[] {
  return places.map((place, index) => {
    const [overall, ...lines] = series.filter(({ metric }) => metric === index);
    const segments = lines.flatMap(({ segment, ...line }) =>
      segment === null || segment.type === 'other' ? [] : [{ segment, line }],
    );
    return [
      place,
      {
        overall,
        segments,
        other: lines.find(({ segment }) => segment?.type === 'other') ?? null,
        segmentCount: segmentCounts[index],
        isUnsegmented: false,
      },
    ];
  });
}
