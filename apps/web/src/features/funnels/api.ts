'use client';

import type { FunnelResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { useUrlState, type UrlState } from '#report/url-state.ts';
import { useReportRun, type ReportRun } from '#report/use-report-run.ts';
import { funnelQuery, funnelStateSchema, initialState, type FunnelState } from './state.ts';

export function useFunnelState(): UrlState<FunnelState> {
  return useUrlState(funnelStateSchema, initialState);
}

export function useFunnel(state: FunnelState): {
  readonly run: ReportRun;
  readonly result: FunnelResult | null;
  /** The state the result was asked by. */
  readonly asked: FunnelState;
} {
  const { timezone } = useProject();
  const { run, asked } = useReportRun(funnelQuery(state, timezone, useNow()), state);
  const result = run.answer?.result;
  return { run, result: result?.type === 'funnel' ? result : null, asked: asked ?? state };
}
