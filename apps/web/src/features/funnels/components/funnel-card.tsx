'use client';

import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { CardAnswer } from '#report/card-answer.tsx';
import { eventStateLabel } from '#report/question.ts';
import { automaticUnit, resolveRange } from '#report/range.ts';
import { useFunnel } from '../api.ts';
import { drawingOf } from '../drawings.ts';
import { funnelView } from '../model.ts';
import { chosenSteps, closedBefore, type FunnelState } from '../state.ts';
import { FunnelDrawingChart } from './funnel-drawing.tsx';
import { StepColumns } from './step-columns.tsx';

/** Pixels of the legend below a chart of several lines. */
const legendHeight = 44;

/** The drawing of a report alone, so many pixels high. */
export function FunnelCard({
  state,
  height,
}: {
  readonly state: FunnelState;
  readonly height: number;
}): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const { run, result, asked } = useFunnel(state);
  const { selected } = state;
  const view = useMemo(
    () =>
      result === null
        ? null
        : funnelView({
            result,
            stepNames: chosenSteps(asked).map(eventStateLabel),
            // Another card of the same question shares the answer, and may draw other segments.
            selected,
            counting: asked.counting,
          }),
    [result, asked, selected],
  );
  const unit = automaticUnit(resolveRange(asked.range, timezone, now));
  const drawing =
    result === null || view === null
      ? null
      : drawingOf(asked.view, { result, view, unit, closedBeforeMs: closedBefore(asked, now) });
  return (
    <CardAnswer run={run} empty={view?.empty ?? true}>
      {view === null ? null : drawing === null || asked.view === 'steps' ? (
        <StepColumns view={view} />
      ) : (
        <FunnelDrawingChart
          kind={asked.view}
          drawing={drawing}
          height={Math.max(120, height - (drawing.series.length > 1 ? legendHeight : 8))}
        />
      )}
    </CardAnswer>
  );
}
