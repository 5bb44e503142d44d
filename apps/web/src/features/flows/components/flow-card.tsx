'use client';

import { useMemo, type ReactNode } from 'react';
import { CardAnswer } from '#report/card-answer.tsx';
import { useFlow } from '../api.ts';
import { flowView } from '../model.ts';
import type { FlowState } from '../state.ts';
import { FlowDiagram } from './flow-diagram.tsx';

/** The diagram of a report alone. */
export function FlowCard({ state }: { readonly state: FlowState }): ReactNode {
  const { run, result, asked } = useFlow(state);
  // Another card of the same question shares the answer, and may draw another segment.
  const { segment } = state;
  const view = useMemo(
    () => (result === null ? null : flowView(result, segment)),
    [result, segment],
  );
  return (
    <CardAnswer run={run} empty={view?.empty ?? true}>
      {view === null ? null : <FlowDiagram asked={asked} view={view} />}
    </CardAnswer>
  );
}
