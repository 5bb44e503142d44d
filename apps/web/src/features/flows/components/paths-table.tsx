'use client';

import { Filter } from 'lucide-react';
import Link from 'next/link';
import { useMemo, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { Tooltip } from '#components/tooltip.tsx';
import { csvFileName } from '#format/csv.ts';
import { formatCount, formatNumber, formatPercent } from '#format/number.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { DrillNumber } from '#report/drill-number.tsx';
import type { OpenDrill } from '#report/listed-number.ts';
import { Panel } from '#report/panel.tsx';
import { PathNames } from '#report/path-names.tsx';
import { rangeLabel } from '#report/range.ts';
import { encodeState } from '#report/url-state.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import { pathDrill, type PathOutcome } from '../drill.ts';
import { pathsCsv, type FlowView, type PathRow } from '../model.ts';
import { countingNouns, funnelOf, reportTitle, type FlowState } from '../state.ts';

export type PathsTableProps = {
  readonly state: FlowState;
  readonly asked: FlowState;
  readonly view: FlowView;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<FlowState>) => void;
  readonly onDrill: OpenDrill;
};

/** Whole sequences of events, the most common first (UX-FL5). */
export function PathsTable({
  state,
  asked,
  view,
  run,
  onChange,
  onDrill,
}: PathsTableProps): ReactNode {
  const { id } = useProject();
  const columns = useMemo(() => columnsOf(asked, view, id, onDrill), [asked, view, id, onDrill]);
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

function columnsOf(
  asked: FlowState,
  view: FlowView,
  projectId: number,
  onDrill: OpenDrill,
): Column<PathRow>[] {
  const drillOf = (row: PathRow, outcome: PathOutcome) => pathDrill(row, outcome, { view, asked });
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
    cell: (row) => (
      <DrillNumber target={drillOf(row, 'converted')} onDrill={onDrill} inRow>
        {formatNumber(row.converted)}
      </DrillNumber>
    ),
  };
  return [
    {
      id: 'count',
      header: many.slice(0, 1).toUpperCase() + many.slice(1),
      numeric: true,
      pinned: true,
      width: 96,
      value: ({ count }) => count,
      cell: (row) => (
        <DrillNumber
          target={drillOf(row, 'whole')}
          onDrill={onDrill}
          inRow
          testId="path-count"
          className="font-semibold"
        >
          {formatNumber(row.count)}
        </DrillNumber>
      ),
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
