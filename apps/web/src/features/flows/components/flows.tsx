'use client';

import { useMemo, type ReactNode } from 'react';
import { Segmented } from '#components/segmented.tsx';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { ListBeside } from '#report/list-beside.tsx';
import { useFlow, useFlowState } from '../api.ts';
import { flowView, nodeOf } from '../model.ts';
import { reportTitle } from '../state.ts';
import { FlowBuilder } from './flow-builder.tsx';
import { FlowChart } from './flow-chart.tsx';
import { PathsTable } from './paths-table.tsx';

/** What users do before and after an event, step by step (UX-FL1). */
export function Flows(): ReactNode {
  const [state, setState] = useFlowState();
  const { run, result, asked, query } = useFlow(state);
  const { segment, opened } = state;
  const view = useMemo(
    () => (result === null ? null : flowView(result, segment)),
    [result, segment],
  );
  const node = view === null || opened === null ? undefined : nodeOf(view, opened);
  return (
    <>
      <ReportFrame
        title={reportTitle(state)}
        run={run}
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
            <PathsTable state={state} asked={asked} view={view} run={run} onChange={setState} />
          )
        }
      />
      <ListBeside
        of={query}
        listed={opened && { point: opened, what: state.openedList, title: node?.name ?? 'Users' }}
        onChange={(next) => setState(next === null ? { opened: null } : { openedList: next.what })}
      />
    </>
  );
}
