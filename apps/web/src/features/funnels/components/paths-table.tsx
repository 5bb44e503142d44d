'use client';

import { useMemo, useState, type ReactNode } from 'react';
import { DataTable, type Column } from '#components/data-table.tsx';
import type { Sort } from '#components/table-model.ts';
import { csvFileName } from '#format/csv.ts';
import { formatCount, formatNumber, formatPercent } from '#format/number.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { DrillNumber } from '#report/drill-number.tsx';
import type { OpenDrill } from '#report/listed-number.ts';
import { Panel } from '#report/panel.tsx';
import { PathNames } from '#report/path-names.tsx';
import { rangeLabel } from '#report/range.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import type { FunnelView } from '../model.ts';
import { pathDrill, pathsCsv, type FunnelPathRow } from '../paths.ts';
import { countingNouns, reportTitle, type FunnelState } from '../state.ts';

export type PathsTableProps = {
  readonly asked: FunnelState;
  readonly view: FunnelView;
  readonly rows: readonly FunnelPathRow[];
  /** How many orders there are, of which `rows` are the most common. */
  readonly pathCount: number;
  readonly run: ReportRun;
  readonly onDrill: OpenDrill;
};

/** In which order the steps were done, the most common orders first. */
export function PathsTable(props: PathsTableProps): ReactNode {
  const { asked, view, rows, pathCount, run, onDrill } = props;
  const columns = useMemo(() => columnsOf(view, onDrill), [view, onDrill]);
  const [sort, setSort] = useState<Sort | null>(null);
  const shown = rows.length;
  return (
    <Panel
      faded={run.outdated}
      title={
        shown < pathCount
          ? `The ${formatNumber(shown)} most common of ${formatCount(pathCount, 'order')}`
          : formatCount(pathCount, 'order')
      }
      actions={
        <CsvButton
          fileName={csvFileName(`${reportTitle(asked)}, orders`, rangeLabel(asked.range))}
          rows={() => pathsCsv(rows)}
        />
      }
    >
      <DataTable
        label={`${reportTitle(asked)}, orders of steps`}
        testId="funnel-paths"
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        sort={sort}
        onSort={setSort}
      />
    </Panel>
  );
}

function columnsOf(view: FunnelView, onDrill: OpenDrill): Column<FunnelPathRow>[] {
  const [, many] = countingNouns[view.counting];
  return [
    {
      id: 'path',
      header: 'Order',
      width: 420,
      value: ({ names }) => names.join(' '),
      cell: ({ names }) => <PathNames names={names} />,
    },
    {
      id: 'count',
      header: many.slice(0, 1).toUpperCase() + many.slice(1),
      numeric: true,
      width: 96,
      value: ({ count }) => count,
      cell: (row) => (
        <DrillNumber
          target={() => pathDrill(row, view)}
          onDrill={onDrill}
          inRow
          testId="funnel-path-count"
          className="font-semibold"
        >
          {formatNumber(row.count)}
        </DrillNumber>
      ),
    },
    {
      id: 'share',
      header: 'Share',
      title: `Share of all ${many} that entered`,
      numeric: true,
      width: 88,
      value: ({ share }) => share,
      cell: ({ share }) => formatPercent(share),
    },
    {
      id: 'converted',
      header: 'Converted',
      width: 104,
      value: ({ converted }) => Number(converted),
      cell: ({ converted }) => (converted ? 'Yes' : 'No'),
    },
  ];
}
