'use client';

import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import type { PlainFilter } from './behaviour-state.ts';
import { CohortFilterRow } from './cohort-filter-row.tsx';
import { FilterRow } from './filter-row.tsx';
import { newFilter } from './filter-state.ts';
import { PropertyPicker } from './property-picker.tsx';

type RowProps = {
  readonly filter: PlainFilter;
  readonly testId: string;
  readonly onChange: (filter: PlainFilter) => void;
  readonly onRemove: () => void;
};

/** A filter by a property or by a cohort. */
export function PlainFilterRow({ filter, ...row }: RowProps): ReactNode {
  if ('cohort' in filter) return <CohortFilterRow filter={filter} {...row} />;
  const { scope, name } = filter.property;
  return <FilterRow key={`${scope} ${name}`} filter={filter} {...row} />;
}

/** The buttons that add one. */
export function AddPlainFilter({
  testId,
  onAdd,
}: {
  readonly testId: string;
  readonly onAdd: (filter: PlainFilter) => void;
}): ReactNode {
  return (
    <>
      <PropertyPicker
        label="Property to filter by"
        onSelect={(property) => onAdd(newFilter(property))}
        trigger={
          <Button variant="ghost" size="sm" data-testid={testId}>
            <Plus size={14} /> Filter
          </Button>
        }
      />
      <Button
        variant="ghost"
        size="sm"
        data-testid={`${testId}-cohort`}
        onClick={() => onAdd({ cohort: { operator: 'in' } })}
      >
        <Plus size={14} /> Cohort
      </Button>
    </>
  );
}

/** Filters that all must pass: of what users did. */
export function PlainFilterList({
  filters,
  onChange,
  testId,
}: {
  readonly filters: readonly PlainFilter[];
  readonly onChange: (filters: PlainFilter[]) => void;
  readonly testId: string;
}): ReactNode {
  return (
    <div className="grid gap-1.5">
      {filters.map((filter, index) => (
        <PlainFilterRow
          // Filters have no identity of their own; a row keeps nothing but the text being typed.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index}`}
          filter={filter}
          testId={`${testId}-${index}`}
          onChange={(next) => onChange(filters.with(index, next))}
          onRemove={() => onChange(filters.toSpliced(index, 1))}
        />
      ))}
      <span className="flex flex-wrap items-center">
        <AddPlainFilter
          testId={`${testId}-add`}
          onAdd={(filter) => onChange([...filters, filter])}
        />
      </span>
    </div>
  );
}
