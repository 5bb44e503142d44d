'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Select } from '#components/select.tsx';
import { CohortPicker } from '#report/cohort-picker.tsx';
import { useCohortName } from '#report/cohorts.ts';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterRow } from '#report/filter-row.tsx';
import { PropertyPicker } from '#report/property-picker.tsx';
import { newFilter } from '#report/question.ts';
import {
  conditionSentence,
  isCompleteCondition,
  newCohortCondition,
  newEventCondition,
  type CohortCondition,
  type ConditionState,
  type EventCondition,
} from '../conditions.ts';

/** What users are, what they did, which cohort they are in: a button each. */
export function AddCondition({
  onAdd,
}: {
  readonly onAdd: (condition: ConditionState) => void;
}): ReactNode {
  return (
    <span className="flex flex-wrap items-center">
      <PropertyPicker
        label="Property to filter by"
        accepts={isOfPersons}
        onSelect={(property) => onAdd({ type: 'property', filter: newFilter(property) })}
        trigger={
          <Button variant="ghost" size="sm" data-testid="condition-property">
            <Plus size={14} /> Property
          </Button>
        }
      />
      <Button
        variant="ghost"
        size="sm"
        data-testid="condition-event"
        onClick={() => onAdd(newEventCondition)}
      >
        <Plus size={14} /> Event
      </Button>
      <Button
        variant="ghost"
        size="sm"
        data-testid="condition-cohort"
        onClick={() => onAdd(newCohortCondition)}
      >
        <Plus size={14} /> Cohort
      </Button>
    </span>
  );
}

const isOfPersons = ({ scope }: { readonly scope: string }): boolean => scope === 'person';

export type ConditionListProps = {
  readonly conditions: readonly ConditionState[];
  readonly onChange: (conditions: ConditionState[]) => void;
};

/** Conditions that all must hold, side by side where there is room. */
export function ConditionList({ conditions, onChange }: ConditionListProps): ReactNode {
  return (
    <div
      data-testid="conditions"
      className="grid max-h-[40vh] grid-cols-[repeat(auto-fill,minmax(min(300px,100%),1fr))] gap-2 overflow-y-auto"
    >
      {conditions.map((condition, index) => (
        <Condition
          // Conditions have no identity of their own; a row keeps nothing but the text being typed.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index} ${condition.type}`}
          condition={condition}
          testId={`condition-${index}`}
          onChange={(next) => onChange(conditions.with(index, next))}
          onRemove={() => onChange(conditions.toSpliced(index, 1))}
        />
      ))}
    </div>
  );
}

type ConditionProps<C extends ConditionState> = {
  readonly condition: C;
  readonly testId: string;
  readonly onChange: (condition: ConditionState) => void;
  readonly onRemove: () => void;
};

function Condition(props: ConditionProps<ConditionState>): ReactNode {
  const { condition, testId, onChange, onRemove } = props;
  switch (condition.type) {
    case 'property':
      return (
        <FilterRow
          filter={condition.filter}
          testId={testId}
          onChange={(filter) => onChange({ type: 'property', filter })}
          onRemove={onRemove}
        />
      );
    case 'event':
      return <EventConditionRow {...props} condition={condition} />;
    case 'cohort':
      return <CohortConditionRow {...props} condition={condition} />;
  }
}

/** The look of a filter of a report, around any condition. */
function ConditionFrame({
  condition,
  testId,
  onRemove,
  children,
}: Omit<ConditionProps<ConditionState>, 'onChange'> & {
  readonly children: ReactNode;
}): ReactNode {
  const complete = isCompleteCondition(condition);
  const words = conditionSentence(condition, useCohortName());
  return (
    <fieldset
      aria-label={`Condition: ${words}${complete ? '' : ', incomplete'}`}
      data-testid={testId}
      className={classNames(
        'flex min-w-0 flex-wrap items-center gap-1 self-start rounded-md border bg-sunken p-1.5',
        complete ? 'border-transparent' : 'border-warning/50',
      )}
    >
      {children}
      <span className="flex-1" />
      <IconButton label="Remove condition" onClick={onRemove}>
        <X size={14} />
      </IconButton>
    </fieldset>
  );
}

const timesOptions = [1, 2, 3, 5, 10, 20, 50, 100].map((times) => ({
  value: String(times),
  label: times === 1 ? 'at least once' : `at least ${times} times`,
}));
const dayOptions = [
  ...[1, 7, 14, 30, 90, 180, 365].map((days) => ({
    value: String(days),
    label: days === 1 ? 'today' : `in the last ${days} days`,
  })),
  { value: 'ever', label: 'ever' },
];

function EventConditionRow(props: ConditionProps<EventCondition>): ReactNode {
  const { condition, testId, onChange } = props;
  const { did, event, times, days } = condition;
  return (
    <ConditionFrame {...props}>
      <Select
        look="quiet"
        label="Did or did not"
        testId={`${testId}-did`}
        value={did ? 'did' : 'did_not'}
        options={[
          { value: 'did', label: 'Did' },
          { value: 'did_not', label: 'Did not' },
        ]}
        onChange={(next) => onChange({ ...condition, did: next === 'did' })}
      />
      <span className="flex min-w-0 basis-40">
        <EventPicker
          value={event}
          testId={`${testId}-event`}
          onChange={(next) => onChange({ ...condition, event: next })}
        />
      </span>
      {did ? (
        <Select
          look="quiet"
          label="How often"
          value={String(times)}
          options={withOwn(timesOptions, String(times), `at least ${times} times`)}
          onChange={(next) => onChange({ ...condition, times: Number(next) })}
        />
      ) : null}
      <Select
        look="quiet"
        label="When"
        testId={`${testId}-when`}
        value={days === null ? 'ever' : String(days)}
        options={withOwn(dayOptions, String(days ?? 'ever'), `in the last ${days} days`)}
        onChange={(next) => onChange({ ...condition, days: next === 'ever' ? null : Number(next) })}
      />
    </ConditionFrame>
  );
}

type Choice = { readonly value: string; readonly label: string };

/** A link may hold a number that is not on offer: it stays what it is. */
function withOwn(options: readonly Choice[], value: string, label: string): readonly Choice[] {
  return options.some((option) => option.value === value)
    ? options
    : [...options, { value, label }];
}

function CohortConditionRow(props: ConditionProps<CohortCondition>): ReactNode {
  const { condition, testId, onChange } = props;
  return (
    <ConditionFrame {...props}>
      <Select
        look="quiet"
        label="In or not in"
        value={condition.operator}
        options={[
          { value: 'in', label: 'In cohort' },
          { value: 'not_in', label: 'Not in cohort' },
        ]}
        onChange={(operator) => onChange({ ...condition, operator })}
      />
      <CohortPicker
        value={condition.id}
        testId={`${testId}-cohort`}
        onChange={(id) => onChange({ ...condition, id })}
      />
    </ConditionFrame>
  );
}
