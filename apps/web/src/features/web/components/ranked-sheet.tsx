'use client';

import { useState, type ReactNode } from 'react';
import { DataTable } from '#components/data-table.tsx';
import { Sheet } from '#components/dialog.tsx';
import { SearchField } from '#components/search-field.tsx';
import type { Sort } from '#components/table-model.ts';
import { csvFileName } from '#format/csv.ts';
import { formatNumber } from '#format/number.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { rankedCsv, type RankedRow } from '../model.ts';

/** The complete list, with search and file (UX-W2). */
export function RankedSheet({
  label,
  noun,
  rows,
  nameOf,
  onRow,
  onClose,
}: {
  readonly label: string;
  readonly noun: string;
  readonly rows: readonly RankedRow[];
  readonly nameOf: (name: string) => string;
  /** Undefined: its rows are no filters of the page. */
  readonly onRow: ((row: RankedRow) => void) | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort | null>(null);
  const wanted = search.trim().toLowerCase();
  const found = rows.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <Sheet
      side="right"
      open
      title={label}
      testId="panel"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex items-center gap-2 border-b border-line px-4 py-2">
          <SearchField
            label={`Search ${label.toLowerCase()}`}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <CsvButton fileName={csvFileName(label)} rows={() => rankedCsv(found, [label, noun])} />
        </div>
        <div className="min-h-0 flex-1">
          <DataTable
            label={label}
            testId="ranked-list"
            columns={[
              {
                id: 'name',
                header: label,
                width: 320,
                value: ({ name }) => name,
                cell: (row) =>
                  onRow === undefined ? (
                    nameOf(row.name)
                  ) : (
                    <button
                      type="button"
                      title={`Filter by ${row.name}`}
                      onClick={() => onRow(row)}
                      className="w-full text-left truncate-line hover:text-accent"
                    >
                      {nameOf(row.name)}
                    </button>
                  ),
              },
              {
                id: 'count',
                header: noun,
                width: 110,
                numeric: true,
                value: ({ count }) => count,
                cell: ({ count }) => formatNumber(count),
              },
            ]}
            rows={found}
            rowKey={({ key }) => key}
            sort={sort}
            onSort={setSort}
            fill
          />
        </div>
      </div>
    </Sheet>
  );
}
