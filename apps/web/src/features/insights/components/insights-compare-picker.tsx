'use client';

import type { ReactNode } from 'react';
import { ComparePicker, useCompareStart } from '#report/compare-picker.tsx';
import { compareChoices, compareValue, timeOf } from '../compare.ts';
import type { InsightsState } from '../state.ts';

/** What the figures are held against: a time before, or other segments (`ux.md` 5.3). */
export function InsightsComparePicker({
  state,
  onChange,
}: {
  readonly state: InsightsState;
  readonly onChange: (change: Partial<InsightsState>) => void;
}): ReactNode {
  const { compare, breakdowns, range } = state;
  return (
    <ComparePicker
      time={timeOf(compare)}
      value={compareValue(compare)}
      choices={compareChoices(compare, breakdowns.length > 0, useCompareStart(range))}
      onChange={(next) => onChange({ compare: next })}
    />
  );
}
