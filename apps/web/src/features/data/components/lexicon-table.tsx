'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { LexiconEntity } from '@arbor/schema/definitions';
import { useProject } from '#api/project-context.tsx';
import { mayManageData } from '#api/roles.ts';
import { IconButton } from '#components/button.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import type { Sort } from '#components/table-model.ts';
import { useToast } from '#components/toast.tsx';
import { dayText } from '#format/instant.ts';
import { formatNumber, noValue } from '#format/number.ts';
import { useDescribe } from '../api.ts';
import type { LexiconRow } from '../lexicon.ts';

export type LexiconTableProps = {
  readonly entity: LexiconEntity;
  readonly rows: readonly LexiconRow[];
  readonly onOpen: (row: LexiconRow) => void;
};

export function LexiconTable({ entity, rows, onOpen }: LexiconTableProps): ReactNode {
  const { role } = useProject();
  const [sort, setSort] = useState<Sort | null>(null);
  const mayChange = mayManageData(role);
  const columns = useMemo(
    (): readonly Column<LexiconRow>[] => [
      nameColumn(onOpen),
      ...(mayChange ? [hideColumn(entity)] : []),
      ...(entity === 'event' ? eventColumns : propertyColumns),
      descriptionColumn,
    ],
    [entity, onOpen, mayChange],
  );
  return (
    <div className="min-h-0 flex-1 bg-surface">
      <DataTable
        label="Lexicon"
        testId="lexicon-table"
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        sort={sort}
        onSort={setSort}
        fill
      />
    </div>
  );
}

function nameColumn(onOpen: (row: LexiconRow) => void): Column<LexiconRow> {
  return {
    id: 'name',
    header: 'Name',
    width: 216,
    pinned: true,
    value: ({ label }) => label,
    cell: (row) => (
      <button
        type="button"
        data-testid="lexicon-row"
        title={row.name}
        onClick={() => onOpen(row)}
        className="flex h-8 w-full items-center gap-2 text-left font-medium -outline-offset-2 hover:text-accent"
      >
        <span className="truncate-line">{row.label}</span>
        {row.entry.hidden ? (
          <span className="shrink-0 rounded-sm bg-sunken px-1 text-2xs font-normal text-ink-2">
            hidden
          </span>
        ) : null}
      </button>
    ),
  };
}

function hideColumn(entity: LexiconEntity): Column<LexiconRow> {
  return {
    id: 'hidden',
    header: 'Shown',
    width: 72,
    value: ({ entry }) => Number(entry.hidden),
    cell: (row) => <HideButton entity={entity} row={row} />,
  };
}

/** Takes effect at once, and is undone by the same button. */
function HideButton({
  entity,
  row: { label, entry },
}: {
  readonly entity: LexiconEntity;
  readonly row: LexiconRow;
}): ReactNode {
  const describe = useDescribe();
  const toast = useToast();
  const set = (hidden: boolean): void =>
    describe.mutate(
      { entity, entry: { ...entry, hidden } },
      {
        onSuccess: () => toast(`${label} is ${hidden ? 'hidden' : 'shown'}`),
        onError: (error) => toast(`${label} is as it was: ${error.message}`),
      },
    );
  return (
    <IconButton
      label={entry.hidden ? `Show ${label}` : `Hide ${label}`}
      data-testid="lexicon-hide"
      disabled={describe.isPending}
      onClick={() => set(!entry.hidden)}
    >
      {entry.hidden ? <EyeOff size={15} /> : <Eye size={15} />}
    </IconButton>
  );
}

function DayCell({ ms }: { readonly ms: number | null }): ReactNode {
  // Days of the data are those of UTC.
  return ms === null ? noValue : dayText(ms, 'UTC');
}

const number = (id: 'recent' | 'count', header: string, title: string): Column<LexiconRow> => ({
  id,
  header,
  title,
  numeric: true,
  width: 120,
  value: (row) => row[id],
  cell: (row) => formatNumber(row[id]),
});

const day = (id: 'firstMs' | 'lastMs', header: string): Column<LexiconRow> => ({
  id,
  header,
  title: `${header}: the day in UTC`,
  width: 116,
  value: (row) => row[id],
  cell: (row) => <DayCell ms={row[id]} />,
});

const eventColumns: readonly Column<LexiconRow>[] = [
  number('recent', 'Last 30 days', 'Events in the last 30 days'),
  number('count', 'All time', 'Events that are stored'),
  day('firstMs', 'First seen'),
  day('lastMs', 'Last seen'),
];

const propertyColumns: readonly Column<LexiconRow>[] = [
  number('count', 'All time', 'Events or users that have it'),
  {
    id: 'types',
    header: 'Types',
    title: 'Types of its values, the most frequent first',
    width: 148,
    value: ({ types }) => types.join(', '),
    cell: ({ types }) => (types.length === 0 ? noValue : types.join(', ')),
  },
];

const descriptionColumn: Column<LexiconRow> = {
  id: 'description',
  header: 'Description',
  width: 320,
  value: ({ entry }) => entry.description,
  cell: ({ entry }) => <span title={entry.description}>{entry.description}</span>,
};
