'use client';

import { useMemo, type ReactNode } from 'react';
import { CardAnswer } from '#report/card-answer.tsx';
import { eventStateLabel } from '#report/question.ts';
import { useFunnel } from '../api.ts';
import { funnelView } from '../model.ts';
import { chosenSteps, type FunnelState } from '../state.ts';
import { StepColumns } from './step-columns.tsx';

/** The steps of a report alone. */
export function FunnelCard({ state }: { readonly state: FunnelState }): ReactNode {
  const { run, result, asked } = useFunnel(state);
  const view = useMemo(
    () =>
      result === null
        ? null
        : funnelView({
            result,
            stepNames: chosenSteps(asked).map(eventStateLabel),
            selected: asked.selected,
          }),
    [result, asked],
  );
  return (
    <CardAnswer run={run} empty={view?.empty ?? true}>
      {view === null ? null : <StepColumns view={view} />}
    </CardAnswer>
  );
}
