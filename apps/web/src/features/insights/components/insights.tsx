'use client';

import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Segmented } from '#components/segmented.tsx';
import { useNow } from '#format/use-now.ts';
import { useDrillMenu } from '#report/drill-menu.tsx';
import { ListBeside } from '#report/list-beside.tsx';
import { useClosingList } from '#report/use-closing-list.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { UnitPicker } from '#report/unit-picker.tsx';
import { useInsights, useInsightsState } from '../api.ts';
import { insightsDrill } from '../drill.ts';
import { insightsView } from '../model.ts';
import { askedMetrics, insightsQuery, reportTitle, unitOf, type ChartKind } from '../state.ts';
import { chartKindIcons } from './chart-kind-icons.tsx';
import { InsightsBuilder } from './insights-builder.tsx';
import { InsightsChart } from './insights-chart.tsx';
import { InsightsTable } from './insights-table.tsx';

const chartKindLabels: Readonly<Record<ChartKind, string>> = {
  line: 'Line',
  column: 'Stacked columns',
  bar: 'Bars over the range',
  number: 'Number',
};

/** How much of what happened when. */
export function Insights(): ReactNode {
  const { timezone } = useProject();
  const [state, setUrlState] = useInsightsState();
  const setState = useClosingList(setUrlState);
  const drill = useDrillMenu((listed) => setState({ listed }));
  const { listed } = state;
  const { run, result, asked } = useInsights(state);
  const now = useNow();
  const unit = unitOf(state, timezone, now);
  const { selected } = state;
  const view = useMemo(
    () =>
      result === null
        ? null
        : insightsView({
            result,
            metrics: askedMetrics(asked),
            selected,
            unit: unitOf(asked, timezone, now),
          }),
    [result, asked, selected, timezone, now],
  );
  const query = insightsQuery(asked, timezone, now);
  return (
    <>
      <ReportFrame
        title={reportTitle(state)}
        run={run}
        saving={{
          query: insightsQuery(state, timezone, now),
          range: state.range,
          view: { ...state, listed: null },
        }}
        builder={<InsightsBuilder state={state} onChange={setState} />}
        toolbar={
          <>
            <RangePicker
              value={state.range}
              onChange={(range) => setState({ range, unit: null, selected: null })}
            />
            <UnitPicker
              value={unit}
              units={['hour', 'day', 'week', 'month']}
              onChange={(next) => setState({ unit: next })}
            />
            <Segmented
              label="Chart"
              testId="chart-kind"
              value={state.chart}
              options={(['line', 'column', 'bar', 'number'] as const).map((kind) => ({
                value: kind,
                label: chartKindLabels[kind],
                icon: chartKindIcons[kind],
              }))}
              onChange={(chart) => setState({ chart })}
            />
          </>
        }
        chart={
          <InsightsChart
            state={state}
            view={view}
            run={run}
            onChange={setState}
            onDrill={(element, place) => {
              const target = insightsDrill(place, state, setState);
              if (target !== null) drill.open(element, target);
            }}
          />
        }
        table={
          view === null || view.empty ? null : (
            <InsightsTable
              state={state}
              view={view}
              run={run}
              onChange={setState}
              onDrill={drill.open}
            />
          )
        }
      />
      {drill.menu}
      <ListBeside of={query} listed={listed} onChange={(next) => setState({ listed: next })} />
    </>
  );
}
