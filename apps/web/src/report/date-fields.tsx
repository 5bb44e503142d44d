'use client';

import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { isOfUnits, valueCountOf } from './filter-state.ts';
import type { FilterValuesProps } from './filter-values-props.ts';
import { NumberField } from './number-field.tsx';

const units = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

/** "In the last 7 days", or one day or two; days are those of the project. */
export function DateFields({ filter, onChange, testId }: FilterValuesProps): ReactNode {
  const { operator, values, unit } = filter;
  if (isOfUnits(operator)) {
    const [count] = values;
    return (
      <span className="flex items-center gap-1">
        <NumberField
          label="How many"
          testId={testId}
          min={1}
          value={typeof count === 'number' ? count : undefined}
          onChange={(next) => onChange({ ...filter, values: [Math.round(next)] })}
        />
        <Select
          label="Units"
          testId={`${testId}-unit`}
          value={unit ?? 'day'}
          options={units.map((value) => ({ value, label: `${value}s` }))}
          onChange={(next) => onChange({ ...filter, unit: next })}
        />
      </span>
    );
  }
  const isRange = valueCountOf(operator) === 'two';
  const [first = '', last = ''] = values.map(String);
  return (
    <span className="flex min-w-0 items-center gap-1">
      <DayField
        label={isRange ? 'First day' : 'Day'}
        testId={testId}
        value={first}
        onChange={(day) => onChange({ ...filter, values: isRange ? [day, last] : [day] })}
      />
      {isRange ? (
        <>
          and
          <DayField
            label="Last day"
            testId={`${testId}-to`}
            value={last}
            onChange={(day) => onChange({ ...filter, values: [first, day] })}
          />
        </>
      ) : null}
    </span>
  );
}

function DayField(props: {
  readonly label: string;
  readonly testId: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}): ReactNode {
  return (
    <Input
      type="date"
      aria-label={props.label}
      data-testid={props.testId}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
