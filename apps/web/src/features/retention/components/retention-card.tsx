'use client';

import { useMemo, type ReactNode } from 'react';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { formatPercent } from '#format/number.ts';
import { CardAnswer } from '#report/card-answer.tsx';
import { useRetention } from '../api.ts';
import { pastTitlesOf, retentionCurve, retentionView } from '../model.ts';
import type { RetentionState } from '../state.ts';

/** Pixels of the legend below several curves. */
const legendHeight = 44;

/** The curve of a report alone, so many pixels high. */
export function RetentionCard({
  state,
  height,
}: {
  readonly state: RetentionState;
  readonly height: number;
}): ReactNode {
  const { run, result, asked } = useRetention(state);
  const view = useMemo(
    () => (result === null ? null : retentionView(result, asked.unit, asked.mode, asked.brackets)),
    [result, asked.unit, asked.mode, asked.brackets],
  );
  const curve = view === null ? null : retentionCurve(view);
  const several = curve !== null && curve.series.length > 1;
  return (
    <CardAnswer run={run} empty={view === null || view.empty || view.tooEarly}>
      {curve === null ? null : (
        <LazyTimeChart
          kind="line"
          buckets={curve.buckets}
          series={curve.series}
          format={formatPercent}
          formatAxis={(rate) => `${Math.round(rate * 100)} %`}
          {...pastTitlesOf(curve)}
          additive={false}
          height={Math.max(120, height - (several ? legendHeight : 8))}
        />
      )}
      {several ? <Legend entries={curve.series} /> : null}
    </CardAnswer>
  );
}
