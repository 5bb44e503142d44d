'use client';

import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { compareChoices, compareValue } from '../compare.ts';
import type { InsightsState } from '../state.ts';

/** What the figures are held against: a time before, or other segments (`ux.md` 5.3). */
export function ComparePicker({
  state,
  onChange,
}: {
  readonly state: InsightsState;
  readonly onChange: (change: Partial<InsightsState>) => void;
}): ReactNode {
  const { compare, breakdowns } = state;
  const choices = compareChoices(compare, breakdowns.length > 0);
  useShortcut('x', 'Comparison on or off', () =>
    onChange({ compare: compare === null ? { type: 'past', period: 'previous_period' } : null }),
  );
  return (
    <Select
      label="Compare"
      testId="compare"
      className="max-w-56"
      value={compareValue(compare)}
      options={choices.map(({ value, label }) => ({ value, label }))}
      onChange={(next) => {
        const choice = choices.find(({ value }) => value === next);
        if (choice !== undefined) onChange({ compare: choice.state });
      }}
    />
  );
}
