'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Select } from '#components/select.tsx';
import { CohortPicker } from './cohort-picker.tsx';
import { useCohortName } from './cohorts.ts';
import type { CohortFilterState } from './filter-state.ts';
import { isComplete } from './question.ts';

/** Whether users are in a cohort, as it is now. Marked while none is chosen: then it is not part of the query. */
export function CohortFilterRow({
  filter,
  onChange,
  onRemove,
  testId,
}: {
  readonly filter: CohortFilterState;
  readonly onChange: (filter: CohortFilterState) => void;
  readonly onRemove: () => void;
  readonly testId: string;
}): ReactNode {
  const nameOf = useCohortName();
  const { operator, id } = filter.cohort;
  const complete = isComplete(filter);
  const words = `${operator === 'in' ? 'in' : 'not in'} cohort ${id === undefined ? '' : nameOf(id)}`;
  return (
    <fieldset
      aria-label={`Filter: ${words.trim()}${complete ? '' : ', incomplete'}`}
      data-testid={testId}
      className={classNames(
        'flex min-w-0 flex-wrap items-center gap-1 rounded-md border bg-sunken p-1.5',
        complete ? 'border-transparent' : 'border-warning/50',
      )}
    >
      <Select
        look="quiet"
        label="In or not in"
        testId={`${testId}-operator`}
        value={operator}
        options={[
          { value: 'in', label: 'In cohort' },
          { value: 'not_in', label: 'Not in cohort' },
        ]}
        onChange={(next) => onChange({ cohort: { ...filter.cohort, operator: next } })}
      />
      <CohortPicker
        value={id}
        testId={`${testId}-cohort`}
        onChange={(next) => onChange({ cohort: { operator, id: next } })}
      />
      <span className="flex-1" />
      <IconButton label="Remove filter" onClick={onRemove}>
        <X size={14} />
      </IconButton>
    </fieldset>
  );
}
