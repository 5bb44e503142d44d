'use client';

import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { BarList } from '#charts/bar-list.tsx';
import { BigNumbers } from '#charts/big-number.tsx';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { formatNumber } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { CardAnswer } from '#report/card-answer.tsx';
import { useInsights } from '../api.ts';
import { insightsView, type InsightsView } from '../model.ts';
import { askedMetrics, unitOf, type InsightsState } from '../state.ts';

/** Pixels of the legend below a chart of several lines. */
const legendHeight = 44;

/** The chart of a report alone, so many pixels high. */
export function InsightsCard({
  state,
  height,
}: {
  readonly state: InsightsState;
  readonly height: number;
}): ReactNode {
  const { timezone } = useProject();
  const { run, result, asked } = useInsights(state);
  const now = useNow();
  const view = useMemo(
    () =>
      result === null
        ? null
        : insightsView({
            result,
            metrics: askedMetrics(asked),
            selected: asked.selected,
            unit: unitOf(asked, timezone, now),
          }),
    [result, asked, timezone, now],
  );
  return (
    <CardAnswer run={run} empty={view?.empty ?? true}>
      {view === null ? null : <CardChart view={view} chart={asked.chart} height={height} />}
    </CardAnswer>
  );
}

function CardChart({
  view,
  chart,
  height,
}: {
  readonly view: InsightsView;
  readonly chart: InsightsState['chart'];
  readonly height: number;
}): ReactNode {
  const drawn = view.rows.filter((row) => row.drawn);
  const entries = drawn.map((row) => ({
    ...row,
    value: row.total,
    text: formatNumber(row.total),
  }));
  if (chart === 'bar') return <BarList entries={entries} format={formatNumber} />;
  if (chart === 'number') return <BigNumbers entries={entries} />;
  const several = entries.length > 1;
  return (
    <>
      <LazyTimeChart
        kind={chart}
        buckets={view.buckets}
        series={entries}
        format={formatNumber}
        additive={drawn.every((row) => row.additive)}
        height={Math.max(120, height - (several ? legendHeight : 8))}
      />
      {several ? <Legend entries={entries} /> : null}
    </>
  );
}
