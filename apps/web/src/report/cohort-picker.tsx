'use client';

import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Combobox } from '#components/combobox.tsx';
import { useCohorts } from './cohorts.ts';

/** One of the saved cohorts. A link may name one that is gone: its id is shown then. */
export function CohortPicker({
  value,
  onChange,
  testId,
}: {
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
  readonly testId: string;
}): ReactNode {
  const { cohorts, loading } = useCohorts();
  const chosen = cohorts.find(({ id }) => id === value);
  return (
    <Combobox
      label="Cohort"
      placeholder="Search cohorts"
      options={cohorts.map(({ id, name }) => ({ value: id, label: name }))}
      loading={loading}
      isChosen={(id) => id === value}
      onSelect={onChange}
      emptyText="No cohort is saved yet"
      trigger={
        <Button size="sm" className="min-w-0 shrink" data-testid={testId}>
          <span className="truncate-line">{chosen?.name ?? value ?? 'Choose a cohort'}</span>
        </Button>
      }
    />
  );
}
