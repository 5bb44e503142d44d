'use client';

import type { ReactNode } from 'react';
import type { TimeUnit } from '@arbor/schema/query';
import { Select } from '#components/select.tsx';

const labels: Readonly<Record<TimeUnit, string>> = {
  minute: 'Minute',
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
  quarter: 'Quarter',
  year: 'Year',
};

export function UnitPicker<U extends TimeUnit>({
  value,
  units,
  onChange,
}: {
  readonly value: U;
  readonly units: readonly U[];
  readonly onChange: (unit: U) => void;
}): ReactNode {
  return (
    <Select
      label="Unit"
      testId="unit-picker"
      value={value}
      options={units.map((unit) => ({ value: unit, label: labels[unit] }))}
      onChange={onChange}
    />
  );
}
