'use client';

import { ChevronRight } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { DataTable, type Column } from '#components/data-table.tsx';
import type { Sort } from '#components/table-model.ts';
import {
  changeOf,
  changeText,
  formatNumber,
  formatPercent,
  rateChangeText,
} from '#format/number.ts';
import { cellText, overallKey, type RetentionView, type TableView } from '../model.ts';
import type { Shown } from '../state.ts';

export type SegmentTableProps = {
  readonly view: RetentionView;
  readonly shown: Shown;
  readonly onOpen: (key: string) => void;
};

/** One averaged row a segment; opening one shows its cohorts (UX-RE10). */
export function SegmentTable({ view, shown, onOpen }: SegmentTableProps): ReactNode {
  const [sort, setSort] = useState<Sort | null>(null);
  const rows = useMemo(() => [view.overall, ...view.segments], [view]);
  const columns = useMemo(() => columnsOf(view, shown, onOpen), [view, shown, onOpen]);
  return (
    <DataTable
      label="Retention by segment"
      testId="retention-table"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      isPinnedRow={isOverall}
      sort={sort}
      onSort={setSort}
    />
  );
}

function isOverall(row: TableView): boolean {
  return row.key === overallKey;
}

function columnsOf(
  view: RetentionView,
  shown: Shown,
  onOpen: (key: string) => void,
): readonly Column<TableView>[] {
  const valueOf = (row: TableView, n: number): number | null =>
    (shown === 'users' ? row.averageCounts[n] : row.averageRates[n]) ?? null;
  return [
    {
      id: 'segment',
      header: 'Segment',
      pinned: true,
      width: 208,
      value: (row) => row.name,
      cell: (row) =>
        isOverall(row) ? (
          row.name
        ) : (
          <button
            type="button"
            onClick={() => onOpen(row.key)}
            title={`Cohorts of ${row.name}`}
            className="flex w-full items-center gap-2 text-left hover:text-accent"
          >
            <span className="size-2.5 shrink-0 rounded-sm" style={{ background: row.colour }} />
            <span className="flex-1 truncate-line">{row.name}</span>
            <ChevronRight size={14} className="text-ink-3" aria-hidden />
          </button>
        ),
    },
    {
      id: 'size',
      header: 'Users',
      title: 'Weighted size of a cohort',
      numeric: true,
      width: 96,
      value: (row) => row.size,
      cell: (row) => formatNumber(row.size),
    },
    ...view.intervals.map((header, n): Column<TableView> => ({
      id: `interval ${n}`,
      header,
      numeric: true,
      width: view.overall.past === null ? 88 : 152,
      value: (row) => valueOf(row, n),
      cell: (row) =>
        row.past === null ? (
          cellText(
            { rate: row.averageRates[n] ?? null, count: row.averageCounts[n] ?? null },
            shown,
          )
        ) : (
          <Compared
            value={valueOf(row, n)}
            before={
              (shown === 'users' ? row.past.averageCounts[n] : row.past.averageRates[n]) ?? null
            }
            ofRates={shown !== 'users'}
          />
        ),
    })),
  ];
}

/** A value with what it was before; how much it changed is said on top of the pointer, and to who listens. */
function Compared({
  value,
  before,
  ofRates,
}: {
  readonly value: number | null;
  readonly before: number | null;
  readonly ofRates: boolean;
}): ReactNode {
  const format = ofRates ? formatPercent : formatNumber;
  const change = ofRates ? rateChangeText(value, before) : changeText(changeOf(value, before));
  return (
    <span className="whitespace-nowrap" title={`before ${format(before)}, ${change}`}>
      {format(value)}
      <span className="text-xs text-ink-3">
        <span className="sr-only">, before</span> {format(before)}
        <span className="sr-only">, {change}</span>
      </span>
    </span>
  );
}
