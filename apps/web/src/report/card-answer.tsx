'use client';

import type { ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import { EmptyState, UnansweredState } from './report-states.tsx';
import { QueryProgress } from './query-progress.tsx';
import type { ReportRun } from './use-report-run.ts';

/** A report without its builder: what it answers, or why there is nothing, each with a state of its own (UX-B3). */
export function CardAnswer({
  run,
  empty,
  children,
}: {
  readonly run: ReportRun;
  /** The answer holds nothing to draw. */
  readonly empty: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const unanswered = run.failure !== null || run.answer === null;
  return (
    <div
      className="relative"
      data-answer={unanswered ? 'none' : run.running ? 'partial' : 'complete'}
    >
      <div className="absolute top-1 right-1 z-20">
        <QueryProgress run={run} />
      </div>
      {unanswered ? (
        <UnansweredState run={run} />
      ) : empty && !run.partial ? (
        <EmptyState title="Nothing in this range" />
      ) : (
        <div className={classNames('transition-opacity', run.outdated && 'opacity-55')}>
          {children}
        </div>
      )}
    </div>
  );
}
