'use client';

import { useId, useMemo, useRef, type ReactElement, type ReactNode } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatCompact } from '#format/number.ts';
import { ChartFigure, type ChartPick } from './chart-figure.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import { ZoomArea } from './zoom-area.tsx';
import { splitAtIncomplete, summarise, type ChartBucket, type ChartSeries } from './series.ts';

/** Areas and columns are stacked; grouped columns stand side by side. */
export type TimeChartKind = 'line' | 'area' | 'column' | 'grouped';

export type TimeChartProps = {
  readonly kind: TimeChartKind;
  readonly buckets: readonly ChartBucket[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  readonly formatAxis?: (value: number) => string;
  /** Values of the series add up: the tooltip has a total. */
  readonly additive: boolean;
  /** Pixels, axis and all; 320 where it is not given. */
  readonly height?: number;
  /** Top of the scale when it is known: 1 for rates. */
  readonly max?: number;
  /** What the buckets are compared with: series with a `past` are drawn again, lighter and dashed. */
  readonly pastTitles?: readonly string[];
  /** A value was clicked, or chosen by Enter: its series and bucket, and what on the page stands for it. */
  readonly onPoint?: (point: ChartPoint, element: Element) => void;
  /** Buckets were dragged over: the first and the last of them. */
  readonly onZoom?: (from: number, to: number) => void;
};

export type ChartPoint = { readonly series: string; readonly bucket: number };

type Datum = Record<string, number | string | null>;

/** Pixels that are left of the buckets, for the axis, and right of them. */
const plotEdges = { left: 52, right: 28 } as const;

const axisText = { fontSize: 11, fill: 'var(--ink-3)' } as const;
/** Up to this many buckets each gets a dot, so that a single value is seen at all. */
const dotsMax = 40;

/** Lines, areas or columns over buckets. Nothing moves: a chart that refines must not swing (UX-C13). */
export function TimeChart(props: TimeChartProps): ReactNode {
  const { buckets, series, kind } = props;
  const isBanded = kind === 'column' || kind === 'grouped';
  const id = useId();
  const data = useMemo(() => dataOf(buckets, series), [buckets, series]);
  const shown = useRef<number | null>(null);
  const { onPoint, onZoom } = props;
  const summary = series
    .slice(0, 3)
    .map((entry) => summarise(entry, buckets, props.format))
    .join('; ');
  const chart = (
    <ResponsiveContainer width="100%" height={props.height ?? 320} debounce={50}>
      <ComposedChart
        data={data}
        margin={{ top: 12, right: plotEdges.right, bottom: 0, left: 0 }}
        accessibilityLayer
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="label"
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          minTickGap={28}
          // Each so many buckets, from the first on: ticks at odd distances look like a broken axis (UX-C5).
          interval="equidistantPreserveStart"
          height={28}
          tickMargin={8}
        />
        <YAxis
          tick={axisText}
          tickLine={false}
          axisLine={false}
          width={plotEdges.left}
          tickFormatter={props.formatAxis ?? formatCompact}
          domain={[0, props.max ?? 'auto']}
          allowDecimals={props.max !== undefined || hasFractions(series)}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={isBanded ? { fill: 'var(--hover)' } : { stroke: 'var(--line-strong)' }}
          content={({ active, activeIndex }) => {
            const index = active === true ? Number(activeIndex) : null;
            return (
              <ChartTooltip
                buckets={buckets}
                series={series}
                index={index}
                format={props.format}
                withTotal={props.additive}
                {...(props.pastTitles === undefined ? {} : { pastTitles: props.pastTitles })}
                onShow={(bucket) => {
                  shown.current = bucket;
                }}
              />
            );
          }}
        />
        {kind === 'line' ? lines(series, buckets.length) : null}
        {kind === 'area' ? areas(series) : null}
        {isBanded ? columns(series, buckets, { id, stacked: kind === 'column' }) : null}
        {/* Beside a stack a line of one of its parts would say nothing. */}
        {kind === 'line' || series.length === 1 ? pastLines(series) : null}
      </ComposedChart>
    </ResponsiveContainer>
  );
  return (
    <ChartFigure
      summary={summary}
      {...(onPoint === undefined
        ? {}
        : { onPick: (pick) => pickPoint(pick, { series, bucket: shown.current, onPoint }) })}
    >
      {onZoom === undefined ? (
        chart
      ) : (
        <ZoomArea
          bucketCount={buckets.length}
          // The library gives each bucket a band as soon as one of the marks is a column.
          place={{ ...plotEdges, banded: isBanded }}
          onZoom={onZoom}
        >
          {chart}
        </ZoomArea>
      )}
    </ChartFigure>
  );
}

function lines(series: readonly ChartSeries[], bucketCount: number): ReactNode {
  return series.flatMap((entry, index) => {
    const shared = {
      type: 'linear',
      stroke: entry.colour,
      strokeWidth: 2,
      isAnimationActive: false,
      connectNulls: false,
    } as const;
    return [
      <Line
        key={`${entry.key} solid`}
        dataKey={`solid${index}`}
        dot={bucketCount <= dotsMax ? { r: 2, strokeWidth: 0, fill: entry.colour } : false}
        activeDot={activeDot(entry)}
        {...shared}
      />,
      <Line
        key={`${entry.key} dashed`}
        dataKey={`dashed${index}`}
        dot={false}
        activeDot={activeDot(entry)}
        strokeDasharray="3 4"
        {...shared}
      />,
    ];
  });
}

/** One on the other; what is not over is a stack of its own, lighter and dashed, that begins where the other ends. */
function areas(series: readonly ChartSeries[]): ReactNode {
  return series.flatMap((entry, index) => {
    const shared = {
      type: 'linear',
      stroke: entry.colour,
      fill: entry.colour,
      strokeWidth: 1.5,
      isAnimationActive: false,
      connectNulls: false,
      dot: false,
      activeDot: activeDot(entry),
    } as const;
    return [
      <Area
        key={`${entry.key} solid`}
        dataKey={`solid${index}`}
        stackId="solid"
        fillOpacity={0.45}
        {...shared}
      />,
      <Area
        key={`${entry.key} dashed`}
        dataKey={`dashed${index}`}
        stackId="dashed"
        fillOpacity={0.15}
        strokeDasharray="3 4"
        {...shared}
      />,
    ];
  });
}

/** What it was before, in the colour of the series (`ux.md` 5.3). */
function pastLines(series: readonly ChartSeries[]): ReactNode {
  return series.map((entry, index) =>
    entry.past === undefined ? null : (
      <Line
        key={`${entry.key} past`}
        className="series-past"
        type="linear"
        dataKey={`past${index}`}
        stroke={entry.colour}
        strokeWidth={1.5}
        strokeOpacity={0.55}
        strokeDasharray="5 4"
        dot={false}
        activeDot={false}
        isAnimationActive={false}
        connectNulls={false}
      />
    ),
  );
}

const markOf = { r: 4, strokeWidth: 0 } as const;

/** Marked with the series, so that a click is of the line that is nearest to it. */
function activeDot(entry: ChartSeries): (dot: unknown) => ReactElement {
  return function ActiveDot(dot) {
    const { cx, cy } = dot as { readonly cx?: number; readonly cy?: number | null };
    if (cx === undefined || cy === undefined || cy === null) return <g />;
    return <circle cx={cx} cy={cy} {...markOf} fill={entry.colour} data-series={entry.key} />;
  };
}

function columns(
  series: readonly ChartSeries[],
  buckets: readonly ChartBucket[],
  { id, stacked }: { readonly id: string; readonly stacked: boolean },
): ReactNode {
  return series.flatMap((entry, index) => [
    <defs key={`${entry.key} pattern`}>
      <pattern
        id={`${id}-${index}`}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="6" height="6" fill={entry.colour} opacity="0.25" />
        <rect width="2.5" height="6" fill={entry.colour} />
      </pattern>
    </defs>,
    <Bar
      key={entry.key}
      dataKey={`value${index}`}
      {...(stacked ? { stackId: 'all' } : {})}
      fill={entry.colour}
      isAnimationActive={false}
      maxBarSize={56}
    >
      {buckets.map((bucket, at) => (
        <Cell
          key={bucket.title}
          fill={bucket.incomplete ? `url(#${id}-${index})` : entry.colour}
          data-series={entry.key}
          data-bucket={at}
        />
      ))}
    </Bar>,
  ]);
}

function dataOf(buckets: readonly ChartBucket[], series: readonly ChartSeries[]): Datum[] {
  const incomplete = buckets.map((bucket) => bucket.incomplete);
  const split = series.map((entry) => splitAtIncomplete(entry.values, incomplete));
  return buckets.map((bucket, at) => {
    const datum: Datum = { label: bucket.label };
    for (const [index, entry] of series.entries()) {
      datum[`past${index}`] = entry.past?.[at] ?? null;
      datum[`value${index}`] = entry.values[at] ?? null;
      datum[`solid${index}`] = split[index]?.solid[at] ?? null;
      datum[`dashed${index}`] = split[index]?.dashed[at] ?? null;
    }
    return datum;
  });
}

type PickContext = {
  readonly series: readonly ChartSeries[];
  /** The bucket that the tooltip is about. */
  readonly bucket: number | null;
  readonly onPoint: NonNullable<TimeChartProps['onPoint']>;
};

/**
 * The value that a click is nearest to, or the largest of the bucket when it was chosen by keyboard. Marks of values
 * carry their series; the library itself tells only the bucket.
 */
function pickPoint({ figure, y }: ChartPick, { series, bucket, onPoint }: PickContext): void {
  if (bucket === null) return;
  const valueOf = ({ values }: ChartSeries): number => values[bucket] ?? -Infinity;
  if (y === null) {
    const [largest] = series.toSorted((a, b) => valueOf(b) - valueOf(a));
    if (largest !== undefined) onPoint({ series: largest.key, bucket }, figure);
    return;
  }
  const distance = (mark: Element): number => {
    const { top, bottom } = mark.getBoundingClientRect();
    return Math.max(top - y, y - bottom, 0);
  };
  const own = `[data-series][data-bucket="${bucket}"]`;
  const marks = [...figure.querySelectorAll(`[data-series]:not([data-bucket]), ${own}`)];
  const nearest = marks.toSorted((a, b) => distance(a) - distance(b))[0];
  const key = nearest?.getAttribute('data-series') ?? null;
  if (nearest !== undefined && key !== null) onPoint({ series: key, bucket }, nearest);
}

function hasFractions(series: readonly ChartSeries[]): boolean {
  return series.some(({ values }) =>
    values.some((value) => value !== null && !Number.isInteger(value)),
  );
}
