'use client';

import type { ReactNode } from 'react';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { formatNumber, formatPercent } from '#format/number.ts';
import type { OpenDrill } from '#report/listed-number.ts';
import type { FunnelDrawing } from '../drawings.ts';

/** A funnel over time, or by how long it took; a click leads to who is behind a value. */
export function FunnelDrawingChart({
  kind,
  drawing,
  height,
  onDrill,
}: {
  readonly kind: 'trend' | 'time';
  readonly drawing: FunnelDrawing;
  readonly height?: number;
  /** Absent where the figures lead nowhere, as on a board. */
  readonly onDrill?: OpenDrill;
}): ReactNode {
  const { buckets, series, pastTitles, drill } = drawing;
  const isTrend = kind === 'trend';
  return (
    <>
      <LazyTimeChart
        kind={isTrend ? 'line' : 'column'}
        buckets={buckets}
        series={series}
        format={isTrend ? formatPercent : formatNumber}
        {...(isTrend ? { formatAxis: (rate: number) => `${Math.round(rate * 1000) / 10} %` } : {})}
        {...(pastTitles === undefined ? {} : { pastTitles })}
        additive={false}
        {...(height === undefined ? {} : { height })}
        {...(onDrill === undefined
          ? {}
          : {
              onPoint: ({ series: key, bucket }, element) => {
                const target = drill(key, bucket);
                if (target !== null) onDrill(element, target);
              },
            })}
      />
      {series.length > 1 ? <Legend entries={series} /> : null}
    </>
  );
}
