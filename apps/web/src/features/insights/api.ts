'use client';

import type { InsightsResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { useUrlState, type UrlState } from '#report/url-state.ts';
import { useReportRun, type ReportRun } from '#report/use-report-run.ts';
import { initialState, insightsQuery, insightsStateSchema, type InsightsState } from './state.ts';

export function useInsightsState(): UrlState<InsightsState> {
  return useUrlState(insightsStateSchema, initialState);
}

/** Runs the question of the state; null while there is no answer of this kind. */
export function useInsights(state: InsightsState): {
  readonly run: ReportRun;
  readonly result: InsightsResult | null;
  /** The state the result was asked by. */
  readonly asked: InsightsState;
} {
  const { timezone } = useProject();
  const { run, asked } = useReportRun(insightsQuery(state, timezone, useNow()), state);
  const result = run.answer?.result;
  return { run, result: result?.type === 'insights' ? result : null, asked: asked ?? state };
}
