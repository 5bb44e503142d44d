'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { propertyLabel } from '#format/property-name.ts';
import { BuilderSection } from '#report/builder-section.tsx';
import { PropertyPicker } from '#report/property-picker.tsx';
import {
  countings,
  graceChoices,
  holdMax,
  reentries,
  stepOrders,
  type Counting,
  type FunnelState,
  type Reentry,
  type StepOrder,
} from '../state.ts';

export type FunnelOptionsProps = {
  readonly state: FunnelState;
  readonly onChange: (change: Partial<FunnelState>) => void;
};

const countingLabels: Readonly<Record<Counting, string>> = {
  unique: 'unique users',
  totals: 'every attempt',
  sessions: 'sessions',
};

const orderLabels: Readonly<Record<StepOrder, string>> = {
  specific: 'in order',
  strict: 'in order, nothing between',
  any: 'in any order',
  anchored: 'the first, then in any order',
};

const reentryLabels: Readonly<Record<Reentry, string>> = {
  first: 'the first attempt',
  latest: 'the latest, before step 2',
  best: 'the one that gets farthest',
};

/** What counts as having taken the steps (UX-FU3, FU5, FU6, FU7). */
export function FunnelOptions({ state, onChange }: FunnelOptionsProps): ReactNode {
  return (
    <BuilderSection title="Counted">
      <Line label="Count">
        <Select
          label="What is counted"
          testId="funnel-counting"
          value={state.counting}
          options={countings.map((value) => ({ value, label: countingLabels[value] }))}
          onChange={(counting) => onChange({ counting })}
        />
      </Line>
      <Line label="Steps">
        <Select
          label="Order of the steps"
          testId="funnel-order"
          value={state.order}
          options={stepOrders.map((value) => ({ value, label: orderLabels[value] }))}
          onChange={(order) => onChange({ order })}
        />
      </Line>
      <Line label="Begun anew">
        <Select
          label="Which attempt of somebody who begins several times"
          testId="funnel-reentry"
          value={state.reentry}
          options={reentries.map((value) => ({ value, label: reentryLabels[value] }))}
          onChange={(reentry) => onChange({ reentry })}
        />
      </Line>
      {state.breakdowns.some((breakdown) => 'property' in breakdown) ? (
        <Line label="Segment by">
          <Attribution state={state} onChange={onChange} />
        </Line>
      ) : null}
      <Line label="Grace">
        <Select
          label="How far out of order two events may be"
          testId="funnel-grace"
          value={String(state.graceMs)}
          options={graceOptions(state.graceMs)}
          onChange={(graceMs) => onChange({ graceMs: Number(graceMs) })}
        />
      </Line>
      <Hold state={state} onChange={onChange} />
    </BuilderSection>
  );
}

/** Of which step the values are that an attempt is broken down by (UX-FU8). */
function Attribution({ state, onChange }: FunnelOptionsProps): ReactNode {
  const { attribution, steps } = state;
  const ofSteps = steps.map((_, place) => ({
    value: String(place),
    label: `the value at step ${place + 1}`,
  }));
  return (
    <Select
      label="Step whose values segments are"
      testId="funnel-attribution"
      value={String(attribution)}
      options={[
        { value: 'first', label: 'the first value' },
        { value: 'last', label: 'the last value' },
        { value: 'each', label: 'every value touched' },
        ...ofSteps,
      ]}
      onChange={(next) =>
        onChange({
          attribution: next === 'first' || next === 'last' || next === 'each' ? next : Number(next),
        })
      }
    />
  );
}

function graceOptions(
  chosen: number,
): readonly { readonly value: string; readonly label: string }[] {
  const choices = [...new Set([...graceChoices, chosen])].toSorted((a, b) => a - b);
  return choices.map((ms) => ({
    value: String(ms),
    label: ms === 0 ? 'none: equal times count' : `${ms / 1000} s out of order`,
  }));
}

/** Properties that every step must have with the same value. */
function Hold({ state, onChange }: FunnelOptionsProps): ReactNode {
  const { hold } = state;
  return (
    <fieldset className="grid min-w-0 gap-1.5" aria-label="Held constant">
      <span className="text-ink-2">Same on all steps</span>
      {hold.map((property, position) => (
        <span key={`${property.scope} ${property.name}`} className="flex items-center gap-1">
          <span
            className="min-w-0 flex-1 rounded-md border border-line px-2.5 py-1 truncate-line"
            data-testid={`hold-${position}`}
          >
            {propertyLabel(property.name)}
          </span>
          <IconButton
            label={`Let ${propertyLabel(property.name)} differ`}
            onClick={() => onChange({ hold: hold.toSpliced(position, 1) })}
          >
            <X size={14} />
          </IconButton>
        </span>
      ))}
      {hold.length < holdMax ? (
        <PropertyPicker
          label="Property that is the same on all steps"
          accepts={({ scope, name }) =>
            scope === 'event' && !hold.some((property) => property.name === name)
          }
          onSelect={({ scope, name }) => onChange({ hold: [...hold, { scope, name }] })}
          trigger={
            <Button variant="ghost" size="sm" className="justify-self-start" data-testid="hold-add">
              <Plus size={14} /> Property
            </Button>
          }
        />
      ) : null}
    </fieldset>
  );
}

function Line({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="flex min-w-0 items-center gap-2">
      <span className="w-20 shrink-0 text-ink-2">{label}</span>
      {children}
    </div>
  );
}
