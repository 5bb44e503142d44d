'use client';

import { ChevronDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { BreakdownBuckets } from '@arbor/schema/query';
import { Combobox } from '#components/combobox.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import {
  breakdownLabel,
  bucketChoiceOf,
  bucketChoices,
  newBreakdown,
  parseEdges,
  type BreakdownState,
  type CohortBreakdownState,
  type PropertyBreakdownState,
} from './breakdown.ts';
import { useCohorts } from './cohorts.ts';
import { EventConditionRow } from './event-condition-row.tsx';
import { usePropertyNames } from './names.ts';
import { NumberField } from './number-field.tsx';
import { PropertyPicker } from './property-picker.tsx';

type FieldsProps<B extends BreakdownState> = {
  readonly breakdown: B;
  readonly position: number;
  readonly onChange: (breakdown: BreakdownState) => void;
};

/** What one breakdown splits by: a property and how it is cut, cohorts, or what users did. */
export function BreakdownFields(props: FieldsProps<BreakdownState>): ReactNode {
  const { breakdown, position, onChange } = props;
  if ('property' in breakdown) return <PropertyFields {...props} breakdown={breakdown} />;
  if ('cohorts' in breakdown) return <CohortFields {...props} breakdown={breakdown} />;
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
      <EventConditionRow
        condition={breakdown.behaviour}
        testId={`breakdown-${position}-behaviour`}
        onChange={(behaviour) => onChange({ behaviour })}
      />
    </span>
  );
}

const pickerLook =
  'flex h-8 min-w-0 max-w-full items-center gap-1.5 rounded-md px-1.5 text-left font-medium hover:bg-hover data-[state=open]:bg-hover';

function PropertyFields({
  breakdown,
  position,
  onChange,
}: FieldsProps<PropertyBreakdownState>): ReactNode {
  const { property, buckets } = breakdown;
  const { names } = usePropertyNames();
  const known = names.find(({ scope, name }) => scope === property.scope && name === property.name);
  const choices = bucketChoices(known?.types ?? [], buckets);
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1">
      <PropertyPicker
        label="Break down by"
        onSelect={(next) => onChange(newBreakdown(next))}
        trigger={
          <button
            type="button"
            className={pickerLook}
            data-testid={`breakdown-property-${position}`}
          >
            <span className="truncate-line">{breakdownLabel({ property })}</span>
            {property.scope === 'person' ? (
              <span className="shrink-0 rounded-sm bg-pressed px-1 text-2xs text-ink-2">user</span>
            ) : null}
            <ChevronDown size={14} className="shrink-0 text-ink-3" aria-hidden />
          </button>
        }
      />
      {choices.length > 1 ? (
        <Select
          look="quiet"
          label="Segments"
          testId={`breakdown-buckets-${position}`}
          className="max-w-full"
          value={bucketChoiceOf(buckets)}
          options={choices.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => {
            const choice = choices.find((each) => each.value === value);
            onChange(
              choice?.buckets === undefined ? { property } : { property, buckets: choice.buckets },
            );
          }}
        />
      ) : null}
      {buckets === undefined ? null : (
        <RangeFields
          buckets={buckets}
          testId={`breakdown-${position}`}
          onChange={(next) => onChange({ property, buckets: next })}
        />
      )}
    </span>
  );
}

/** Where ranges of numbers begin and end, if that is not left to the server. */
function RangeFields({
  buckets,
  testId,
  onChange,
}: {
  readonly buckets: BreakdownBuckets;
  readonly testId: string;
  readonly onChange: (buckets: BreakdownBuckets) => void;
}): ReactNode {
  if (buckets.type === 'varied') {
    return (
      <EdgesField
        edges={buckets.edges}
        testId={`${testId}-edges`}
        onChange={(edges) => onChange({ type: 'varied', edges })}
      />
    );
  }
  if (buckets.type !== 'even') return null;
  const field = (name: 'min' | 'max' | 'size', label: string): ReactNode => (
    <NumberField
      label={label}
      testId={`${testId}-${name}`}
      value={buckets[name]}
      {...(name === 'size' ? { min: Number.MIN_VALUE } : {})}
      onChange={(value) => onChange({ ...buckets, [name]: value })}
    />
  );
  return (
    <span className="flex w-full flex-wrap items-center gap-1 px-1.5 pb-1 text-ink-2">
      from {field('min', 'Lowest edge')} to {field('max', 'Highest edge')} in steps of{' '}
      {field('size', 'Width of a range')}
    </span>
  );
}

function EdgesField({
  edges,
  testId,
  onChange,
}: {
  readonly edges: readonly number[];
  readonly testId: string;
  readonly onChange: (edges: number[]) => void;
}): ReactNode {
  const [invalid, setInvalid] = useState(false);
  const commit = (text: string): void => {
    const next = parseEdges(text);
    setInvalid(next === null);
    if (next !== null) onChange(next);
  };
  return (
    <span className="w-full px-1.5 pb-1">
      <Input
        key={edges.join(' ')}
        aria-label="Edges of the ranges, at most ten numbers"
        data-testid={testId}
        placeholder="10, 100, 1000"
        defaultValue={edges.join(', ')}
        invalid={invalid}
        onBlur={(event) => commit(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value);
        }}
      />
    </span>
  );
}

function CohortFields({
  breakdown,
  position,
  onChange,
}: FieldsProps<CohortBreakdownState>): ReactNode {
  const { cohorts, loading } = useCohorts();
  const chosen = breakdown.cohorts;
  const nameOf = (id: string): string => cohorts.find((each) => each.id === id)?.name ?? id;
  return (
    <Combobox
      several
      label="Cohorts to compare"
      placeholder="Search cohorts"
      options={cohorts.map(({ id, name }) => ({ value: id, label: name }))}
      loading={loading}
      isChosen={(id) => chosen.includes(id)}
      onSelect={(id) =>
        onChange({
          cohorts: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id],
        })
      }
      emptyText="No cohort is saved yet"
      trigger={
        <button
          type="button"
          className={`${pickerLook} flex-1`}
          data-testid={`breakdown-cohorts-${position}`}
        >
          <span className="flex-1 truncate-line">
            {chosen.length === 0 ? 'Choose cohorts' : chosen.map(nameOf).join(', ')}
          </span>
          <ChevronDown size={14} className="shrink-0 text-ink-3" aria-hidden />
        </button>
      }
    />
  );
}
