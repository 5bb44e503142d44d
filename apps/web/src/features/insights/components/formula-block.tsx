'use client';

import { Trash2 } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { Input } from '#components/text-field.tsx';
import type { FormulaState } from '../formula.ts';

/** Arithmetic over the metrics above, by their letters. It is asked when the field is left, or by Enter. */
export function FormulaBlock({
  formula,
  position,
  onChange,
  onRemove,
}: {
  readonly formula: FormulaState;
  readonly position: number;
  readonly onChange: (formula: FormulaState) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') event.currentTarget.blur();
  };
  return (
    <fieldset
      aria-label={`Formula ${position + 1}`}
      data-testid={`formula-${position}`}
      className="flex min-w-0 items-center gap-1.5 rounded-lg border border-line p-2"
    >
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-md bg-accent-soft text-xs font-semibold text-accent"
      >
        ƒ
      </span>
      <Input
        aria-label={`Formula ${position + 1}`}
        data-testid={`formula-text-${position}`}
        className="min-w-0 flex-1"
        placeholder="A / B"
        maxLength={1000}
        // Another formula at this place is another field.
        key={formula.expression}
        defaultValue={formula.expression}
        onKeyDown={onKeyDown}
        onBlur={({ target }) => {
          if (target.value !== formula.expression)
            onChange({ ...formula, expression: target.value });
        }}
      />
      <Input
        aria-label={`Name of formula ${position + 1}`}
        data-testid={`formula-name-${position}`}
        className="w-24!"
        placeholder="Name"
        maxLength={255}
        key={`name ${formula.name}`}
        defaultValue={formula.name}
        onKeyDown={onKeyDown}
        onBlur={({ target }) => {
          if (target.value !== formula.name) onChange({ ...formula, name: target.value });
        }}
      />
      <IconButton label={`Remove formula ${position + 1}`} onClick={onRemove}>
        <Trash2 size={14} />
      </IconButton>
    </fieldset>
  );
}
