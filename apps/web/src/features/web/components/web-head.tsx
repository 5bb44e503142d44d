'use client';

import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Legend } from '#charts/legend.tsx';
import { useNow } from '#format/use-now.ts';
import { Panel } from '#report/panel.tsx';
import { QueryProgress } from '#report/query-progress.tsx';
import { automaticUnit, rangePhrase, resolveRange } from '#report/range.ts';
import { UnansweredState } from '#report/report-states.tsx';
import { encodeState } from '#report/url-state.ts';
import { useReportRun } from '#report/use-report-run.ts';
import { figureChart, figureFormat, figureViews } from '../model.ts';
import {
  figureLabels,
  figuresQuery,
  insightsOf,
  knowsSessions,
  type Figure,
  type WebState,
} from '../state.ts';
import { WebFigures } from './web-figures.tsx';

export type WebHeadProps = {
  readonly state: WebState;
  /** What counts as a view of a page. */
  readonly event: string;
  readonly onChange: (change: Partial<WebState>) => void;
};

const chartHeight = 260;

/** The figures, and the chosen one over time (UX-W1). */
export function WebHead({ state, event, onChange }: WebHeadProps): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const query = figuresQuery(state, { timezone, nowMs: now, event });
  const { run, asked } = useReportRun(query, state);
  const result = run.answer?.result.type === 'insights' ? run.answer.result : null;
  const known = knowsSessions(asked ?? state);
  const unit = automaticUnit(resolveRange((asked ?? state).range, timezone, now));
  const views = useMemo(
    () => (result === null ? null : figureViews(result, known)),
    [result, known],
  );
  const chosen = views?.find(({ figure }) => figure === state.figure);
  const figure: Figure = chosen?.value === undefined ? 'users' : chosen.figure;
  const chart = useMemo(
    () => (result === null ? null : figureChart(result, figure, { known, unit })),
    [result, figure, known, unit],
  );
  return (
    <div className="relative" data-testid="web-head">
      <div className="absolute top-2 right-2 z-20">
        <QueryProgress run={run} />
      </div>
      <Panel
        faded={run.outdated}
        title={
          <span>
            {figureLabels[figure]} {rangePhrase(state.range)}, against the period before
          </span>
        }
        actions={<OpenInsights state={insightsOf(state, event, figure)} />}
      >
        {run.failure !== null || views === null || chart === null ? (
          <UnansweredState run={run} />
        ) : (
          <>
            <WebFigures
              views={views}
              chosen={figure}
              onChoose={(next) => onChange({ figure: next })}
            />
            <LazyTimeChart
              kind="line"
              buckets={chart.buckets}
              series={chart.series}
              format={figureFormat(figure)}
              {...(figure === 'bounce' || figure === 'duration'
                ? { formatAxis: figureFormat(figure) }
                : {})}
              additive={false}
              height={chartHeight}
            />
            <Legend entries={chart.series} />
          </>
        )}
      </Panel>
    </div>
  );
}

function OpenInsights({ state }: { readonly state: object | null }): ReactNode {
  const { id } = useProject();
  if (state === null) return null;
  return (
    <Link
      href={`/p/${id}/insights?q=${encodeURIComponent(encodeState(state))}`}
      prefetch={false}
      data-testid="open-insights"
      className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ExternalLink size={14} aria-hidden /> Open in Insights
    </Link>
  );
}
