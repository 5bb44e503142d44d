'use client';

import { useMemo, useState, type ReactNode } from 'react';
import type { SavedImport } from '@arbor/schema/imports';
import { useProject } from '#api/project-context.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import type { Sort } from '#components/table-model.ts';
import { dateTimeText } from '#format/instant.ts';
import { formatNumber } from '#format/number.ts';
import { Panel } from '#report/panel.tsx';
import { FailureState } from '#report/report-states.tsx';
import { useImports } from '../api.ts';

const stateTexts: Readonly<Record<SavedImport['state'], string>> = {
  open: 'Not finished',
  done: 'Done',
  cancelled: 'Cancelled',
};

/** What was brought in before. */
export function ImportsTable(): ReactNode {
  const { data, failure, retry } = useImports();
  const { timezone } = useProject();
  const [sort, setSort] = useState<Sort | null>(null);
  const columns = useMemo(() => columnsOf(timezone), [timezone]);
  const isOpen = data?.some(({ state }) => state === 'open') === true;
  return (
    <Panel title="Imports">
      {data === undefined ? (
        failure === null ? (
          <Skeleton className="m-4 h-16" />
        ) : (
          <FailureState failure={failure} onRetry={retry} />
        )
      ) : data.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-2" data-testid="imports-empty">
          No file was brought in yet.
        </p>
      ) : (
        <>
          <DataTable
            label="Imports"
            testId="imports-table"
            columns={columns}
            rows={data}
            rowKey={({ id }) => String(id)}
            sort={sort}
            onSort={setSort}
          />
          {isOpen ? (
            <p className="border-t border-line px-4 py-2 text-xs text-ink-2">
              An import that is not finished goes on when the same file is chosen again, with the
              same columns.
            </p>
          ) : null}
        </>
      )}
    </Panel>
  );
}

function columnsOf(timezone: string): readonly Column<SavedImport>[] {
  const reasons = (saved: SavedImport): string =>
    saved.reasons.map(({ reason, count }) => `${formatNumber(count)}: ${reason}`).join('\n');
  const number = (id: 'nextRow' | 'accepted' | 'refused', header: string): Column<SavedImport> => ({
    id,
    header,
    numeric: true,
    width: 96,
    value: (saved) => saved[id],
    cell: (saved) => (
      <span title={id === 'refused' ? reasons(saved) : undefined}>{formatNumber(saved[id])}</span>
    ),
  });
  return [
    {
      id: 'file',
      header: 'File',
      width: 224,
      value: ({ fileName }) => fileName,
      cell: ({ fileName }) => <span title={fileName}>{fileName}</span>,
    },
    {
      id: 'state',
      header: 'State',
      width: 108,
      value: ({ state }) => state,
      cell: ({ state }) => <span data-testid="import-row-state">{stateTexts[state]}</span>,
    },
    number('nextRow', 'Rows'),
    number('accepted', 'Taken'),
    number('refused', 'Refused'),
    {
      id: 'begun',
      header: 'Begun',
      width: 160,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => dateTimeText(Date.parse(createdAt), timezone),
    },
    {
      id: 'by',
      header: 'By',
      width: 180,
      value: ({ createdBy }) => createdBy,
      cell: ({ createdBy }) => createdBy,
    },
  ];
}
