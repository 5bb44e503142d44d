'use client';

import { useMemo, type ReactNode } from 'react';
import { eventStateLabel } from '#report/question.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { useFunnel, useFunnelState } from '../api.ts';
import { funnelView } from '../model.ts';
import { chosenSteps, reportTitle } from '../state.ts';
import { FunnelBuilder } from './funnel-builder.tsx';
import { FunnelChart } from './funnel-chart.tsx';
import { FunnelTable } from './funnel-table.tsx';
import { WindowPicker } from './window-picker.tsx';

/** How many users go all the way, and where the others stop. */
export function Funnels(): ReactNode {
  const [state, setState] = useFunnelState();
  const { run, result } = useFunnel(state);
  const view = useMemo(() => {
    const stepNames = chosenSteps(state).map(eventStateLabel);
    // While the next answer is on its way, the one on the screen has the old number of steps.
    if (result === null || result.steps.length !== stepNames.length) return null;
    return funnelView({ result, stepNames, selected: state.selected });
  }, [result, state]);
  return (
    <ReportFrame
      title={reportTitle(state)}
      run={run}
      builder={<FunnelBuilder state={state} onChange={setState} />}
      toolbar={
        <>
          <RangePicker value={state.range} onChange={(range) => setState({ range })} />
          <WindowPicker value={state.window} onChange={(window) => setState({ window })} />
        </>
      }
      chart={<FunnelChart state={state} view={view} run={run} onChange={setState} />}
      table={
        view === null || view.empty ? null : (
          <FunnelTable state={state} view={view} run={run} onChange={setState} />
        )
      }
    />
  );
}
