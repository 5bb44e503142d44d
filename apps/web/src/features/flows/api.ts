'use client';

import type { FlowResult } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { useUrlState, type UrlState } from '#report/url-state.ts';
import { useReportRun, type ReportRun } from '#report/use-report-run.ts';
import {
  flowQuery,
  flowStateSchema,
  initialState,
  type FlowQueryInput,
  type FlowState,
} from './state.ts';

export function useFlowState(): UrlState<FlowState> {
  return useUrlState(flowStateSchema, initialState);
}

export function useFlow(state: FlowState): {
  readonly run: ReportRun;
  readonly result: FlowResult | null;
  /** The state the result was asked by. */
  readonly asked: FlowState;
  /** The question of the state; null while it is not complete. */
  readonly query: FlowQueryInput | null;
} {
  const { timezone } = useProject();
  const query = flowQuery(state, timezone, useNow());
  const { run, asked } = useReportRun(query, state);
  const result = run.answer?.result;
  return { run, result: result?.type === 'flow' ? result : null, asked: asked ?? state, query };
}
