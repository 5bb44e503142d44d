'use client';

import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { CohortFilterRow } from './cohort-filter-row.tsx';
import { FilterRow } from './filter-row.tsx';
import { PropertyPicker } from './property-picker.tsx';
import { isCohortFilter, newFilter, type ReportFilter } from './question.ts';

export type FilterListProps = {
  readonly filters: readonly ReportFilter[];
  readonly onChange: (filters: ReportFilter[]) => void;
  /** "filter" for those of the whole report, "metric-0-filter" for local ones. */
  readonly testId: string;
};

/** Filters that all must pass, and the buttons that add one: by a property, or by a cohort. */
export function FilterList({ filters, onChange, testId }: FilterListProps): ReactNode {
  return (
    <div className="grid gap-1.5">
      {filters.map((filter, index) => {
        const row = {
          testId: `${testId}-${index}`,
          onChange: (next: ReportFilter) => onChange(filters.with(index, next)),
          onRemove: () => onChange(filters.toSpliced(index, 1)),
        };
        // Filters have no identity of their own; a row keeps nothing but the text being typed.
        return isCohortFilter(filter) ? (
          // oxlint-disable-next-line react/no-array-index-key
          <CohortFilterRow key={`${index} cohort`} filter={filter} {...row} />
        ) : (
          <FilterRow
            // oxlint-disable-next-line react/no-array-index-key
            key={`${index} ${filter.property.scope} ${filter.property.name}`}
            filter={filter}
            {...row}
          />
        );
      })}
      <AddFilter testId={`${testId}-add`} onAdd={(filter) => onChange([...filters, filter])} />
    </div>
  );
}

function AddFilter({
  testId,
  onAdd,
}: {
  readonly testId: string;
  readonly onAdd: (filter: ReportFilter) => void;
}): ReactNode {
  return (
    <span className="flex flex-wrap items-center">
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
    </span>
  );
}
