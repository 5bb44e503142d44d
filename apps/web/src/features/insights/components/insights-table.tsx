'use client';

import { useMemo, useState, type ReactNode } from 'react';
import { Checkbox } from '#components/checkbox.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { SearchField } from '#components/search-field.tsx';
import { csvFileName } from '#format/csv.ts';
import { changeOf, changeText, formatCount, formatNumber } from '#format/number.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { DrillNumber } from '#report/drill-number.tsx';
import type { OpenDrill } from '#report/listed-number.ts';
import { Panel } from '#report/panel.tsx';
import { rangeLabel } from '#report/range.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import { insightsDrill } from '../drill.ts';
import { formatOf, foundRows, insightsCsv, type InsightsView, type SeriesView } from '../model.ts';
import { reportTitle, type InsightsState } from '../state.ts';
import { SegmentNotice } from './insights-chart.tsx';

export type InsightsTableProps = {
  readonly state: InsightsState;
  readonly view: InsightsView;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<InsightsState>) => void;
  readonly onDrill: OpenDrill;
};

export function InsightsTable(props: InsightsTableProps): ReactNode {
  const { state, view, run, onChange, onDrill } = props;
  const toggle = useMemo(
    () => (row: SeriesView) =>
      onChange({
        selected: row.drawn
          ? view.rows.filter((other) => other.drawn && other !== row).map((other) => other.key)
          : view.rows.filter((other) => other.drawn || other === row).map((other) => other.key),
      }),
    [view, onChange],
  );
  const numberOf = useMemo(
    () =>
      function Value(row: SeriesView, bucket: number | null, compared: boolean): ReactNode {
        const numbers = compared ? row.past : row;
        const value = (bucket === null ? numbers?.total : numbers?.values[bucket]) ?? null;
        const target = insightsDrill({ view, row, bucket, compared }, state);
        return (
          <DrillNumber
            target={target === null ? null : () => target}
            inRow={bucket !== null}
            onDrill={onDrill}
          >
            {formatOf(view)(value)}
          </DrillNumber>
        );
      },
    [view, state, onDrill],
  );
  const [search, setSearch] = useState('');
  const rows = useMemo(() => foundRows(view, search), [view, search]);
  const columns = useMemo(
    () => columnsOf({ state, view, toggle, numberOf }),
    [state, view, toggle, numberOf],
  );
  return (
    <Panel
      faded={run.outdated}
      title={
        view.hasSegments ? (
          <SegmentNotice view={view} onChange={onChange} />
        ) : (
          formatCount(view.rows.length, 'row')
        )
      }
      actions={
        <>
          {view.hasSegments ? (
            <SearchField
              label="Search segments"
              data-testid="table-search"
              className="w-44"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          ) : null}
          <CsvButton
            fileName={csvFileName(reportTitle(state), rangeLabel(state.range))}
            rows={() => insightsCsv(view)}
          />
        </>
      }
    >
      <DataTable
        label={`${reportTitle(state)}, table`}
        testId="report-table"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.key}
        isPinnedRow={isOverall(view)}
        sort={state.sort}
        onSort={(sort) => onChange({ sort })}
      />
    </Panel>
  );
}

/** Rows of several metrics or formulas must say of which they are. */
function hasSeveral({ metrics, formulas }: InsightsState): boolean {
  return metrics.length + formulas.length > 1;
}

function overallName(state: InsightsState, row: SeriesView): string {
  return hasSeveral(state) ? `Overall · ${row.metric}` : 'Overall';
}

const isOverall =
  (view: InsightsView) =>
  (row: SeriesView): boolean =>
    view.hasSegments && row.segment === null;

