'use client';

import { Plus, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { BuilderSection } from '#report/builder-section.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { exclusionsMax, type ExclusionState, type FunnelState } from '../state.ts';

/** Events that end an attempt when they come between two steps (UX-FU2). */
export function Exclusions({
  state,
  onChange,
}: {
  readonly state: FunnelState;
  readonly onChange: (change: Partial<FunnelState>) => void;
}): ReactNode {
  const { exclusions } = state;
  const [removed, setRemoved] = useState(0);
  return (
    <BuilderSection title="Did not do">
      {exclusions.map((exclusion, position) => (
        <Exclusion
          // One has no identity of its own; the count changes when one is taken out.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${removed} ${position}`}
          exclusion={exclusion}
          position={position}
          stepCount={state.steps.length}
          onChange={(next) => onChange({ exclusions: exclusions.with(position, next) })}
          onRemove={() => {
            setRemoved(removed + 1);
            onChange({ exclusions: exclusions.toSpliced(position, 1) });
          }}
        />
      ))}
      {exclusions.length < exclusionsMax ? (
        <Button
          variant="ghost"
          size="sm"
          className="justify-self-start"
          data-testid="exclusion-add"
          onClick={() =>
            onChange({ exclusions: [...exclusions, { filters: [], from: null, to: null }] })
          }
        >
          <Plus size={14} /> Exclusion
        </Button>
      ) : (
        <p className="text-xs text-ink-3">{exclusionsMax} exclusions is the limit.</p>
      )}
    </BuilderSection>
  );
}

function Exclusion({
  exclusion,
  position,
  stepCount,
  onChange,
  onRemove,
}: {
  readonly exclusion: ExclusionState;
  readonly position: number;
  readonly stepCount: number;
  readonly onChange: (exclusion: ExclusionState) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const from = exclusion.from ?? 0;
  const to = exclusion.to ?? stepCount - 1;
  const steps = Array.from({ length: stepCount }, (_, step) => step);
  const choices = (among: readonly number[], chosen: number) =>
    [...new Set([...among, chosen])]
      .toSorted((a, b) => a - b)
      .map((step) => ({ value: String(step), label: `step ${step + 1}` }));
  return (
    <fieldset
      aria-label={`Exclusion ${position + 1}`}
      data-testid={`exclusion-${position}`}
      className="grid min-w-0 gap-1.5 rounded-lg border border-line p-2"
    >
      <div className="flex items-center gap-1">
        <EventPicker
          value={exclusion.event}
          label={`Exclusion ${position + 1}`}
          testId={`exclusion-event-${position}`}
          onChange={(event) => onChange({ ...exclusion, event })}
        />
        <IconButton label={`Remove exclusion ${position + 1}`} onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      <div className="flex flex-wrap items-center gap-1.5 text-ink-2">
        between
        <Select
          label="From step"
          look="quiet"
          value={String(from)}
          options={choices(steps.slice(0, -1), from)}
          onChange={(next) => onChange({ ...exclusion, from: Number(next) })}
        />
        and
        <Select
          label="To step"
          look="quiet"
          value={String(to)}
          options={choices(
            steps.filter((step) => step > from),
            to,
          )}
          onChange={(next) => onChange({ ...exclusion, to: Number(next) })}
        />
      </div>
      <FilterList
        filters={exclusion.filters}
        testId={`exclusion-${position}-filter`}
        onChange={(filters) => onChange({ ...exclusion, filters })}
      />
    </fieldset>
  );
}
