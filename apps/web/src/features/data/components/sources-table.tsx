'use client';

import { useMemo, useState, type ReactNode } from 'react';
import type { HealthSpan, IngestionHealth } from '@arbor/schema/ingestion-health';
import { useProject } from '#api/project-context.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import type { Sort } from '#components/table-model.ts';
import { dateTimeText } from '#format/instant.ts';
import { formatNumber, noValue } from '#format/number.ts';
import { Panel } from '#report/panel.tsx';
import { sourceLabels, spanLabels } from '../health.ts';

type Source = IngestionHealth['sources'][number];

/** Who sends: by endpoint and library. Of an hour the two hours of the clock that it touches. */
export function SourcesTable({
  sources,
  span,
}: {
  readonly sources: readonly Source[];
  readonly span: HealthSpan;
}): ReactNode {
  const { timezone } = useProject();
  const [sort, setSort] = useState<Sort | null>(null);
  const columns = useMemo(
    (): readonly Column<Source>[] => [
      {
        id: 'source',
        header: 'Source',
        width: 208,
        value: ({ source }) => sourceLabels[source],
        cell: ({ source }) => sourceLabels[source],
      },
      {
        id: 'library',
        header: 'Library',
        title: 'mp_lib of the events',
        width: 140,
        value: ({ library }) => library,
        cell: ({ library }) => (library === '' ? noValue : library),
      },
      {
        id: 'accepted',
        header: 'Accepted',
        numeric: true,
        width: 104,
        value: ({ accepted }) => accepted,
        cell: ({ accepted }) => formatNumber(accepted),
      },
      {
        id: 'last',
        header: 'Last record',
        width: 160,
        value: ({ lastMs }) => lastMs,
        cell: ({ lastMs }) => (lastMs === null ? noValue : dateTimeText(lastMs, timezone)),
      },
    ],
    [timezone],
  );
  const title =
    span === 'hour'
      ? 'Sources, this hour and the one before'
      : `Sources, ${spanLabels[span].toLowerCase()}`;
  return (
    <Panel title={title}>
      {sources.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-2" data-testid="health-sources-empty">
          Nothing has arrived in this time.
        </p>
      ) : (
        <DataTable
          label="Sources"
          testId="health-sources"
          columns={columns}
          rows={sources}
          rowKey={({ source, library }) => `${source} ${library}`}
          sort={sort}
          onSort={setSort}
        />
      )}
    </Panel>
  );
}
