'use client';

import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import { analysisChoices, analysisValue } from '../analysis.ts';
import type { InsightsState } from '../state.ts';

/** What happens to the values after they are measured: nothing, a mean of some buckets, a running sum. */
export function AnalysisPicker({
  state: { analysis },
  onChange,
}: {
  readonly state: InsightsState;
  readonly onChange: (change: Partial<InsightsState>) => void;
}): ReactNode {
  const choices = analysisChoices(analysis);
  return (
    <Select
      label="Analysis"
      testId="analysis"
      className="max-w-48"
      value={analysisValue(analysis)}
      options={choices.map(({ value, label }) => ({ value, label }))}
      onChange={(next) => {
        const choice = choices.find(({ value }) => value === next);
        if (choice !== undefined) onChange({ analysis: choice.analysis });
      }}
    />
  );
}
