'use client';

import type { ReactNode } from 'react';
import { Input } from '#components/text-field.tsx';

/** A number that takes effect when the field is left or Enter is pressed. */
export function NumberField({
  value,
  label,
  testId,
  min,
  max,
  onChange,
}: {
  readonly value: number | undefined;
  readonly label: string;
  readonly testId: string;
  readonly min?: number;
  readonly max?: number;
  readonly onChange: (value: number) => void;
}): ReactNode {
  const commit = (next: number): void => {
    if (!Number.isFinite(next) || (min !== undefined && next < min)) return;
    const taken = max === undefined ? next : Math.min(max, next);
    if (taken !== value) onChange(taken);
  };
  return (
    <Input
      key={value}
      type="number"
      min={min}
      max={max}
      step="any"
      aria-label={label}
      data-testid={testId}
      className="h-7! w-18!"
      invalid={value === undefined}
      defaultValue={value}
      onBlur={(event) => commit(event.target.valueAsNumber)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.valueAsNumber);
      }}
    />
  );
}
