import type { InsightsResult, Segment } from '@arbor/schema/result';
import type { TimeUnit } from '@arbor/schema/query';
import { assignColours, chartColour } from '#charts/palette.ts';
import type { ChartBucket } from '#charts/series.ts';
import type { CsvValue } from '#format/csv.ts';
import { bucketLabel, bucketTitle } from '#format/bucket.ts';
import { segmentKey, segmentName } from '#report/segment.ts';
import {
  metricLabel,
  metricLetter,
  needsProperty,
  type AskedMetric,
  type InsightsState,
  type MeasureType,
} from './state.ts';

/** One row of the table; those that are drawn are a line, a column part or a bar of the chart. */
export type SeriesView = {
  readonly key: string;
  /** Place of the metric in the query. */
  readonly position: number;
  readonly letter: string;
  readonly metric: string;
  /** Null: over all segments. */
  readonly segment: string | null;
  /** The same as queries name it. */
  readonly point: Segment | null;
  /** What the number is a number of; null: of neither, such as a sum. */
  readonly counts: 'users' | 'events' | null;
  /** Metric and segment as far as they are needed to tell it from the others. */
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
  /** Over the whole range: unique users counted once, not the sum of the buckets (UX-T2). */
  readonly total: number | null;
  /** Mean of the buckets' values. */
  readonly average: number | null;
  /** Segments add up to the overall row. */
  readonly additive: boolean;
  readonly drawn: boolean;
};

export type InsightsView = {
  readonly buckets: readonly ChartBucket[];
  readonly rows: readonly SeriesView[];
  readonly hasSegments: boolean;
  /** Largest number of segments of one metric, and how many of them are drawn. */
  readonly segmentCount: number;
  readonly returnedCount: number;
  readonly empty: boolean;
};

/** Drawn unless others were chosen (UX-C2). */
export const defaultDrawnMax = 12;

export type ViewInput = {
  readonly result: InsightsResult;
  readonly metrics: readonly AskedMetric[];
  readonly selected: InsightsState['selected'];
  readonly unit: TimeUnit;
};

export function insightsView({ result, metrics, selected, unit }: ViewInput): InsightsView {
  const hasSegments = result.series.some(({ segment }) => segment !== null);
  const keys = result.series.map(({ metric, segment }) => seriesKey(metric, segment));
  const drawable = keys.filter(
    (_, index) => !hasSegments || result.series[index]?.segment !== null,
  );
  const drawn = new Set(selected ?? defaultSelection(result, drawable, hasSegments));
  const colours = hasSegments
    ? assignColours(drawable)
    : new Map(drawable.map((key, index) => [key, index]));

  const rows = result.series.flatMap((series, index): SeriesView[] => {
    const asked = metrics[series.metric];
    const key = keys[index];
    if (asked === undefined || key === undefined) return [];
    const metric = metricLabel(asked.metric);
    const segment = series.segment === null ? null : segmentName(series.segment);
    const { type } = asked.metric.measure;
    return [
      {
        key,
        position: series.metric,
        letter: metricLetter(asked.position),
        metric,
        segment,
        point: series.segment,
        counts: countedBy(type),
        name: nameOf(metric, segment, metrics.length > 1, hasSegments),
        colour: chartColour(colours.get(key) ?? 0),
        values: series.values,
        total: series.total,
        average: mean(series.values),
        additive: type === 'total' || type === 'sum',
        drawn: drawn.has(key),
      },
    ];
  });
  return {
    buckets: result.buckets.map(({ start, incomplete }) => ({
      label: bucketLabel(start, unit),
      title: bucketTitle(start, unit),
      incomplete,
    })),
    rows,
    hasSegments,
    segmentCount: Math.max(0, ...result.segmentCounts),
    returnedCount: rows.filter((row) => row.segment !== null).length,
    empty: result.series.every(({ values, total }) => isNothing(total) && values.every(isNothing)),
  };
}

function countedBy(type: MeasureType): SeriesView['counts'] {
  if (type === 'total') return 'events';
  return needsProperty(type) || type === 'sessions' ? null : 'users';
}

/** Position of the metric in the query, and the segment with its type: "1" and 1 are two segments. */
export function seriesKey(metric: number, segment: Segment | null): string {
  return segment === null ? `${metric}` : `${metric}:${segmentKey(segment)}`;
}

/** The largest segments of each metric, as many as fit; the server sends the best first. */
function defaultSelection(
  result: InsightsResult,
  drawable: readonly string[],
  hasSegments: boolean,
): readonly string[] {
  if (!hasSegments) return drawable;
  const metricCount = new Set(result.series.map(({ metric }) => metric)).size;
  const each = Math.max(1, Math.floor(defaultDrawnMax / metricCount));
  const taken = new Map<number, number>();
  return result.series.flatMap(({ metric, segment }) => {
    const count = taken.get(metric) ?? 0;
    if (segment === null || count >= each) return [];
    taken.set(metric, count + 1);
    return [seriesKey(metric, segment)];
  });
}

function nameOf(
  metric: string,
  segment: string | null,
  severalMetrics: boolean,
  hasSegments: boolean,
): string {
  if (segment === null) return hasSegments ? `${metric}, overall` : metric;
  return severalMetrics ? `${segment} · ${metric}` : segment;
}

function isNothing(value: number | null): boolean {
  return value === null || value === 0;
}

function mean(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** Everything the answer holds, drawn or not. */
export function insightsCsv(view: InsightsView): readonly (readonly CsvValue[])[] {
  const header = [
    'Metric',
    ...(view.hasSegments ? ['Segment'] : []),
    'Total over range',
    ...view.buckets.map((bucket) => bucket.title),
  ];
  const rows = view.rows.map((row) => [
    row.metric,
    ...(view.hasSegments ? [row.segment ?? 'Overall'] : []),
    row.total,
    ...row.values,
  ]);
  return [header, ...rows];
}
