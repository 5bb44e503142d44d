'use client';

import { CircleSlash, RotateCw, SearchX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import type { Failure } from './stream-query.ts';
import type { ReportRun } from './use-report-run.ts';

/** Everything but a result: running, failed, cancelled. Null when there is an answer to draw. */
export function UnansweredState({ run }: { readonly run: ReportRun }): ReactNode {
  if (run.failure !== null) return <FailureState failure={run.failure} onRetry={run.rerun} />;
  if (run.answer !== null) return null;
  if (run.cancelled) {
    return (
      <StateMessage
        testId="report-cancelled"
        icon={<CircleSlash size={20} />}
        title="Cancelled"
        actions={<Button onClick={run.rerun}>Run again</Button>}
      />
    );
  }
  return <ChartSkeleton />;
}

export function FailureState({
  failure,
  onRetry,
}: {
  readonly failure: Failure;
  readonly onRetry: () => void;
}): ReactNode {
  return (
    <StateMessage
      testId="report-error"
      tone="danger"
      icon={<TriangleAlert size={20} />}
      title="This did not work"
      actions={
        <Button onClick={onRetry} data-testid="report-retry">
          <RotateCw size={14} /> Try again
        </Button>
      }
    >
      <p>{asSentence(failure.text)}</p>
      <p className="mt-1 text-xs text-ink-3">
        {asSentence(failure.help)} Code <code className="font-mono">{failure.code}</code>.
      </p>
    </StateMessage>
  );
}

export type EmptyStateProps = {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
};

export function EmptyState({ title, children, actions }: EmptyStateProps): ReactNode {
  return (
    <StateMessage
      testId="report-empty"
      icon={<SearchX size={20} />}
      title={title}
      actions={actions}
    >
      {children}
    </StateMessage>
  );
}

function ChartSkeleton(): ReactNode {
  return (
    <output className="flex h-80 items-end gap-2 px-4 pt-8 pb-4" aria-label="Loading">
      {[46, 62, 55, 71, 64, 80, 58, 66, 74, 69, 84, 77].map((height) => (
        <div key={height} className="flex-1" style={{ height: `${height}%` }}>
          <Skeleton className="size-full" />
        </div>
      ))}
    </output>
  );
}

/** Texts of the API are lower case without a full stop, as they also stand inside logs. */
function asSentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
