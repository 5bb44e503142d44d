'use client';

import { Filter } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FunnelResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Notice } from '#components/notice.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { formatCount, formatPercent } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { useEventNames } from '#report/names.ts';
import { AnswerPanel } from '#report/answer-panel.tsx';
import { Panel } from '#report/panel.tsx';
import type { OpenDrill } from '#report/listed-number.ts';
import { automaticUnit, rangePhrase, resolveRange } from '#report/range.ts';
import { EmptyState } from '#report/report-states.tsx';
import type { ReportRun } from '#report/use-report-run.ts';
import { drawingOf, timesText } from '../drawings.ts';
import type { FunnelView } from '../model.ts';
import {
  chosenSteps,
  closedBefore,
  countingNouns,
  leftOut,
  windowLabel,
  type FunnelState,
} from '../state.ts';
import { FunnelDrawingChart } from './funnel-drawing.tsx';
import { StepColumns, type DrillStep } from './step-columns.tsx';

export type FunnelChartProps = {
  readonly state: FunnelState;
  /** The state that the answer was asked by. */
  readonly asked: FunnelState;
  readonly result: FunnelResult | null;
  readonly view: FunnelView | null;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<FunnelState>) => void;
  readonly onDrill: DrillStep;
  readonly onDrillNumber: OpenDrill;
};

export function FunnelChart(props: FunnelChartProps): ReactNode {
  const { state, view, run } = props;
  const tooFew = chosenSteps(state).length < 2;
  if (tooFew) {
    return (
      <Panel>
        <TooFewSteps {...props} />
      </Panel>
    );
  }
  return (
    <div className="grid gap-2">
      <FunnelNotices state={state} view={view} />
      <AnswerPanel
        run={run}
        view={view}
        title={view === null || view.empty ? undefined : <Headline view={view} state={state} />}
        whenEmpty={(drawn) => <NobodyEntered {...props} view={drawn} />}
      >
        {(drawn) => <Drawing {...props} view={drawn} />}
      </AnswerPanel>
    </div>
  );
}

/** The chosen drawing; steps until the answer has what another one needs. */
function Drawing({
  asked,
  result,
  view,
  onDrill,
  onDrillNumber,
}: FunnelChartProps & { readonly view: FunnelView }): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const unit = automaticUnit(resolveRange(asked.range, timezone, now));
  const closedBeforeMs = closedBefore(asked, now);
  const drawing =
    result === null ? null : drawingOf(asked.view, { result, view, unit, closedBeforeMs });
  if (drawing === null || result === null || asked.view === 'steps') {
    return <StepColumns view={view} onDrill={onDrill} />;
  }
  return (
    <>
      {asked.view === 'time' ? (
        <p className="px-4 pt-3 text-ink-2" data-testid="funnel-times">
          {timesText(result)}
        </p>
      ) : null}
      <FunnelDrawingChart kind={asked.view} drawing={drawing} onDrill={onDrillNumber} />
    </>
  );
}

/** The answer in one sentence, with what "in the range" means here (UX-FU9). */
function Headline({
  view,
  state,
}: {
  readonly view: FunnelView;
  readonly state: FunnelState;
}): ReactNode {
  const [one, many] = countingNouns[view.counting];
  return (
    <span>
      <b className="text-sm font-semibold text-ink" data-testid="funnel-conversion">
        {formatPercent(view.overall.conversion)}
      </b>{' '}
      of {formatCount(view.overall.steps[0]?.count ?? 0, one, many)}{' '}
      {view.counting === 'unique' ? 'who' : 'that'} entered in the range converted{' '}
      {state.counting === 'sessions'
        ? 'in the same session'
        : `within ${windowLabel(state.window)}`}
    </span>
  );
}

function FunnelNotices({
  state,
  view,
}: {
  readonly state: FunnelState;
  readonly view: FunnelView | null;
}): ReactNode {
  const left = leftOut(state);
  const [one, many] = countingNouns[view?.counting ?? 'unique'];
  return (
    <>
      {left.exclusions > 0 ? (
        <Notice tone="warning">
          {formatCount(left.exclusions, 'exclusion')}{' '}
          {left.exclusions === 1 ? 'is incomplete and was' : 'are incomplete and were'} left out
        </Notice>
      ) : null}
      {left.steps > 0 ? (
        <Notice tone="warning">
          {formatCount(left.steps, 'step')} without an event {left.steps === 1 ? 'is' : 'are'} left
          out
        </Notice>
      ) : null}
      {left.filters > 0 ? (
        <Notice tone="warning">
          {formatCount(left.filters, 'filter')}{' '}
          {left.filters === 1 ? 'is incomplete and was' : 'are incomplete and were'} left out
        </Notice>
      ) : null}
      {view !== null && view.stillOpen > 0 ? (
        <Notice>
          {formatCount(view.stillOpen, one, many)} still {view.stillOpen === 1 ? 'has' : 'have'}{' '}
          time: their window was open when the query ran
        </Notice>
      ) : null}
      {view !== null && view.stoppedAt !== null ? (
        <Notice>
          Nobody reached step {view.stoppedAt + 1}, “{view.stepNames[view.stoppedAt]}”, in time
        </Notice>
      ) : null}
    </>
  );
}

const exampleSteps = 3;

function TooFewSteps({ onChange }: FunnelChartProps): ReactNode {
  const { names } = useEventNames();
  const example = (names ?? []).slice(0, exampleSteps).map(({ name }) => name);
  return (
    <StateMessage
      testId="report-empty"
      icon={<Filter size={20} />}
      title="A funnel has at least two steps"
      actions={
        example.length < 2 ? null : (
          <Button
            data-testid="funnel-example"
            onClick={() => onChange({ steps: example.map((event) => ({ event, filters: [] })) })}
          >
            Try {example.join(' → ')}
          </Button>
        )
      }
    >
      Choose what users do first and what they should do next. The funnel shows how many get there,
      and where the others stop.
    </StateMessage>
  );
}

function NobodyEntered({
  state,
  view,
  onChange,
}: FunnelChartProps & { readonly view: FunnelView }): ReactNode {
  return (
    <EmptyState
      title={`No user did “${view.stepNames[0]}” ${rangePhrase(state.range)}`}
      actions={
        <>
          <Button onClick={() => onChange({ range: { preset: '12m' } })}>Widen to 12 months</Button>
          {state.filters.length > 0 ? (
            <Button onClick={() => onChange({ filters: [] })}>Remove filters</Button>
          ) : null}
        </>
      }
    >
      Without the first step nobody enters the funnel.
    </EmptyState>
  );
}
