'use client';

import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { TimeComparePicker } from '#report/compare-picker.tsx';
import { useDrillMenu } from '#report/drill-menu.tsx';
import { ListBeside } from '#report/list-beside.tsx';
import { withDates } from '#report/listed-number.ts';
import { segmentDrill } from '#report/segment-drill.ts';
import { useClosingList } from '#report/use-closing-list.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { UnitPicker } from '#report/unit-picker.tsx';
import { useRetention, useRetentionState } from '../api.ts';
import { convertibleOf } from '../convertible.ts';
import { retentionView } from '../model.ts';
import { defaultIntervals, reportTitle, retentionQuery, retentionUnits } from '../state.ts';
import { RetentionBuilder } from './retention-builder.tsx';
import { RetentionChart } from './retention-chart.tsx';
import { RetentionPanels } from './retention-panels.tsx';

/** Who comes back, and after how long. */
export function Retention(): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const [state, setUrlState] = useRetentionState();
  const setState = useClosingList(setUrlState);
  const { listed } = state;
  const { run, result, asked } = useRetention(state);
  const view = useMemo(
    () => (result === null ? null : retentionView(result, asked.unit, asked.mode, asked.brackets)),
    [result, asked.unit, asked.mode, asked.brackets],
  );
  const query = retentionQuery(asked, timezone, now);
  const drill = useDrillMenu(
    (number) => setState({ listed: withDates(number, query) }),
    (segment) =>
      segmentDrill(segment, state, (change) =>
        setState(change.breakdowns === undefined ? change : { ...change, opened: null }),
      ),
  );
  return (
    <>
      <ReportFrame
        title={reportTitle(state)}
        run={run}
        convertible={convertibleOf(state)}
        saving={{
          query: retentionQuery(state, timezone, now),
          range: state.range,
          view: { ...state, listed: null },
        }}
        builder={<RetentionBuilder state={state} onChange={setState} />}
        toolbar={
          <>
            <RangePicker value={state.range} onChange={(range) => setState({ range })} />
            <TimeComparePicker
              compare={state.compare}
              range={state.range}
              onChange={(compare) => setState({ compare })}
            />
            <UnitPicker
              value={state.unit}
              units={retentionUnits}
              onChange={(unit) => setState({ unit, intervals: defaultIntervals[unit] })}
            />
          </>
        }
        chart={<RetentionChart state={state} view={view} run={run} onChange={setState} />}
        table={
          view === null || view.empty ? null : (
            <RetentionPanels
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
