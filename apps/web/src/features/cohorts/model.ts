import type { CohortResult } from '@arbor/schema/result';
import { chartColour } from '#charts/palette.ts';
import type { ChartBucket, ChartSeries } from '#charts/series.ts';
import { bucketLabel, bucketTitle } from '#format/bucket.ts';
import type { CsvValue } from '#format/csv.ts';
import type { CohortPageState } from './state.ts';

export type SizeView = {
  readonly users: number;
  readonly buckets: readonly ChartBucket[];
  readonly series: readonly ChartSeries[];
};

/** How many users the cohort has now, and had as of the end of each bucket (`reports.md` 9.4). */
export function sizeView({ users, sizes }: CohortResult, unit: CohortPageState['unit']): SizeView {
  const buckets = (sizes?.buckets ?? []).map(({ start, incomplete }) => ({
    label: bucketLabel(start, unit),
    title: bucketTitle(start, unit),
    incomplete,
  }));
  const values = sizes?.users ?? [];
  const series = { key: 'size', name: 'Users', colour: chartColour(0), values };
  return { users, buckets, series: [series] };
}

export function sizesCsv({ buckets, series }: SizeView): readonly (readonly CsvValue[])[] {
  return [
    ['As of the end of', 'Users'],
    ...buckets.map(({ title }, index) => [title, series[0]?.values[index] ?? null]),
  ];
}
