'use client';

import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { BarList } from '#charts/bar-list.tsx';
import { BigNumbers } from '#charts/big-number.tsx';
import { Donut } from '#charts/donut.tsx';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { Button } from '#components/button.tsx';
import { Notice } from '#components/notice.tsx';
import { formatCount, formatNumber, formatPercent } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { Panel } from '#report/panel.tsx';
import { rangePhrase, resolveRange } from '#report/range.ts';
import { EmptyState, UnansweredState } from '#report/report-states.tsx';
import type { ReportRun } from '#report/use-report-run.ts';
import type { DrillPlace } from '../drill.ts';
import {
  chartEntries,
  daysOf,
  defaultDrawnMax,
  formatOf,
  pastTitlesOf,
  type InsightsView,
} from '../model.ts';
import { askedMetrics, leftOut, type InsightsState } from '../state.ts';

export type InsightsChartProps = {
  readonly state: InsightsState;
  readonly view: InsightsView | null;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<InsightsState>) => void;
  readonly onDrill: (element: Element, place: DrillPlace) => void;
};

export function InsightsChart(props: InsightsChartProps): ReactNode {
  const { state, view, run } = props;
  const unanswered = run.failure !== null || view === null;
  // The table below says it all; what is wrong or missing is still said here.
  if (state.chart === 'table' && !unanswered && !(view.empty && !run.partial)) {
    return <LeftOutNotice state={state} />;
  }
  return (
    <div className="grid gap-2">
      <LeftOutNotice state={state} />
      <Panel faded={run.outdated}>
        {unanswered ? (
          askedMetrics(state).length === 0 ? (
            <EmptyState title="Nothing to measure yet">
              Choose an event, and the property where the measurement needs one.
            </EmptyState>
          ) : (
            <UnansweredState run={run} />
          )
        ) : view.empty && !run.partial ? (
          <NothingHappened {...props} />
        ) : (
          <Drawing {...props} view={view} />
        )}
      </Panel>
    </div>
  );
}

function Drawing({
  state,
  view,
  onChange,
  onDrill,
}: InsightsChartProps & { readonly view: InsightsView }): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const drawn = view.rows.filter((row) => row.drawn);
  const entries = chartEntries(view, drawn);
  const format = formatOf(view);
  const remove = (key: string): void =>
    onChange({ selected: drawn.filter((row) => row.key !== key).map((row) => row.key) });
  const drill = (element: Element, key: string, bucket: number | null): void => {
    const row = drawn.find((each) => each.key === key);
    if (row !== undefined) onDrill(element, { view, row, bucket });
  };
  if (drawn.length === 0) {
    return (
      <EmptyState
        title="Nothing is selected"
        actions={<Button onClick={() => onChange({ selected: null })}>Show the largest</Button>}
      >
        Tick rows in the table below to draw them.
      </EmptyState>
    );
  }
  const onEntry = (key: string, element: Element): void => drill(element, key, null);
  if (state.chart === 'bar') {
    return <BarList entries={entries} format={format} onEntry={onEntry} />;
  }
  if (state.chart === 'donut') {
    return <Donut entries={entries} format={format} onEntry={onEntry} />;
  }
  if (state.chart === 'number') return <BigNumbers entries={entries} onEntry={onEntry} />;
  if (state.chart === 'table') return null;
  return (
    <>
      <LazyTimeChart
        kind={state.chart}
        buckets={view.buckets}
        series={entries}
        format={format}
        {...(view.isPercent ? { formatAxis: formatPercent } : {})}
        {...pastTitlesOf(view)}
        additive={drawn.every((row) => row.additive)}
        onZoom={(from, to) => {
          const end = resolveRange(state.range, timezone, now).to;
          const range = daysOf(view, { from, to, end });
          if (range === null) return;
          onChange({ range, unit: null, zoomedFrom: state.zoomedFrom ?? state.range });
        }}
        onPoint={({ series, bucket }, element) => drill(element, series, bucket)}
      />
      <Legend entries={entries} {...(drawn.length > 1 ? { onRemove: remove } : {})} />
    </>
  );
}

function NothingHappened({ state, onChange }: InsightsChartProps): ReactNode {
  const names = state.metrics.map((metric) => metric.event).filter((event) => event !== undefined);
  const what = names.length === 1 && names[0] !== null ? `“${names[0]}”` : 'event';
  const filtered =
    state.filters.length > 0 || state.metrics.some(({ filters }) => filters.length > 0);
  return (
    <EmptyState
      title={`No ${what} ${rangePhrase(state.range)}`}
      actions={
        <>
          <Button onClick={() => onChange({ range: { preset: '12m' }, unit: null })}>
            Widen to 12 months
          </Button>
          {filtered ? (
            <Button
              onClick={() =>
                onChange({
                  filters: [],
                  metrics: state.metrics.map((metric) => ({ ...metric, filters: [] })),
                })
              }
            >
              Remove filters
            </Button>
          ) : null}
        </>
      }
    >
      {filtered
        ? 'Nothing passed the filters in this range.'
        : 'Nothing of this kind arrived in this range.'}
    </EmptyState>
  );
}

function LeftOutNotice({ state }: { readonly state: InsightsState }): ReactNode {
  const { filters, metrics, formulas } = leftOut(state);
  const parts = [
    ...(filters > 0 ? [formatCount(filters, 'filter')] : []),
    ...(metrics > 0 ? [formatCount(metrics, 'metric')] : []),
    ...(formulas > 0 ? [formatCount(formulas, 'formula')] : []),
  ];
  if (parts.length === 0) return null;
  const verb =
    filters + metrics + formulas === 1 ? 'is incomplete and was' : 'are incomplete and were';
  return <Notice tone="warning">{`${parts.join(' and ')} ${verb} left out`}</Notice>;
}

/** More series at once are no chart any more (UX-C2). */
const drawnMax = 500;

/** How much of what there is stands in the chart (UX-C2, UX-P3). */
export function SegmentNotice({
  view,
  onChange,
}: Pick<InsightsChartProps, 'onChange'> & { readonly view: InsightsView }): ReactNode {
  if (!view.hasSegments) return null;
  const segments = view.rows.filter((row) => row.segment !== null);
  const drawn = segments.filter((row) => row.drawn);
  const all = Math.max(view.segmentCount, view.returnedCount);
  const draw = (rows: readonly (typeof segments)[number][]): void =>
    onChange({ selected: rows.map((row) => row.key) });
  return (
    <span className="flex flex-wrap items-center gap-x-2" data-testid="segment-notice">
      Showing {formatNumber(drawn.length)} of {formatCount(all, 'segment')}
      {all > view.returnedCount ? ` (${formatNumber(view.returnedCount)} in the table)` : ''}
      {[5, defaultDrawnMax, 50]
        .filter((count) => count < segments.length)
        .map((count) => (
          <Button
            key={count}
            size="sm"
            variant="ghost"
            onClick={() => draw(segments.slice(0, count))}
          >
            Top {count}
          </Button>
        ))}
      {segments.length > defaultDrawnMax ? (
        <Button size="sm" variant="ghost" onClick={() => draw(segments.slice(-defaultDrawnMax))}>
          Bottom {defaultDrawnMax}
        </Button>
      ) : null}
      {drawn.length < Math.min(segments.length, drawnMax) ? (
        <Button size="sm" variant="ghost" onClick={() => draw(segments.slice(0, drawnMax))}>
          {segments.length > drawnMax ? `First ${drawnMax}` : 'All'}
        </Button>
      ) : null}
      <Button size="sm" variant="ghost" onClick={() => onChange({ selected: [] })}>
        None
      </Button>
    </span>
  );
}
