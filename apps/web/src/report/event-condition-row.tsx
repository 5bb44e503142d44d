'use client';

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ComparisonOperator } from '@arbor/schema/query';
import { Button } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { propertyLabel } from '#format/property-name.ts';
import {
  comparisonLabels,
  measureLabels,
  type EventCondition,
  type MeasureState,
} from './behaviour-state.ts';
import { DidSelect } from './did-select.tsx';
import { EventPicker } from './event-picker.tsx';

import { NumberField } from './number-field.tsx';
import { PlainFilterList } from './plain-filter-row.tsx';
import { PropertyPicker } from './property-picker.tsx';
import { SpanSelect } from './span-select.tsx';

export type EventConditionRowProps = {
  readonly condition: EventCondition;
  readonly testId: string;
  readonly onChange: (condition: EventCondition) => void;
};

/** "Did an event so often in that time", with filters on it, or an aggregate of a property of it. */
export function EventConditionRow(props: EventConditionRowProps): ReactNode {
  const { condition, testId, onChange } = props;
  const { did, event, filters } = condition;
  return (
    <>
      <DidSelect
        value={did}
        testId={testId}
        onChange={(next) => onChange({ ...condition, did: next })}
      />
      <span className="flex min-w-0 flex-1 basis-40">
        <EventPicker
          value={event}
          testId={`${testId}-event`}
          onChange={(next) => onChange({ ...condition, event: next })}
        />
      </span>
      {did ? <CountFields {...props} /> : null}
      <SpanSelect
        value={condition}
        testId={`${testId}-when`}
        onChange={(span) => onChange({ ...condition, ...span })}
      />
      {event === undefined ? null : (
        <span className="w-full">
          <PlainFilterList
            filters={filters}
            testId={`${testId}-filter`}
            onChange={(next) => onChange({ ...condition, filters: next })}
          />
        </span>
      )}
    </>
  );
}

const comparisons = Object.entries(comparisonLabels).map(([value, label]) => ({
  // Keys of a record of all operators.
  value: value as ComparisonOperator,
  label,
}));

function CountFields({ condition, testId, onChange }: EventConditionRowProps): ReactNode {
  const { measure, operator, times, to } = condition;
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1">
      <MeasureFields
        measure={measure}
        testId={testId}
        onChange={(next) => onChange({ ...condition, measure: next })}
      />
      <Select
        look="quiet"
        label="Comparison"
        testId={`${testId}-comparison`}
        value={operator}
        options={comparisons}
        onChange={(next) => onChange({ ...condition, operator: next })}
      />
      <NumberField
        label="Number"
        testId={`${testId}-times`}
        value={times}
        onChange={(next) => onChange({ ...condition, times: next })}
      />
      {operator === 'between' ? (
        <>
          and
          <NumberField
            label="Upper number"
            testId={`${testId}-to`}
            value={to}
            onChange={(next) => onChange({ ...condition, to: next })}
          />
        </>
      ) : null}
    </span>
  );
}

const measureOptions = [
  { value: 'count', label: 'how often' },
  { value: 'distinct_time', label: 'on how many days' },
  ...(['distinct_count', 'sum', 'average', 'min', 'max'] as const).map((value) => ({
    value,
    label: measureLabels[value],
  })),
] as const satisfies readonly { value: MeasureState['type']; label: string }[];

function MeasureFields({
  measure,
  testId,
  onChange,
}: {
  readonly measure: MeasureState;
  readonly testId: string;
  readonly onChange: (measure: MeasureState) => void;
}): ReactNode {
  const take = (type: MeasureState['type']): void => {
    if (type === 'count') onChange({ type });
    else if (type === 'distinct_time') onChange({ type, unit: 'day' });
    else onChange('property' in measure ? { ...measure, type } : { type });
  };
  return (
    <>
      <Select
        look="quiet"
        label="What is compared"
        testId={`${testId}-measure`}
        value={measure.type}
        options={measureOptions.map((option) =>
          option.value === 'distinct_time' && measure.type === 'distinct_time'
            ? { ...option, label: `on how many ${measure.unit}s` }
            : option,
        )}
        onChange={take}
      />
      {measure.type === 'count' || measure.type === 'distinct_time' ? null : (
        <PropertyPicker
          label="Property of the event"
          accepts={isOfEvents}
          onSelect={({ scope, name }) => onChange({ ...measure, property: { scope, name } })}
          trigger={
            <Button size="sm" className="min-w-0 shrink" data-testid={`${testId}-measured`}>
              <span className="truncate-line">
                {measure.property === undefined
                  ? 'Choose a property'
                  : propertyLabel(measure.property.name)}
              </span>
              <ChevronDown size={12} aria-hidden />
            </Button>
          }
        />
      )}
    </>
  );
}

const isOfEvents = ({ scope }: { readonly scope: string }): boolean => scope === 'event';
