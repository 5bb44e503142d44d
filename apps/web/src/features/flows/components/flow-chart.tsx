'use client';

import { Route } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Notice } from '#components/notice.tsx';
import { Select } from '#components/select.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { formatCount, formatNumber, formatPercent } from '#format/number.ts';
import { useEventNames } from '#report/names.ts';
import { AnswerPanel } from '#report/answer-panel.tsx';
import { Panel } from '#report/panel.tsx';
import { eventStateLabel } from '#report/question.ts';
import { rangePhrase } from '#report/range.ts';
import { EmptyState } from '#report/report-states.tsx';
import type { ReportRun } from '#report/use-report-run.ts';
import type { FlowView } from '../model.ts';
import { chosenAnchors, countingNouns, leftOut, type FlowState } from '../state.ts';
import { ExpandDialog } from './expand-dialog.tsx';
import { FlowDiagram } from './flow-diagram.tsx';
import { FlowNodeMenu } from './flow-node-button.tsx';

export type FlowChartProps = {
  readonly state: FlowState;
  /** The state the answer was asked by. */
  readonly asked: FlowState;
  readonly view: FlowView | null;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<FlowState>) => void;
};

export function FlowChart(props: FlowChartProps): ReactNode {
  const { state, asked, view, run, onChange } = props;
  const [expanding, setExpanding] = useState<string | null>(null);
  if (chosenAnchors(state).length === 0) {
    return (
      <Panel>
        <NoAnchor {...props} />
      </Panel>
    );
  }
  return (
    <div className="grid gap-2">
      <FlowNotices state={state} view={view} />
      <AnswerPanel
        run={run}
        view={view}
        title={view === null || view.empty ? undefined : <Headline view={view} asked={asked} />}
        actions={
          view === null || view.segments.length === 0 ? undefined : (
            <SegmentSelect state={state} view={view} onChange={onChange} />
          )
        }
        whenEmpty={() => <NobodyEntered {...props} />}
      >
        {(drawn) => (
          <FlowDiagram
            asked={asked}
            view={drawn}
            menu={(node) => (
              <FlowNodeMenu
                node={node}
                state={state}
                asked={asked}
                view={drawn}
                onChange={onChange}
                onExpand={setExpanding}
              />
            )}
          />
        )}
      </AnswerPanel>
      {expanding === null ? null : (
        <ExpandDialog
          event={expanding}
          state={state}
          onChange={onChange}
          onClose={() => setExpanding(null)}
        />
      )}
    </div>
  );
}

/** Whose paths these are, and how many of them reach the last anchor. */
function Headline({
  view,
  asked,
}: {
  readonly view: FlowView;
  readonly asked: FlowState;
}): ReactNode {
  const [one, many] = countingNouns[asked.counting];
  const last = chosenAnchors(asked).at(-1);
  return (
    <span>
      <b className="text-sm font-semibold text-ink tabular" data-testid="flow-entries">
        {formatNumber(view.entries)}
      </b>{' '}
      {view.entries === 1 ? one : many} {rangePhrase(asked.range)}
      {view.converted === null || last === undefined ? null : (
        <>
          {', '}
          <b className="font-semibold text-ink tabular" data-testid="flow-converted">
            {formatNumber(view.converted)}
          </b>{' '}
          ({formatPercent(view.entries === 0 ? null : view.converted / view.entries)}) went on to{' '}
          {eventStateLabel(last)}
        </>
      )}
    </span>
  );
}

const allSegments = 'all';

/** Parallel flows are looked at one by one: bars of several could not be compared in one drawing. */
function SegmentSelect({
  state,
  view,
  onChange,
}: {
  readonly state: FlowState;
  readonly view: FlowView;
  readonly onChange: FlowChartProps['onChange'];
}): ReactNode {
  const [, many] = countingNouns[state.counting];
  return (
    <Select
      label="Segment"
      testId="flow-segment"
      className="max-w-64"
      value={view.segment?.key ?? allSegments}
      options={[
        { value: allSegments, label: `All ${many}` },
        ...view.segments.map(({ key, name, entries }) => ({
          value: key,
          label: `${name} (${formatNumber(entries)})`,
        })),
      ]}
      onChange={(key) => onChange({ segment: key === allSegments ? null : key, opened: null })}
    />
  );
}

function FlowNotices({
  state,
  view,
}: {
  readonly state: FlowState;
  readonly view: FlowView | null;
}): ReactNode {
  const left = leftOut(state);
  return (
    <>
      {left.anchors > 0 ? (
        <Notice tone="warning">
          {formatCount(left.anchors, 'event')} not chosen yet {left.anchors === 1 ? 'is' : 'are'}{' '}
          left out
        </Notice>
      ) : null}
      {left.filters > 0 ? (
        <Notice tone="warning">
          {formatCount(left.filters, 'filter')}{' '}
          {left.filters === 1 ? 'is incomplete and was' : 'are incomplete and were'} left out
        </Notice>
      ) : null}
      {state.hidden.length > 0 ? (
        <Notice>
          {formatCount(state.hidden.length, 'event')} {state.hidden.length === 1 ? 'is' : 'are'}{' '}
          hidden: steps are counted without {state.hidden.length === 1 ? 'it' : 'them'}
        </Notice>
      ) : null}
      {view !== null && view.segmentCount > view.segments.length ? (
        <Notice>
          {formatNumber(view.segments.length)} of {formatCount(view.segmentCount, 'segment')}, the
          largest, can be chosen
        </Notice>
      ) : null}
    </>
  );
}

function NoAnchor({ state, onChange }: FlowChartProps): ReactNode {
  const { names } = useEventNames();
  const example = names?.[0]?.name;
  return (
    <StateMessage
      testId="report-empty"
      icon={<Route size={20} />}
      title="A flow begins with an event"
      actions={
        example === undefined ? null : (
          <Button
            data-testid="flow-example"
            onClick={() =>
              onChange({
                anchors: state.anchors.with(0, {
                  event: example,
                  filters: [],
                  before: 0,
                  after: 3,
                }),
              })
            }
          >
            Try what follows {example}
          </Button>
        )
      }
    >
      Choose an event. The flow shows what users do right after it, or what led them there.
    </StateMessage>
  );
}

function NobodyEntered({ asked, state, onChange }: FlowChartProps): ReactNode {
  const first = chosenAnchors(asked)[0];
  return (
    <EmptyState
      title={`Nobody did “${first === undefined ? '' : eventStateLabel(first)}” ${rangePhrase(asked.range)}`}
      actions={
        <>
          <Button onClick={() => onChange({ range: { preset: '12m' } })}>Widen to 12 months</Button>
          {state.filters.length > 0 ? (
            <Button onClick={() => onChange({ filters: [] })}>Remove filters</Button>
          ) : null}
        </>
      }
    >
      Paths begin at the first event.
    </EmptyState>
  );
}
