'use client';

import { useMemo, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { Button } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { csvFileName } from '#format/csv.ts';
import {
  changeOf,
  changeText,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  noValue,
  pointsOf,
  rateChangeText,
} from '#format/number.ts';
import { breakdownsLabel } from '#report/breakdown.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { DrillNumber } from '#report/drill-number.tsx';
import type { OpenDrill } from '#report/listed-number.ts';
import { Panel } from '#report/panel.tsx';
import { rangeLabel } from '#report/range.ts';
import { segmentName } from '#report/segment.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import { funnelDrill } from '../drill.ts';
import { drawnMax, funnelCsv, type FunnelRow, type FunnelView } from '../model.ts';
import { countingNouns, reportTitle, type FunnelState } from '../state.ts';

export type FunnelTableProps = {
  readonly state: FunnelState;
  readonly view: FunnelView;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<FunnelState>) => void;
  readonly onDrill: OpenDrill;
};

export function FunnelTable(props: FunnelTableProps): ReactNode {
  const { state, view, run, onChange, onDrill } = props;
  const columns = useMemo(
    () =>
      columnsOf({
        state,
        view,
        onDrill,
        toggle: (row) =>
          onChange({
            selected: row.drawn
              ? view.drawn.filter((other) => other !== row).map((other) => other.key)
              : [...view.drawn, row].map((other) => other.key),
          }),
      }),
    [state, view, onChange, onDrill],
  );
  const segmented = view.rows.length > 1;
  return (
    <Panel
      faded={run.outdated}
      title={
        segmented
          ? `Showing ${view.drawn.length} of ${formatCount(view.segmentCount, 'segment')}, ${drawnMax} at most side by side`
          : view.overall.name
      }
      actions={
        <>
          {state.control === null ? null : (
            <Button
              size="sm"
              data-testid="funnel-control"
              onClick={() => onChange({ control: null })}
            >
              Against {segmentName(state.control)} <X size={14} aria-label="hold against all" />
            </Button>
          )}
          <CsvButton
            fileName={csvFileName(reportTitle(state), rangeLabel(state.range))}
            rows={() => funnelCsv(view)}
          />
        </>
      }
    >
      <DataTable
        label={`${reportTitle(state)}, table`}
        testId="report-table"
        columns={columns}
        rows={view.rows}
        rowKey={(row) => row.key}
        isPinnedRow={isOverall}
        sort={state.sort}
        onSort={(sort) => onChange({ sort })}
      />
    </Panel>
  );
}

function isOverall(row: FunnelRow): boolean {
  return row.segment === null;
}

type ColumnParts = Pick<FunnelTableProps, 'state' | 'view' | 'onDrill'> & {
  readonly toggle: (row: FunnelRow) => void;
};

function columnsOf(parts: ColumnParts): readonly Column<FunnelRow>[] {
  const { state, view, toggle } = parts;
  return [
    {
      id: 'segment',
      header: breakdownsLabel(state.breakdowns) ?? 'Segment',
      pinned: true,
      width: 200,
      value: (row) => row.name,
      cell: (row) => (
        <span className="flex items-center gap-2" title={row.name}>
          {isOverall(row) ? null : (
            <Checkbox
              label={`Draw ${row.name}`}
              checked={row.drawn}
              colour={row.colour}
              onChange={() => toggle(row)}
            />
          )}
          <span className="truncate-line">{row.name}</span>
        </span>
      ),
    },
    {
      id: 'conversion',
      header: 'Conversion',
      title: 'Share of those who entered that took the last step',
      numeric: true,
      width: 104,
      value: (row) => row.conversion,
      cell: (row) => formatPercent(row.conversion),
    },
    ...(view.compared ? pastColumns : []),
    ...(view.rows.length > 1 ? [confidenceColumn(state)] : []),
    ...view.stepNames.flatMap((name, index) => stepColumns(parts, name, index)),
  ];
}

/** The conversion over the time before, and how it changed since. */
const pastColumns: readonly Column<FunnelRow>[] = [
  {
    id: 'before',
    header: 'Before',
    title: 'Conversion over the time that the report is compared with',
    numeric: true,
    width: 96,
    value: (row) => row.past?.conversion ?? null,
    cell: (row) => formatPercent(row.past?.conversion ?? null),
  },
  {
    id: 'change',
    header: 'Change',
    title: 'Of the conversion: in percentage points, and in percent of what it was',
    numeric: true,
    width: 200,
    value: (row) => pointsOf(row.conversion, row.past?.conversion ?? null),
    cell: (row) => rateChangeText(row.conversion, row.past?.conversion ?? null),
  },
];

/** How sure it is that a segment converts otherwise than what it is held against (UX-FU11). */
function confidenceColumn({ control }: FunnelState): Column<FunnelRow> {
  const against = control === null ? 'the whole funnel' : segmentName(control);
  return {
    id: 'confidence',
    header: 'Confidence',
    title: `That its conversion differs from ${against}: hypergeometric test, nothing below 30 entries, not corrected for many comparisons`,
    numeric: true,
    width: 132,
    value: (row) => row.confidence,
    cell: (row) =>
      row.confidence === null
        ? noValue
        : `${formatPercent(row.confidence)}${row.isSignificant ? ' ✓' : ''}`,
  };
}

/** How many reached the step before, beside how many do now. */
function Before({ row, index }: { readonly row: FunnelRow; readonly index: number }): ReactNode {
  const before = row.past?.steps[index]?.count ?? null;
  const change = changeText(changeOf(row.steps[index]?.count ?? null, before));
  return (
    <span className="text-xs text-ink-3" title={`before ${formatNumber(before)}, ${change}`}>
      <span className="sr-only">, before</span> {formatNumber(before)}
      <span className="sr-only">, {change}</span>
    </span>
  );
}

function stepColumns(
  { view, onDrill }: ColumnParts,
  name: string,
  index: number,
): readonly Column<FunnelRow>[] {
  const [, many] = countingNouns[view.counting];
  const users: Column<FunnelRow> = {
    id: `users ${index}`,
    header: `${index + 1} ${name}`,
    title: `${many} that reached step ${index + 1}, ${name}`,
    numeric: true,
    width: view.compared ? 176 : 140,
    value: (row) => row.steps[index]?.count ?? null,
    cell: (row) => {
      const target = funnelDrill(view, row, index, 'reached');
      return (
        <>
          <DrillNumber
            target={target === null ? null : () => target}
            inRow={index > 0}
            onDrill={onDrill}
          >
            {formatNumber(row.steps[index]?.count ?? null)}
          </DrillNumber>
          {view.compared ? <Before row={row} index={index} /> : null}
        </>
      );
    },
  };
  if (index === 0) return [users];
  return [
    users,
    {
      id: `rate ${index}`,
      header: 'of step before',
      title: `Share of step ${index} that reached step ${index + 1}`,
      numeric: true,
      width: 112,
      value: (row) => row.steps[index]?.ofPrevious ?? null,
      cell: (row) => formatPercent(row.steps[index]?.ofPrevious ?? null),
    },
    {
      id: `median ${index}`,
      header: 'median time',
      title: `Median time from step ${index} to step ${index + 1}`,
      numeric: true,
      width: 112,
      value: (row) => row.steps[index]?.medianFromPreviousMs ?? null,
      cell: (row) => formatDuration(row.steps[index]?.medianFromPreviousMs ?? null),
    },
  ];
}
