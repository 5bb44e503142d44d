'use client';

import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import type { Combination } from './question.ts';

/** Whether all of the filters below must pass, or any of them. */
export function CombinationSelect({
  value,
  testId,
  onChange,
}: {
  readonly value: Combination;
  readonly testId: string;
  readonly onChange: (combination: Combination) => void;
}): ReactNode {
  return (
    <Select
      look="quiet"
      label="How filters are combined"
      testId={testId}
      className="justify-self-start"
      value={value}
      options={[
        { value: 'all', label: 'All of' },
        { value: 'any', label: 'Any of' },
      ]}
      onChange={onChange}
    />
  );
}
