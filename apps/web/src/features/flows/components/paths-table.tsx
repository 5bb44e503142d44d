'use client';

import { ChevronRight, Filter } from 'lucide-react';
import Link from 'next/link';
import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { Tooltip } from '#components/tooltip.tsx';
import { csvFileName } from '#format/csv.ts';
import { formatCount, formatNumber, formatPercent } from '#format/number.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { Panel } from '#report/panel.tsx';
import { rangeLabel } from '#report/range.ts';
import { encodeState } from '#report/url-state.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import { pathsCsv, type FlowView, type PathRow } from '../model.ts';
import { countingNouns, funnelOf, reportTitle, type FlowState } from '../state.ts';

export type PathsTableProps = {
  readonly state: FlowState;
  readonly asked: FlowState;
  readonly view: FlowView;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<FlowState>) => void;
};

/** Whole sequences of events, the most common first (UX-FL5). */
export function PathsTable({ state, asked, view, run, onChange }: PathsTableProps): ReactNode {
  const { id } = useProject();
  const columns = useMemo(() => columnsOf(asked, view, id), [asked, view, id]);
  const shown = view.paths.length;
  return (
    <Panel
      faded={run.outdated}
      title={
        shown < view.pathCount
          ? `The ${formatNumber(shown)} most common of ${formatCount(view.pathCount, 'path')}`
          : formatCount(view.pathCount, 'path')
      }
      actions={
        <CsvButton
          fileName={csvFileName(reportTitle(asked), rangeLabel(asked.range))}
          rows={() => pathsCsv(view)}
        />
      }
    >
      <DataTable
        label={`${reportTitle(state)}, paths`}
        testId="report-table"
        columns={columns}
        rows={view.paths}
        rowKey={({ key }) => key}
        sort={state.sort}
        onSort={(sort) => onChange({ sort })}
      />
    </Panel>
  );
}

const stepWidth = 150;

function columnsOf(asked: FlowState, view: FlowView, projectId: number): Column<PathRow>[] {
  const [, many] = countingNouns[asked.counting];
  const longest = Math.max(1, ...view.paths.map(({ names }) => names.length));
  const path: Column<PathRow> = {
    id: 'path',
    header: 'Path',
    width: Math.min(6, longest) * stepWidth,
    value: ({ names }) => names.join(' '),
    cell: ({ names }) => <PathNames names={names} />,
  };
  const share: Column<PathRow> = {
    id: 'share',
    header: 'Share',
    title: `Share of all ${many} of the flow`,
    numeric: true,
    width: 88,
    value: (row) => row.share,
    cell: (row) => formatPercent(row.share),
  };
  const converted: Column<PathRow> = {
    id: 'converted',
    header: 'Reached the end',
    title: 'Of these, who reached the last event',
    numeric: true,
    width: 136,
    value: (row) => row.converted,
    cell: (row) => formatNumber(row.converted),
  };
  return [
    {
      id: 'count',
      header: many.slice(0, 1).toUpperCase() + many.slice(1),
      numeric: true,
      pinned: true,
      width: 96,
      value: ({ count }) => count,
      cell: ({ count }) => <b className="font-semibold">{formatNumber(count)}</b>,
    },
    share,
    ...(view.converted === null ? [] : [converted]),
    {
      id: 'funnel',
      header: 'Funnel',
      width: 80,
      value: ({ events }) => events.length,
      cell: ({ events }) => <FunnelLink asked={asked} events={events} projectId={projectId} />,
    },
    path,
  ];
}

function PathNames({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <span className="flex items-center gap-1" title={names.join(' → ')}>
      {names.map((name, index) => (
        // The same event may be several steps.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index} className="flex min-w-0 items-center gap-1">
          {index === 0 ? null : (
            <ChevronRight size={12} className="shrink-0 text-ink-3" aria-hidden />
          )}
          <span className="truncate-line">{name}</span>
        </span>
      ))}
    </span>
  );
}

/** The events of a path as steps of a funnel, which has two at least. */
function FunnelLink({
  asked,
  events,
  projectId,
}: {
  readonly asked: FlowState;
  readonly events: readonly string[];
  readonly projectId: number;
}): ReactNode {
  if (events.length < 2) return null;
  const query = encodeURIComponent(encodeState(funnelOf(asked, events)));
  return (
    <Tooltip label="Open as a funnel">
      <Link
        href={`/p/${projectId}/funnels?q=${query}`}
        prefetch={false}
        aria-label={`Open ${events.join(', ')} as a funnel`}
        data-testid="path-funnel"
        className="inline-grid size-6 place-items-center rounded-sm text-ink-2 hover:bg-hover hover:text-ink"
      >
        <Filter size={14} aria-hidden />
      </Link>
    </Tooltip>
  );
}
