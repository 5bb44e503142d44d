'use client';

import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { newEventCondition } from './behaviour-state.ts';
import { CombinationSelect } from './combination-select.tsx';
import { FilterEntryRow } from './filter-entry-row.tsx';
import { AddPlainFilter } from './plain-filter-row.tsx';
import { filterBlock, filtersOf, type FilterBlock, type ReportFilter } from './question.ts';

export type FilterListProps = {
  readonly filters: readonly ReportFilter[];
  readonly onChange: (filters: ReportFilter[]) => void;
  /** "filter" for those of the whole report, "metric-0-filter" for local ones. */
  readonly testId: string;
};

/** Filters of which all or any must pass, groups of such filters among them (`ux.md` 4.3), and the buttons that add one. */
export function FilterList({ filters, onChange, testId }: FilterListProps): ReactNode {
  const block = filterBlock(filters);
  const { entries } = block;
  const change = (next: Partial<FilterBlock>): void => onChange(filtersOf({ ...block, ...next }));
  return (
    <div className="grid gap-1.5">
      {entries.length < 2 ? null : (
        <CombinationSelect
          value={block.combination}
          testId={`${testId}-combination`}
          onChange={(combination) => change({ combination })}
        />
      )}
      {entries.map((entry, index) => (
        <FilterEntryRow
          // Filters have no identity of their own; a row keeps nothing but the text being typed.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index}`}
          entry={entry}
          testId={`${testId}-${index}`}
          onChange={(next) => change({ entries: entries.with(index, next) })}
          onRemove={() => change({ entries: entries.toSpliced(index, 1) })}
        />
      ))}
      <span className="flex flex-wrap items-center">
        <AddPlainFilter
          testId={`${testId}-add`}
          onAdd={(filter) => change({ entries: [...entries, filter] })}
        />
        <Button
          variant="ghost"
          size="sm"
          data-testid={`${testId}-add-behaviour`}
          onClick={() => change({ entries: [...entries, { behaviour: newEventCondition }] })}
        >
          <Plus size={14} /> Did
        </Button>
        {entries.length === 0 ? null : (
          <Button
            variant="ghost"
            size="sm"
            data-testid={`${testId}-add-group`}
            onClick={() =>
              change({
                entries: [
                  ...entries,
                  { group: block.combination === 'all' ? 'any' : 'all', filters: [] },
                ],
              })
            }
          >
            <Plus size={14} /> Group
          </Button>
        )}
      </span>
    </div>
  );
}
