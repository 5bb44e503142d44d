'use client';

import { CircleCheck } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo, useState, type ReactNode } from 'react';
import { ingestSourceSchema } from '@arbor/schema/ingest';
import { healthSpanSchema, type Refusal } from '@arbor/schema/ingestion-health';
import { DataTable, type Column } from '#components/data-table.tsx';
import { Sheet } from '#components/dialog.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Select } from '#components/select.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import type { Sort } from '#components/table-model.ts';
import { formatCount, formatNumber, noValue } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { useHealth } from '../api.ts';
import { sourceLabels, spanLabels } from '../health.ts';
import { refusalKey } from '../rejected.ts';
import { RefusedRecords } from './refused-records.tsx';

const spans = healthSpanSchema.options;
const sources = ['all', ...ingestSourceSchema.options] as const;

const parsers = {
  span: parseAsStringLiteral(spans).withDefault('day').withOptions({ history: 'push' }),
  source: parseAsStringLiteral(sources).withDefault('all').withOptions({ history: 'push' }),
  reason: parseAsString.withOptions({ history: 'push' }),
};

/** What was refused and why, most frequent first; each reason opens records it is true of. */
export function Rejected(): ReactNode {
  const [{ span, source, reason }, setState] = useQueryStates(parsers);
  const health = useHealth(span);
  const refusals = useMemo(
    () =>
      (health.data?.refusals ?? []).filter((each) => source === 'all' || each.source === source),
    [health.data, source],
  );
  const opened = health.data?.refusals.find((each) => refusalKey(each) === reason);
  const total = refusals.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2 md:px-5">
        <Segmented
          label="Time"
          testId="rejected-span"
          value={span}
          options={spans.map((value) => ({ value, label: spanLabels[value] }))}
          onChange={(next) => void setState({ span: next })}
        />
        <Select
          label="Source"
          testId="rejected-source"
          value={source}
          options={sources.map((value) => ({
            value,
            label: value === 'all' ? 'All sources' : sourceLabels[value],
          }))}
          onChange={(next) => void setState({ source: next })}
        />
        <output className="text-xs text-ink-2 tabular" data-testid="rejected-count">
          {health.data === undefined ? '' : formatCount(total, 'refused record')}
        </output>
      </div>
      {health.data === undefined ? (
        health.failure === null ? (
          <output className="grid content-start gap-3 px-4 py-4 md:px-5" aria-label="Loading">
            {Array.from({ length: 6 }, (_, row) => (
              <Skeleton key={row} className="h-5" />
            ))}
          </output>
        ) : (
          <FailureState failure={health.failure} onRetry={health.retry} />
        )
      ) : refusals.length === 0 ? (
        <StateMessage
          testId="rejected-empty"
          icon={<CircleCheck size={20} />}
          title="Nothing was refused"
        >
          Every record that came in this time was accepted.
        </StateMessage>
      ) : (
        <RefusalTable
          refusals={refusals}
          onOpen={(refusal) => void setState({ reason: refusalKey(refusal) })}
        />
      )}
      <Sheet
        side="right"
        testId="panel"
        title="Refused records"
        open={opened !== undefined}
        onOpenChange={(open) => {
          if (!open) void setState({ reason: null });
        }}
      >
        {opened === undefined ? null : <RefusedRecords refusal={opened} />}
      </Sheet>
    </div>
  );
}

function RefusalTable({
  refusals,
  onOpen,
}: {
  readonly refusals: readonly Refusal[];
  readonly onOpen: (refusal: Refusal) => void;
}): ReactNode {
  const [sort, setSort] = useState<Sort | null>(null);
  const columns: readonly Column<Refusal>[] = [
    {
      id: 'count',
      header: 'Records',
      numeric: true,
      width: 92,
      value: ({ count }) => count,
      cell: ({ count }) => formatNumber(count),
    },
    {
      id: 'reason',
      header: 'Reason',
      width: 440,
      value: ({ reason }) => reason,
      cell: (refusal) => (
        <button
          type="button"
          data-testid="rejected-row"
          title={refusal.reason}
          onClick={() => onOpen(refusal)}
          className="h-8 w-full text-left font-medium -outline-offset-2 truncate-line hover:text-accent"
        >
          {refusal.reason}
        </button>
      ),
    },
    {
      id: 'field',
      header: 'Field',
      width: 184,
      value: ({ field }) => field,
      cell: ({ field }) => <span title={field}>{field === '' ? noValue : field}</span>,
    },
    {
      id: 'source',
      header: 'Source',
      width: 200,
      value: ({ source }) => sourceLabels[source],
      cell: ({ source }) => sourceLabels[source],
    },
  ];
  return (
    <div className="min-h-0 flex-1 bg-surface">
      <DataTable
        label="Reasons"
        testId="rejected-table"
        columns={columns}
        rows={refusals}
        rowKey={refusalKey}
        sort={sort}
        onSort={setSort}
        fill
      />
    </div>
  );
}
