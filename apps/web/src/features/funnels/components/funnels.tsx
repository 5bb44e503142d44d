'use client';

import { useMemo, type ReactNode } from 'react';
import { eventStateLabel } from '#report/question.ts';
import { useProject } from '#api/project-context.tsx';
import { Segmented } from '#components/segmented.tsx';
import { useNow } from '#format/use-now.ts';
import { TimeComparePicker } from '#report/compare-picker.tsx';
import { useDrillMenu } from '#report/drill-menu.tsx';
import { ListBeside } from '#report/list-beside.tsx';
import { withDates } from '#report/listed-number.ts';
import { segmentDrill } from '#report/segment-drill.ts';
import { useClosingList } from '#report/use-closing-list.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { useFunnel, useFunnelState } from '../api.ts';
import { convertibleOf } from '../convertible.ts';
import { funnelDrill } from '../drill.ts';
import { funnelView } from '../model.ts';
import { pathRows } from '../paths.ts';
import { chosenSteps, funnelQuery, reportTitle } from '../state.ts';
import { FunnelBuilder } from './funnel-builder.tsx';
import { FunnelChart } from './funnel-chart.tsx';
import { FunnelTable } from './funnel-table.tsx';
import { PathsTable } from './paths-table.tsx';
import { WindowPicker } from './window-picker.tsx';

/** How many users go all the way, and where the others stop. */
export function Funnels(): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const [state, setUrlState] = useFunnelState();
  const setState = useClosingList(setUrlState);
  const { listed } = state;
  const { run, result, asked } = useFunnel(state);
  const { selected } = state;
  const view = useMemo(
    () =>
      result === null
        ? null
        : funnelView({
            result,
            stepNames: chosenSteps(asked).map(eventStateLabel),
            selected,
            counting: asked.counting,
          }),
    [result, asked, selected],
  );
  const paths = useMemo(
    () => (result === null || view === null ? null : pathRows(result, view)),
    [result, view],
  );
  const query = funnelQuery(asked, timezone, now);
  const drill = useDrillMenu(
    (number) => setState({ listed: withDates(number, query) }),
    (segment) => ({
      ...segmentDrill(segment, state, (change) =>
        setState(
          change.breakdowns === undefined
            ? change
            : { ...change, control: null, selected: null, sort: null },
        ),
      ),
      ...(segment === null ? {} : { compare: () => setState({ control: segment }) }),
    }),
  );
  return (
    <>
      <ReportFrame
        title={reportTitle(state)}
        run={run}
        convertible={convertibleOf(state)}
        saving={{
          query: funnelQuery(state, timezone, now),
          range: state.range,
          view: { ...state, listed: null },
        }}
        builder={<FunnelBuilder state={state} onChange={setState} />}
        toolbar={
          <>
            <RangePicker value={state.range} onChange={(range) => setState({ range })} />
            <TimeComparePicker
              compare={state.compare}
              range={state.range}
              onChange={(compare) => setState({ compare })}
            />
            {state.counting === 'sessions' ? null : (
              <WindowPicker value={state.window} onChange={(window) => setState({ window })} />
            )}
            <Segmented
              label="Funnel as"
              testId="funnel-view"
              value={state.view}
              options={[
                { value: 'steps', label: 'Steps' },
                { value: 'trend', label: 'Trend' },
                { value: 'time', label: 'Time to convert' },
              ]}
              onChange={(kind) => setState({ view: kind })}
            />
          </>
        }
        chart={
          <FunnelChart
            state={state}
            asked={asked}
            result={result}
            view={view}
            run={run}
            onChange={setState}
            onDrillNumber={drill.open}
            onDrill={(element, row, step, outcome) => {
              const target = view === null ? null : funnelDrill(view, row, step, outcome);
              if (target !== null) drill.open(element, target);
            }}
          />
        }
        table={
          view === null || view.empty ? null : (
            <>
              <FunnelTable
                state={state}
                view={view}
                run={run}
                onChange={setState}
                onDrill={drill.open}
              />
              {paths === null ? null : (
                <PathsTable
                  asked={asked}
                  view={view}
                  rows={paths}
                  pathCount={result?.pathCount ?? paths.length}
                  run={run}
                  onDrill={drill.open}
                />
              )}
            </>
          )
        }
      />
      {drill.menu}
      <ListBeside of={query} listed={listed} onChange={(next) => setState({ listed: next })} />
    </>
  );
}
