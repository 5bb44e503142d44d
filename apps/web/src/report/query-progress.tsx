'use client';

import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import type { ReportRun } from './use-report-run.ts';

/** Most queries are done before; a bar that flashes would only disturb (section 9). */
const shownAfterMs = 300;

/** What the running query has done so far, with the way to stop it. */
export function QueryProgress({ run }: { readonly run: ReportRun }): ReactNode {
  if (run.running) return <RunningBar run={run} />;
  return run.cancelled && run.answer !== null ? <Cancelled run={run} /> : null;
}

const chip =
  'flex h-8 items-center gap-3 rounded-md border border-line bg-raised px-3 shadow-pop animate-fade';

/** The figures on the screen stay; what they are must be said. */
function Cancelled({ run }: { readonly run: ReportRun }): ReactNode {
  return (
    <output data-testid="report-cancelled" className={chip}>
      <span className="text-xs text-ink-2">
        {run.partial ? 'Cancelled, the figures are partial' : 'Cancelled'}
      </span>
      <Button size="sm" variant="ghost" onClick={run.rerun}>
        Run again
      </Button>
    </output>
  );
}

function RunningBar({ run }: { readonly run: ReportRun }): ReactNode {
  const elapsedMs = useElapsed();
  if (elapsedMs < shownAfterMs) return null;
  const share =
    run.progress === null || run.progress.total === 0
      ? null
      : run.progress.done / run.progress.total;
  const percent = share === null ? null : Math.round(share * 100);
  return (
    <div data-testid="query-progress" className={chip}>
      <div
        // The progress element cannot be drawn alike in all browsers.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="progressbar"
        aria-label="Query"
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent === null ? {} : { 'aria-valuenow': percent })}
        className="h-1.5 w-28 overflow-hidden rounded-full bg-pressed"
      >
        {percent === null ? (
          <div className="h-full w-1/3 rounded-full bg-accent animate-sweep" />
        ) : (
          <div
            className="h-full rounded-full bg-accent transition-[width]"
            style={{ width: `${percent}%` }}
          />
        )}
      </div>
      <span className="text-xs whitespace-nowrap text-ink-2 tabular">
        {run.partial && percent !== null ? `partial: ${percent} %` : `${percent ?? 0} %`}
        {' · '}
        {(elapsedMs / 1000).toFixed(1)} s
      </span>
      <Button size="sm" variant="ghost" onClick={run.cancel} data-testid="query-cancel">
        Cancel
      </Button>
    </div>
  );
}

function useElapsed(): number {
  const [elapsedMs, setElapsedMs] = useState(0);
  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(() => setElapsedMs(performance.now() - startedAt), 100);
    return () => clearInterval(timer);
  }, []);
  return elapsedMs;
}
