'use client';

import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { BreakdownList } from '#report/breakdown-list.tsx';
import { BuilderSection } from '#report/builder-section.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { withEvent } from '#report/question.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { stepsMax, withMovedStep, withoutStep, type FunnelState } from '../state.ts';
import { Exclusions } from './exclusions.tsx';
import { FunnelOptions } from './funnel-options.tsx';
import { StepBlock } from './step-block.tsx';

export type FunnelBuilderProps = {
  readonly state: FunnelState;
  readonly onChange: (change: Partial<FunnelState>) => void;
};

export function FunnelBuilder({ state, onChange }: FunnelBuilderProps): ReactNode {
  const { steps } = state;
  const [dragged, setDragged] = useState<number | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const add = (): void => {
    if (steps.length < stepsMax) onChange({ steps: [...steps, { filters: [] }] });
  };
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= steps.length) return;
    onChange(withMovedStep(state, from, to));
    setAnnouncement(`Step ${from + 1} moved to place ${to + 1} of ${steps.length}`);
  };
  useShortcut('m', 'Add a step', add);
  return (
    <>
      <BuilderSection title="Steps">
        <ol className="grid gap-1.5">
          {steps.map((step, position) => (
            <StepBlock
              // A step has no identity of its own; the same event may occur twice.
              // oxlint-disable-next-line react/no-array-index-key
              key={position}
              step={step}
              position={position}
              dragging={dragged === position}
              onDragStart={() => setDragged(position)}
              onDragEnd={() => setDragged(null)}
              onDrop={() => {
                if (dragged !== null) move(dragged, position);
                setDragged(null);
              }}
              onMove={(direction) => move(position, position + direction)}
              onChange={(next) => onChange({ steps: steps.with(position, next) })}
              onMore={(event) => {
                const more = withEvent(steps, { event, filters: [] }, stepsMax);
                if (more !== null) onChange({ steps: more });
              }}
              onRemove={
                steps.length <= 2 ? undefined : () => onChange(withoutStep(state, position))
              }
            />
          ))}
        </ol>
        <output className="sr-only">{announcement}</output>
        {steps.length < stepsMax ? (
          <Button
            variant="ghost"
            size="sm"
            className="justify-self-start"
            onClick={add}
            data-testid="step-add"
          >
            <Plus size={14} /> Step
          </Button>
        ) : (
          <p className="text-xs text-ink-3">50 steps is the limit of one funnel.</p>
        )}
      </BuilderSection>
      <Exclusions state={state} onChange={onChange} />
      <FunnelOptions state={state} onChange={onChange} />
      <BuilderSection title="Filters">
        <FilterList
          filters={state.filters}
          testId="filter"
          onChange={(filters) => onChange({ filters })}
        />
      </BuilderSection>
      <BuilderSection title="Breakdowns">
        <BreakdownList
          breakdowns={state.breakdowns}
          onChange={(breakdowns) =>
            onChange({ breakdowns, control: null, selected: null, sort: null })
          }
        />
      </BuilderSection>
    </>
  );
}
