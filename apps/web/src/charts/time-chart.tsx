'use client';

import { useId, useMemo, type ReactNode } from 'react';
import {
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
import { ChartFigure } from './chart-figure.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import { splitAtIncomplete, summarise, type ChartBucket, type ChartSeries } from './series.ts';

export type TimeChartProps = {
  readonly kind: 'line' | 'column';
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
};

type Datum = Record<string, number | string | null>;

const axisText = { fontSize: 11, fill: 'var(--ink-3)' } as const;
/** Up to this many buckets each gets a dot, so that a single value is seen at all. */
const dotsMax = 40;

/** Lines or stacked columns over buckets. Nothing moves: a chart that refines must not swing (UX-C13). */
export function TimeChart(props: TimeChartProps): ReactNode {
  const { buckets, series, kind } = props;
  const id = useId();
  const data = useMemo(() => dataOf(buckets, series), [buckets, series]);
  const summary = series
    .slice(0, 3)
    .map((entry) => summarise(entry, buckets, props.format))
    .join('; ');
  return (
    <ChartFigure summary={summary}>
      <ResponsiveContainer width="100%" height={props.height ?? 320} debounce={50}>
        <ComposedChart
          data={data}
          margin={{ top: 12, right: 28, bottom: 0, left: 0 }}
          accessibilityLayer
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="label"
            tick={axisText}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            minTickGap={28}
            interval="preserveStartEnd"
            height={28}
            tickMargin={8}
          />
          <YAxis
            tick={axisText}
            tickLine={false}
            axisLine={false}
            width={52}
            tickFormatter={props.formatAxis ?? formatCompact}
            domain={[0, props.max ?? 'auto']}
            allowDecimals={props.max !== undefined || hasFractions(series)}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={kind === 'line' ? { stroke: 'var(--line-strong)' } : { fill: 'var(--hover)' }}
            content={({ active, activeIndex }) => (
              <ChartTooltip
                buckets={buckets}
                series={series}
                index={active === true ? Number(activeIndex) : null}
                format={props.format}
                withTotal={props.additive}
              />
            )}
          />
          {kind === 'line' ? lines(series, buckets.length) : columns(series, buckets, id)}
        </ComposedChart>
      </ResponsiveContainer>
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
      activeDot: { r: 4, strokeWidth: 0 },
    } as const;
    return [
      <Line
        key={`${entry.key} solid`}
        dataKey={`solid${index}`}
        dot={bucketCount <= dotsMax ? { r: 2, strokeWidth: 0, fill: entry.colour } : false}
        {...shared}
      />,
      <Line
        key={`${entry.key} dashed`}
        dataKey={`dashed${index}`}
        dot={false}
        strokeDasharray="3 4"
        {...shared}
      />,
    ];
  });
}

function columns(
  series: readonly ChartSeries[],
  buckets: readonly ChartBucket[],
  id: string,
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
      stackId="all"
      fill={entry.colour}
      isAnimationActive={false}
      maxBarSize={56}
    >
      {buckets.map((bucket) => (
        <Cell key={bucket.title} fill={bucket.incomplete ? `url(#${id}-${index})` : entry.colour} />
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
      datum[`value${index}`] = entry.values[at] ?? null;
      datum[`solid${index}`] = split[index]?.solid[at] ?? null;
      datum[`dashed${index}`] = split[index]?.dashed[at] ?? null;
    }
    return datum;
  });
}

function hasFractions(series: readonly ChartSeries[]): boolean {
  return series.some(({ values }) =>
    values.some((value) => value !== null && !Number.isInteger(value)),
  );
}
