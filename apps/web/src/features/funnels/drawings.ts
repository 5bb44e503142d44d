import type { FunnelResult } from '@arbor/schema/result';
import type { TimeUnit } from '@arbor/schema/query';
import { chartColour } from '#charts/palette.ts';
import type { ChartBucket, ChartSeries } from '#charts/series.ts';
import { bucketLabel, bucketTitle } from '#format/bucket.ts';
import { formatDuration } from '#format/number.ts';
import type { DrillTarget } from '#report/listed-number.ts';
import { segmentKey } from '#report/segment.ts';
import type { FunnelRow, FunnelView } from './model.ts';
import { timePercentiles, type FunnelViewKind } from './state.ts';

/** A drawing over buckets, and what is behind each of its values. */
export type FunnelDrawing = {
  readonly buckets: readonly ChartBucket[];
  readonly series: readonly ChartSeries[];
  /** What the buckets are compared with. */
  readonly pastTitles?: readonly string[];
  readonly drill: (series: string, bucket: number) => DrillTarget | null;
};

export type AskedDrawing = {
  readonly result: FunnelResult;
  readonly view: FunnelView;
  readonly unit: TimeUnit;
  /** The windows of those who entered before this instant are over. */
  readonly closedBeforeMs: number;
};

/** The drawing of an answer in this view; null where it draws the steps. */
export function drawingOf(kind: FunnelViewKind, asked: AskedDrawing): FunnelDrawing | null {
  switch (kind) {
    case 'steps':
      return null;
    case 'trend':
      return trendOf(asked);
    case 'time':
      return timesOf(asked.result, asked.view);
  }
}

/** Conversion by the bucket of entry (`reports.md` 5.11); null where the answer has none. */
function trendOf({ result, view, unit, closedBeforeMs }: AskedDrawing): FunnelDrawing | null {
  const { byEntry } = result;
  if (byEntry === undefined) return null;
  const last = view.stepNames.length - 1;
  const countsOf = new Map(
    byEntry.segments?.map(({ segment, counts }) => [segmentKey(segment), counts]),
  );
  const buckets = byEntry.buckets.map(({ start, endMs, incomplete }) => ({
    label: bucketLabel(start, unit),
    title: bucketTitle(start, unit),
    // Who entered later still has time, and may convert yet.
    incomplete: incomplete || endMs > closedBeforeMs,
  }));
  const { comparison } = result;
  const before = new Map(
    comparison?.byEntry?.segments?.map(({ segment, counts }) => [segmentKey(segment), counts]),
  );
  const pastCounts = (row: FunnelRow) =>
    row.point === null ? comparison?.byEntry?.counts : before.get(row.key);
  const rows = view.drawn.map((row) => ({
    row,
    counts: row.point === null ? byEntry.counts : countsOf.get(row.key),
  }));
  return {
    buckets,
    series: rows.map(({ row, counts }) => ({
      key: row.key,
      name: row.name,
      colour: row.colour,
      values: buckets.map((_, at) => rateOf(counts?.[at], last)),
      ...(comparison === undefined
        ? {}
        : { past: buckets.map((_, at) => rateOf(pastCounts(row)?.[at], last)) }),
    })),
    ...(comparison?.byEntry === undefined
      ? {}
      : { pastTitles: comparison.byEntry.buckets.map(({ start }) => bucketTitle(start, unit)) }),
    drill: (key, bucket) => {
      const found = rows.find(({ row }) => row.key === key);
      const converted = found?.counts?.[bucket]?.[last] ?? 0;
      if (found === undefined || converted === 0) return null;
      const segment = found.row.point === null ? '' : `, ${found.row.name}`;
      const title = `Converted, entered ${buckets[bucket]?.title ?? ''}${segment}`;
      const point = { type: 'funnel', segment: found.row.point, bucket } as const;
      return targetOf(view, { title, value: converted, segment: found.row.point }, [
        { ...point, step: last, outcome: 'reached' },
      ]);
    },
  };
}

function rateOf(counts: readonly number[] | undefined, last: number): number | null {
  const entered = counts?.[0] ?? 0;
  return entered === 0 ? null : (counts?.[last] ?? 0) / entered;
}

/** How long it took from the first step to the last (`reports.md` 5.10); null where the answer has none. */
function timesOf(result: FunnelResult, view: FunnelView): FunnelDrawing | null {
  const { distribution } = result;
  if (distribution === undefined) return null;
  const last = view.stepNames.length - 1;
  const { bins } = distribution;
  const buckets = bins.map(({ startMs, endMs }) => ({
    label: formatDuration(startMs),
    title: `${formatDuration(startMs)} to ${formatDuration(endMs)}`,
    incomplete: false,
  }));
  const key = 'times';
  return {
    buckets,
    series: [
      {
        key,
        name: 'Converted',
        colour: chartColour(0),
        values: bins.map(({ count }) => count),
      },
    ],
    drill: (_, bucket) => {
      const bin = bins[bucket];
      if (bin === undefined || bin.count === 0) return null;
      const title = `Converted in ${buckets[bucket]?.title ?? ''}`;
      const took = { from: 0, startMs: bin.startMs, endMs: bin.endMs };
      return targetOf(view, { title, value: bin.count, segment: null }, [
        { type: 'funnel', step: last, outcome: 'reached', took, segment: null, bucket: null },
      ]);
    },
  };
}

function targetOf(
  { counting }: FunnelView,
  number: Pick<DrillTarget, 'title' | 'value' | 'segment'>,
  points: readonly DrillTarget['lists'][number]['point'][],
): DrillTarget {
  const { title, value } = number;
  return {
    ...number,
    lists: points.flatMap((point) =>
      (['users', 'events'] as const).map((what) => ({
        label: what === 'users' ? 'View users who converted' : 'View their events',
        // Of attempts and sessions one user may have several: the list has each user once.
        count: what === 'users' && counting === 'unique' ? value : null,
        what,
        title,
        point,
      })),
    ),
  };
}

/** "Median 2 h, average 5 h, p25 1 h, …": what the times come to. */
export function timesText({ distribution, times }: FunnelResult): string {
  if (distribution === undefined) return '';
  const parts = [
    ['median', distribution.medianMs],
    ['average', distribution.averageMs],
  ] as const;
  const percentiles = times?.percentilesMs ?? [];
  return [
    ...parts.map(([name, ms]) => `${name} ${formatDuration(ms)}`),
    ...percentiles.map((ms, at) => `p${timePercentiles[at] ?? ''} ${formatDuration(ms)}`),
  ].join(', ');
}
