'use client';

import type { ReactNode } from 'react';
import { Panel } from './panel.tsx';
import { UnansweredState } from './report-states.tsx';
import type { ReportRun } from './use-report-run.ts';

/** The card of a report's drawing in each of its states: not answered, nothing to draw, drawn. */
export function AnswerPanel<V extends { readonly empty: boolean }>({
  run,
  view,
  title,
  actions,
  whenEmpty,
  children,
}: {
  readonly run: ReportRun;
  /** Null until there is an answer. */
  readonly view: V | null;
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  /** A partial answer may be empty only so far, and is drawn. */
  readonly whenEmpty: (view: V) => ReactNode;
  readonly children: (view: V) => ReactNode;
}): ReactNode {
  return (
    <Panel faded={run.outdated} title={title} actions={actions}>
      {run.failure !== null || view === null ? (
        <UnansweredState run={run} />
      ) : view.empty && !run.partial ? (
        whenEmpty(view)
      ) : (
        children(view)
      )}
    </Panel>
  );
}
