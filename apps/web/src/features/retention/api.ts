'use client';

import type { RetentionResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { useUrlState, type UrlState } from '#report/url-state.ts';
import { useReportRun, type ReportRun } from '#report/use-report-run.ts';
import {
  initialState,
  retentionQuery,
  retentionStateSchema,
  type RetentionState,
} from './state.ts';

export function useRetentionState(): UrlState<RetentionState> {
  return useUrlState(retentionStateSchema, initialState);
}

export function useRetention(state: RetentionState): {
  readonly run: ReportRun;
  readonly result: RetentionResult | null;
  /** The state the result was asked by. */
  readonly asked: RetentionState;
} {
  const { timezone } = useProject();
  const { run, asked } = useReportRun(retentionQuery(state, timezone, useNow()), state);
  const result = run.answer?.result;
  return { run, result: result?.type === 'retention' ? result : null, asked: asked ?? state };
}
