'use client';

import type { ReactNode } from 'react';
import { Input } from '#components/text-field.tsx';

export type TextValueProps = {
  readonly value: string;
  readonly testId: string;
  readonly onCommit: (text: string) => void;
  readonly placeholder?: string;
  readonly invalid?: boolean;
  readonly label?: string;
  readonly describedBy?: string;
};

/** Takes effect when the field is left or Enter is pressed, so that half a word is never asked for. */
export function TextValue({
  value,
  testId,
  onCommit,
  placeholder,
  invalid,
  label,
  describedBy,
}: TextValueProps): ReactNode {
  return (
    <Input
      key={invalid === true ? 'invalid' : value}
      defaultValue={value}
      data-testid={testId}
      aria-label={label ?? 'Value'}
      aria-describedby={describedBy}
      placeholder={placeholder ?? 'Value'}
      invalid={invalid ?? false}
      onBlur={(event) => {
        if (event.target.value !== value) onCommit(event.target.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onCommit(event.currentTarget.value.trim());
      }}
    />
  );
}
