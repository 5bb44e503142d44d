'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import type { CheckedRow, ImportMapping } from '@arbor/schema/imports';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { DataTable, type Column } from '#components/data-table.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { dateTimeText } from '#format/instant.ts';
import { formatCount, noValue } from '#format/number.ts';
import { valueText } from '#format/property-value.ts';
import { FailureState } from '#report/report-states.tsx';
import { describeFailure } from '#report/stream-query.ts';
import { previewRows } from '../import/import-run.ts';
import type { SourceRow } from '../import/source-rows.ts';

export type ImportPreviewProps = {
  readonly rows: readonly SourceRow[];
  readonly mapping: ImportMapping;
};

/** What the server would make of the first rows: nothing is stored. */
export function ImportPreview({ rows, mapping }: ImportPreviewProps): ReactNode {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const { id: projectId, timezone } = useProject();
  const sent = useMemo(() => previewRows(rows, { mapping, timezone }), [rows, mapping, timezone]);
  const query = useQuery({
    queryKey: [...trpc.imports.check.mutationKey(), projectId, sent],
    queryFn: () => api.imports.check.mutate({ projectId, rows: sent }),
    enabled: sent.length > 0,
    placeholderData: keepPreviousData,
  });
  if (query.error !== null) {
    return (
      <FailureState failure={describeFailure(query.error)} onRetry={() => void query.refetch()} />
    );
  }
  if (query.data === undefined) return <Skeleton className="h-48" />;
  return <PreviewTable rows={query.data} />;
}

function PreviewTable({ rows }: { readonly rows: readonly CheckedRow[] }): ReactNode {
  const { timezone } = useProject();
  const refused = rows.filter(({ problem }) => problem !== null).length;
  const columns = useMemo(() => columnsOf(timezone), [timezone]);
  return (
    <section className="grid gap-2">
      <p className="text-xs text-ink-2" data-testid="import-preview-count">
        Of the first {formatCount(rows.length, 'row')}{' '}
        {refused === 0 ? 'all would be taken' : `${refused} would be refused`}.
      </p>
      <div className="overflow-hidden rounded-md border border-line">
        <DataTable
          label="First rows"
          testId="import-preview"
          columns={columns}
          rows={rows}
          rowKey={({ line }) => String(line)}
          sort={null}
          onSort={() => undefined}
          presorted
        />
      </div>
    </section>
  );
}

function columnsOf(timezone: string): readonly Column<CheckedRow>[] {
  const properties = ({ event }: CheckedRow): string =>
    Object.entries(event?.properties ?? {})
      .map(([name, value]) => `${name}: ${valueText(value)}`)
      .join(', ');
  return [
    {
      id: 'line',
      header: 'Line',
      numeric: true,
      width: 64,
      value: ({ line }) => line,
      cell: ({ line }) => line,
    },
    {
      id: 'event',
      header: 'Event',
      width: 180,
      value: ({ event }) => event?.event ?? null,
      cell: ({ event, problem }) =>
        problem === null ? (
          <span title={event?.event}>{event?.event}</span>
        ) : (
          <span className="text-danger">refused</span>
        ),
    },
    {
      id: 'time',
      header: `Time (${timezone})`,
      width: 176,
      value: ({ event }) => event?.timeMs ?? null,
      cell: ({ event }) => (event === null ? noValue : dateTimeText(event.timeMs, timezone)),
    },
    {
      id: 'user',
      header: 'User',
      width: 160,
      value: ({ event }) => event?.distinctId ?? null,
      cell: ({ event }) => <span title={event?.distinctId}>{event?.distinctId ?? noValue}</span>,
    },
    {
      id: 'properties',
      header: 'Properties, or why it is refused',
      width: 420,
      value: properties,
      cell: (row) =>
        row.problem === null ? (
          <span title={properties(row)}>{properties(row)}</span>
        ) : (
          <span className="text-danger" title={row.problem.reason}>
            {row.problem.reason}
          </span>
        ),
    },
  ];
}
