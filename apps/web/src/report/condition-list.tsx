'use client';

import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { ConditionRow } from './condition-row.tsx';
import { newEventCondition } from './behaviour-state.ts';
import { newCohortCondition, newSequenceCondition, type ConditionState } from './conditions.ts';
import { PropertyPicker } from './property-picker.tsx';
import { newFilter } from './filter-state.ts';

/** What users are, what they did, in which order, which cohort they are in: a button each. */
export function AddCondition({
  onAdd,
  testId = 'condition',
}: {
  readonly onAdd: (condition: ConditionState) => void;
  readonly testId?: string;
}): ReactNode {
  const others = [
    { id: 'event', label: 'Event', condition: newEventCondition },
    { id: 'sequence', label: 'Sequence', condition: newSequenceCondition },
    { id: 'cohort', label: 'Cohort', condition: newCohortCondition },
  ] as const;
  return (
    <span className="flex flex-wrap items-center">
      <PropertyPicker
        label="Property to filter by"
        accepts={isOfPersons}
        onSelect={(property) => onAdd({ type: 'property', filter: newFilter(property) })}
        trigger={
          <Button variant="ghost" size="sm" data-testid={`${testId}-property`}>
            <Plus size={14} /> Property
          </Button>
        }
      />
      {others.map(({ id, label, condition }) => (
        <Button
          key={id}
          variant="ghost"
          size="sm"
          data-testid={`${testId}-${id}`}
          onClick={() => onAdd(condition)}
        >
          <Plus size={14} /> {label}
        </Button>
      ))}
    </span>
  );
}

const isOfPersons = ({ scope }: { readonly scope: string }): boolean => scope === 'person';

export type ConditionListProps = {
  readonly conditions: readonly ConditionState[];
  readonly onChange: (conditions: ConditionState[]) => void;
  readonly testId?: string;
};

/** Conditions side by side where there is room. */
export function ConditionList({
  conditions,
  onChange,
  testId = 'condition',
}: ConditionListProps): ReactNode {
  return (
    <div
      data-testid={`${testId}s`}
      className="grid grid-cols-[repeat(auto-fill,minmax(min(300px,100%),1fr))] gap-2"
    >
      {conditions.map((condition, index) => (
        <ConditionRow
          // Conditions have no identity of their own; a row keeps nothing but the text being typed.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index} ${condition.type}`}
          condition={condition}
          testId={`${testId}-${index}`}
          onChange={(next) => onChange(conditions.with(index, next))}
          onRemove={() => onChange(conditions.toSpliced(index, 1))}
        />
      ))}
    </div>
  );
}
