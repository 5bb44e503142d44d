'use client';

import { useMemo, type ReactNode } from 'react';
import { Segmented } from '#components/segmented.tsx';
import { useDrillMenu } from '#report/drill-menu.tsx';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { ListBeside } from '#report/list-beside.tsx';
import { useFlow, useFlowState } from '../api.ts';
import { convertibleOf } from '../convertible.ts';
import { flowView, openedTitle } from '../model.ts';
import { reportTitle, type FlowState } from '../state.ts';
import { FlowBuilder } from './flow-builder.tsx';
import { FlowChart } from './flow-chart.tsx';
import { PathsTable } from './paths-table.tsx';

/** What users do before and after an event, step by step (UX-FL1). */
export function Flows(): ReactNode {
  const [state, setUrlState] = useFlowState();
  const { run, result, asked, query } = useFlow(state);
  const setState = (change: Partial<FlowState>): void => {
    const isOpening = change.opened !== undefined && change.opened !== null;
    setUrlState(isOpening ? { ...change, openedRange: query?.range ?? null } : change);
  };
  const { segment, opened, openedRange } = state;
  const view = useMemo(
    () => (result === null ? null : flowView(result, segment)),
    [result, segment],
  );
  const drill = useDrillMenu(
    ({ point, what }) => {
      if (point.type === 'flow' || point.type === 'flow_path') {
        setState({ opened: point, openedList: what });
      }
    },
    // A path is of no segment that filters could name.
    () => ({}),
  );
  const title = view === null || opened === null ? undefined : openedTitle(view, opened);
  return (
    <>
      <ReportFrame
        title={reportTitle(state)}
        run={run}
        convertible={convertibleOf(state)}
        saving={{ query, range: state.range, view: { ...state, opened: null } }}
        builder={<FlowBuilder state={state} onChange={setState} />}
        toolbar={
          <>
            <RangePicker
              value={state.range}
              onChange={(range) => setState({ range, opened: null })}
            />
            <Segmented
              label="Count"
              testId="flow-counting"
              value={state.counting}
              options={[
                { value: 'unique', label: 'Users' },
                { value: 'totals', label: 'Totals' },
                { value: 'sessions', label: 'Sessions' },
              ]}
              onChange={(counting) => setState({ counting, opened: null })}
            />
          </>
        }
        chart={<FlowChart state={state} asked={asked} view={view} run={run} onChange={setState} />}
        table={
          view === null || view.empty ? null : (
            <PathsTable
              state={state}
              asked={asked}
              view={view}
              run={run}
              onChange={setState}
              onDrill={drill.open}
            />
          )
        }
      />
      {drill.menu}
      <ListBeside
        of={query}
        listed={
          opened && {
            point: opened,
            what: state.openedList,
            title: title ?? 'Users',
            ...(openedRange === null ? {} : { range: openedRange }),
          }
        }
        onChange={(next) => setState(next === null ? { opened: null } : { openedList: next.what })}
      />
    </>
  );
}