function columnsOf({
  state,
  view,
  toggle,
  numberOf,
}: {
  readonly state: InsightsState;
  readonly view: InsightsView;
  readonly toggle: (row: SeriesView) => void;
  /** A value of a row as it stands in its cell; bucket null: over the whole range. */
  readonly numberOf: (row: SeriesView, bucket: number | null, compared: boolean) => ReactNode;
}): readonly Column<SeriesView>[] {
  const first: Column<SeriesView> = {
    id: 'name',
    header: view.breakdowns[0] ?? 'Metric',
    pinned: true,
    width: 224,
    value: (row) => row.parts[0] ?? row.metric,
    cell: (row) => (
      <span className="flex items-center gap-2" title={row.name}>
        <Checkbox
          label={`Draw ${row.name}`}
          checked={row.drawn}
          colour={row.colour}
          onChange={() => toggle(row)}
        />
        {hasSeveral(state) ? (
          <span className="text-2xs font-semibold text-ink-3">{row.letter}</span>
        ) : null}
        <span className="truncate-line">
          {row.parts[0] ?? (view.hasSegments ? overallName(state, row) : row.metric)}
        </span>
      </span>
    ),
  };
  return [
    first,
    ...view.breakdowns.slice(1).map((header, index): Column<SeriesView> => ({
      id: `breakdown ${index + 1}`,
      header,
      width: 144,
      value: (row) => row.parts[index + 1] ?? '',
      cell: (row) => <span title={row.parts[index + 1]}>{row.parts[index + 1] ?? ''}</span>,
    })),
    {
      id: 'total',
      header: 'Total',
      title: 'Over the whole range; unique users are counted once',
      numeric: true,
      width: 112,
      value: (row) => row.total,
      cell: (row) => <b className="font-semibold">{numberOf(row, null, false)}</b>,
    },
    {
      id: 'average',
      header: 'Average',
      title: 'Mean of the buckets',
      numeric: true,
      width: 104,
      value: (row) => row.average,
      cell: (row) => formatOf(view)(row.average),
    },
    ...(view.pastBuckets === null ? [] : pastColumns(numberOf)),
    ...view.buckets.map((bucket, index): Column<SeriesView> => ({
      id: `bucket ${index}`,
      header: bucket.label,
      title: bucket.incomplete ? `${bucket.title}, not complete yet` : bucket.title,
      numeric: true,
      marked: bucket.incomplete,
      width: view.pastBuckets === null ? 96 : 152,
      value: (row) => row.values[index] ?? null,
      cell: (row) =>
        view.pastBuckets === null ? (
          numberOf(row, index, false)
        ) : (
          <Compared row={row} index={index}>
            {numberOf(row, index, false)}
          </Compared>
        ),
    })),
  ];
}

/** The value over the time before, and how it changed since. */
function pastColumns(
  numberOf: (row: SeriesView, bucket: number | null, compared: boolean) => ReactNode,
): readonly Column<SeriesView>[] {
  return [
    {
      id: 'before',
      header: 'Before',
      title: 'The total over the time that the report is compared with',
      numeric: true,
      width: 112,
      value: (row) => row.past?.total ?? null,
      cell: (row) => numberOf(row, null, true),
    },
    {
      id: 'change',
      header: 'Change',
      title: 'Of the total, in percent of the time before',
      numeric: true,
      width: 112,
      value: (row) => changeOf(row.total, row.past?.total ?? null),
      cell: (row) => changeText(changeOf(row.total, row.past?.total ?? null)),
    },
  ];
}

/** A value with what it was before; how much it changed is said on top of the pointer, and to who listens. */
function Compared({
  row,
  index,
  children,
}: {
  readonly row: SeriesView;
  readonly index: number;
  readonly children: ReactNode;
}): ReactNode {
  const before = row.past?.values[index] ?? null;
  const change = changeText(changeOf(row.values[index] ?? null, before));
  return (
    <span className="whitespace-nowrap" title={`before ${formatNumber(before)}, ${change}`}>
      {children}
      <span className="text-xs text-ink-3">
        <span className="sr-only">, before</span> {formatNumber(before)}
        <span className="sr-only">, {change}</span>
      </span>
    </span>
  );
}
