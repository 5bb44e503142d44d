'use client';

import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { FilterRow } from './filter-row.tsx';
import { PropertyPicker } from './property-picker.tsx';
import { newFilter, type FilterState } from './question.ts';

export type FilterListProps = {
  readonly filters: readonly FilterState[];
  readonly onChange: (filters: FilterState[]) => void;
  /** "filter" for those of the whole report, "metric-0-filter" for local ones. */
  readonly testId: string;
};

/** Filters that all must pass, and the button that adds one. */
export function FilterList({ filters, onChange, testId }: FilterListProps): ReactNode {
  return (
    <div className="grid gap-1.5">
      {filters.map((filter, index) => (
        <FilterRow
          // Filters have no identity of their own; a row keeps nothing but the text being typed.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index} ${filter.property.scope} ${filter.property.name}`}
          filter={filter}
          testId={`${testId}-${index}`}
          onChange={(next) => onChange(filters.with(index, next))}
          onRemove={() => onChange(filters.toSpliced(index, 1))}
        />
      ))}
      <AddFilter testId={`${testId}-add`} onAdd={(filter) => onChange([...filters, filter])} />
    </div>
  );
}

export function AddFilter({
  testId,
  onAdd,
}: {
  readonly testId: string;
  readonly onAdd: (filter: FilterState) => void;
}): ReactNode {
  return (
    <PropertyPicker
      label="Property to filter by"
      onSelect={(property) => onAdd(newFilter(property))}
      trigger={
        <Button variant="ghost" size="sm" className="justify-self-start" data-testid={testId}>
          <Plus size={14} /> Filter
        </Button>
      }
    />
  );
}
