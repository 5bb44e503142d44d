'use client';

import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { BarList } from '#charts/bar-list.tsx';
import { BigNumbers } from '#charts/big-number.tsx';
import { Donut } from '#charts/donut.tsx';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { ValueTable } from '#charts/value-table.tsx';
import { formatPercent } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { CardAnswer } from '#report/card-answer.tsx';
import { useInsights } from '../api.ts';
import { chartEntries, formatOf, insightsView, pastTitlesOf, type InsightsView } from '../model.ts';
import { askedFormulas, askedMetrics, unitOf, type InsightsState } from '../state.ts';

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
  // Not of what was asked: two cards of one question share its answer, and each has a drawing of its own.
  const { compare, selected } = state;
  const now = useNow();
  const view = useMemo(
    () =>
      result === null
        ? null
        : insightsView({
            result,
            metrics: askedMetrics(asked),
            formulas: askedFormulas(asked),
            compare,
            breakdowns: asked.breakdowns,
            selected,
            unit: unitOf(asked, timezone, now),
            analysed: asked.analysis !== null,
          }),
    [result, asked, compare, selected, timezone, now],
  );
  return (
    <CardAnswer run={run} empty={view?.empty ?? true}>
      {view === null ? null : <CardChart view={view} chart={state.chart} height={height} />}
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
  const entries = chartEntries(view, drawn);
  const format = formatOf(view);
  if (chart === 'bar') return <BarList entries={entries} format={format} />;
  if (chart === 'donut') return <Donut entries={entries} format={format} />;
  if (chart === 'number') return <BigNumbers entries={entries} />;
  if (chart === 'table') return <ValueTable entries={entries} />;
  const several = entries.length > 1;
  return (
    <>
      <LazyTimeChart
        kind={chart}
        buckets={view.buckets}
        series={entries}
        format={format}
        {...(view.isPercent ? { formatAxis: formatPercent } : {})}
        {...pastTitlesOf(view)}
        additive={drawn.every((row) => row.additive)}
        height={Math.max(120, height - (several ? legendHeight : 8))}
      />
      {several ? <Legend entries={entries} /> : null}
    </>
  );
}
