'use client';

import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Segmented } from '#components/segmented.tsx';
import { useNow } from '#format/use-now.ts';
import { useDrillMenu } from '#report/drill-menu.tsx';
import { ListBeside } from '#report/list-beside.tsx';
import { withDates } from '#report/listed-number.ts';
import { useClosingList } from '#report/use-closing-list.ts';
import { resolveRange } from '#report/range.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { UnitPicker } from '#report/unit-picker.tsx';
import { useInsights, useInsightsState } from '../api.ts';
import { convertibleOf } from '../convertible.ts';
import { insightsActions, insightsDrill } from '../drill.ts';
import { insightsView } from '../model.ts';
import {
  askedFormulas,
  askedMetrics,
  chartKinds,
  insightsQuery,
  reportTitle,
  unitOf,
  unitsFor,
} from '../state.ts';
import { chartKindIcons, chartKindLabels } from './chart-kind-icons.tsx';
import { AnalysisPicker } from './analysis-picker.tsx';
import { InsightsComparePicker } from './insights-compare-picker.tsx';
import { InsightsBuilder } from './insights-builder.tsx';
import { InsightsChart } from './insights-chart.tsx';
import { InsightsTable } from './insights-table.tsx';

/** How much of what happened when. */
export function Insights(): ReactNode {
  const { timezone } = useProject();
  const [state, setUrlState] = useInsightsState();
  const setState = useClosingList(setUrlState);
  const { listed, zoomedFrom } = state;
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
            formulas: askedFormulas(asked),
            compare: state.compare,
            breakdowns: asked.breakdowns,
            selected,
            unit: unitOf(asked, timezone, now),
            analysed: asked.analysis !== null,
          }),
    [result, asked, selected, state.compare, timezone, now],
  );
  const query = insightsQuery(asked, timezone, now);
  const drill = useDrillMenu(
    (number) => setState({ listed: withDates(number, query) }),
    (segment) => insightsActions(segment, state, setState),
  );
  return (
    <>
      <ReportFrame
        title={reportTitle(state)}
        run={run}
        convertible={convertibleOf(state)}
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
              onChange={(range) =>
                setState({ range, zoomedFrom: null, unit: null, selected: null })
              }
            />
            {zoomedFrom === null ? null : (
              <Button
                size="sm"
                variant="ghost"
                data-testid="zoom-reset"
                onClick={() => setState({ range: zoomedFrom, zoomedFrom: null, unit: null })}
              >
                Reset zoom
              </Button>
            )}
            <UnitPicker
              value={unit}
              units={unitsFor(resolveRange(state.range, timezone, now))}
              onChange={(next) => setState({ unit: next })}
            />
            <AnalysisPicker state={state} onChange={setState} />
            <InsightsComparePicker state={state} onChange={setState} />
            <Segmented
              label="Chart"
              testId="chart-kind"
              value={state.chart}
              options={chartKinds.map((kind) => ({
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
              const target = insightsDrill(place, state);
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
