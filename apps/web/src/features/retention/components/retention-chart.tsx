'use client';

import type { ReactNode } from 'react';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { Button } from '#components/button.tsx';
import { Notice } from '#components/notice.tsx';
import { formatCount, formatPercent } from '#format/number.ts';
import { AnswerPanel } from '#report/answer-panel.tsx';
import { eventStateLabel } from '#report/question.ts';
import { rangePhrase } from '#report/range.ts';
import { EmptyState } from '#report/report-states.tsx';
import type { ReportRun } from '#report/use-report-run.ts';
import { pastTitlesOf, retentionCurve, type RetentionView } from '../model.ts';
import { incompleteFilters, type RetentionState } from '../state.ts';

export type RetentionChartProps = {
  readonly state: RetentionState;
  readonly view: RetentionView | null;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<RetentionState>) => void;
};

export function RetentionChart(props: RetentionChartProps): ReactNode {
  const { state, view, run } = props;
  const incomplete = incompleteFilters(state);
  return (
    <div className="grid gap-2">
      {incomplete === 0 ? null : (
        <Notice tone="warning">
          {formatCount(incomplete, 'filter')}{' '}
          {incomplete === 1 ? 'is incomplete and was' : 'are incomplete and were'} left out
        </Notice>
      )}
      <AnswerPanel
        run={run}
        view={view}
        title={
          view === null ? undefined : (
            <span>Weighted average over the cohorts whose interval is complete</span>
          )
        }
        whenEmpty={() => <Nobody {...props} />}
      >
        {(drawn) =>
          drawn.tooEarly && !run.partial ? <TooEarly {...props} /> : <Curve view={drawn} />
        }
      </AnswerPanel>
    </div>
  );
}

function Curve({ view }: { readonly view: RetentionView }): ReactNode {
  const { buckets, series } = retentionCurve(view);
  return (
    <>
      <LazyTimeChart
        kind="line"
        buckets={buckets}
        series={series}
        format={formatPercent}
        formatAxis={(rate) => `${Math.round(rate * 100)} %`}
        {...pastTitlesOf({ buckets, series })}
        additive={false}
      />
      {series.length > 1 ? <Legend entries={series} /> : null}
    </>
  );
}

function Nobody({ state, onChange }: RetentionChartProps): ReactNode {
  return (
    <EmptyState
      title={`No user did “${eventStateLabel(state.birth)}” ${rangePhrase(state.range)}`}
      actions={
        <>
          <Button onClick={() => onChange({ range: { preset: '12m' } })}>Widen to 12 months</Button>
          {state.filters.length > 0 ? (
            <Button onClick={() => onChange({ filters: [] })}>Remove filters</Button>
          ) : null}
        </>
      }
    />
  );
}

function TooEarly({ state, onChange }: RetentionChartProps): ReactNode {
  return (
    <EmptyState
      title="Not enough time yet"
      actions={
        <Button onClick={() => onChange({ range: { preset: '3m' } })}>Widen to 3 months</Button>
      }
    >
      No {state.unit} is over yet for all users of a cohort. The table below shows what there is so
      far.
    </EmptyState>
  );
}
