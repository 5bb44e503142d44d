import type { InsightsResult, Segment } from '@arbor/schema/result';
import type { ChartBucket, ChartSeries } from '#charts/series.ts';
import { bucketLabel, bucketTitle } from '#format/bucket.ts';
import type { CsvValue } from '#format/csv.ts';
import { changeOf, formatDuration, formatNumber, formatPercent } from '#format/number.ts';
import type { TimeUnit } from '@arbor/schema/query';
import { segmentKey, segmentName } from '#report/segment.ts';
import { figureLabels, figures, metricOf, type Figure } from './state.ts';

export type FigureView = {
  readonly figure: Figure;
  readonly label: string;
  /** Null: nothing to measure; undefined: cannot be known under the filters. */
  readonly value: number | null | undefined;
  /** Against the time before, of 1; null where that had nothing. */
  readonly change: number | null;
  readonly lowerIsBetter: boolean;
};

/** The figures of the head, each with how it changed. */
export function figureViews(result: InsightsResult, known: boolean): readonly FigureView[] {
  return figures.map((figure) => {
    const metric = metricOf(figure, known);
    const value = metric === undefined ? undefined : totalOf(result.series, metric);
    const before = metric === undefined ? null : totalOf(result.comparison?.series ?? [], metric);
    return {
      figure,
      label: figureLabels[figure],
      value,
      change: changeOf(value ?? null, before),
      lowerIsBetter: figure === 'bounce',
    };
  });
}

function totalOf(series: InsightsResult['series'], metric: number): number | null {
  return series.find((each) => each.metric === metric)?.total ?? null;
}

export function figureFormat(figure: Figure): (value: number | null) => string {
  switch (figure) {
    case 'bounce':
      return formatPercent;
    case 'duration':
      return (seconds) => formatDuration(seconds === null ? null : seconds * 1000);
    case 'users':
    case 'sessions':
    case 'views':
    case 'viewsPerSession':
      return formatNumber;
  }
}

/** The chosen figure over time, and behind it the time before. */
export function figureChart(
  result: InsightsResult,
  figure: Figure,
  { known, unit }: { readonly known: boolean; readonly unit: TimeUnit },
): { readonly buckets: readonly ChartBucket[]; readonly series: readonly ChartSeries[] } {
  const metric = metricOf(figure, known);
  const valuesOf = (series: InsightsResult['series'] | undefined): readonly (number | null)[] =>
    series?.find((each) => each.metric === metric)?.values ?? [];
  return {
    buckets: result.buckets.map(({ start, incomplete }) => ({
      label: bucketLabel(start, unit),
      title: bucketTitle(start, unit),
      incomplete,
    })),
    series: [
      {
        key: 'now',
        name: figureLabels[figure],
        colour: 'var(--accent)',
        values: valuesOf(result.series),
      },
      {
        key: 'before',
        name: 'Period before',
        colour: 'var(--ink-3)',
        values: valuesOf(result.comparison?.series),
      },
    ],
  };
}

export type RankedRow = {
  readonly key: string;
  readonly name: string;
  readonly segment: Segment;
  readonly count: number;
  /** Of the largest row, for the bar behind it. */
  readonly share: number;
};

/** The rows of a list, largest first; those without a value stand where their number puts them (UX-F2). */
export function rankedRows(result: InsightsResult): readonly RankedRow[] {
  const rows = result.series.flatMap(({ segment, total }) =>
    segment === null || total === null || total === 0 ? [] : [{ segment, count: total }],
  );
  const max = Math.max(1, ...rows.map(({ count }) => count));
  return rows.map(({ segment, count }) => ({
    key: segmentKey(segment),
    name: segmentName(segment),
    segment,
    count,
    share: count / max,
  }));
}

export function rankedCsv(
  rows: readonly RankedRow[],
  names: readonly [value: string, count: string],
): readonly (readonly CsvValue[])[] {
  return [names, ...rows.map(({ name, count }) => [name, count])];
}

/** An address as a row of the list shows it: pages of one site differ in their paths. */
export function pageName(name: string): string {
  const address = /^https?:\/\/[^/]+(\/.*)?$/.exec(name);
  return address === null ? name : (address[1] ?? '/');
}
