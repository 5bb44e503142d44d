'use client';

import type { ReactNode } from 'react';
import type { Duration } from '@arbor/schema/query';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { windowMax, windowUnits, type WindowUnit } from '../state.ts';

/** How long a user has, from the first step on, to take the others. */
export function WindowPicker({
  value,
  onChange,
}: {
  readonly value: Duration;
  readonly onChange: (window: Duration) => void;
}): ReactNode {
  const unit: WindowUnit = windowUnits.find((candidate) => candidate === value.unit) ?? 'day';
  const commit = (count: number, nextUnit: WindowUnit): void => {
    if (!Number.isInteger(count) || count < 1) return;
    onChange({ value: Math.min(count, windowMax[nextUnit]), unit: nextUnit });
  };
  return (
    <fieldset aria-label="Conversion window" className="flex min-w-0 items-center gap-1.5">
      <span className="text-xs text-ink-3">within</span>
      <Input
        key={`${value.value} ${value.unit}`}
        type="number"
        min={1}
        max={windowMax[unit]}
        aria-label="Length of the conversion window"
        data-testid="window-value"
        className="w-16!"
        defaultValue={value.value}
        onBlur={(event) => {
          if (event.target.valueAsNumber !== value.value) commit(event.target.valueAsNumber, unit);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.valueAsNumber, unit);
        }}
      />
      <Select
        label="Unit of the conversion window"
        testId="window-unit"
        value={unit}
        options={windowUnits.map((candidate) => ({
          value: candidate,
          label: value.value === 1 ? candidate : `${candidate}s`,
        }))}
        onChange={(next) => commit(value.value, next)}
      />
    </fieldset>
  );
}
