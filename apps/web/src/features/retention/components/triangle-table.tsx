'use client';

import { useMemo, type ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import {
  changeOf,
  changeText,
  formatNumber,
  formatPercent,
  rateChangeText,
} from '#format/number.ts';
import { DrillNumber } from '#report/drill-number.tsx';
import type { DrillTarget, OpenDrill } from '#report/listed-number.ts';
import { retentionDrill } from '../drill.ts';
import {
  cellText,
  cohortsDrawnMax,
  heat,
  highestRate,
  type CellView,
  type PastAverage,
  type TableView,
} from '../model.ts';
import type { Shown } from '../state.ts';

export type TriangleTableProps = {
  readonly table: TableView;
  readonly intervals: readonly string[];
  readonly shown: Shown;
  readonly onDrill: OpenDrill;
};

const head =
  'sticky top-0 z-10 h-9 border-b border-line bg-surface px-3 text-xs font-medium whitespace-nowrap text-ink-2';
const firstColumn = 'sticky left-0 z-10 bg-surface';

/**
 * A row a cohort, a column an interval. Colour repeats the figure, it is never alone; what is not
 * over yet is hatched and marked, what lies in the future is blank.
 */
export function TriangleTable(props: TriangleTableProps): ReactNode {
  const { table, intervals, shown, onDrill } = props;
  const targetOf = (cohort: number, interval: number | null): (() => DrillTarget) | null => {
    const target = retentionDrill(intervals, { table, cohort, interval });
    return target === null ? null : () => target;
  };
  const highest = useMemo(() => highestRate(table), [table]);
  const first = Math.max(0, table.cohorts.length - cohortsDrawnMax);
  return (
    <section
      data-testid="retention-table"
      className="max-h-[min(640px,75vh)] overflow-auto"
      // A region that scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={`Retention, ${table.name}`}
    >
      {first === 0 ? null : (
        <p className="px-3 py-2 text-ink-2">
          The last {formatNumber(cohortsDrawnMax)} of {formatNumber(table.cohorts.length)} cohorts;
          the CSV file has all of them
        </p>
      )}
      <table
        aria-label={`Retention, ${table.name}`}
        className="min-w-full border-separate border-spacing-0 tabular"
      >
        <thead>
          <tr>
            <th scope="col" className={classNames(head, 'left-0 z-20! text-left')}>
              Cohort
            </th>
            <th scope="col" className={classNames(head, 'text-right')}>
              Users
            </th>
            {intervals.map((label) => (
              <th key={label} scope="col" className={classNames(head, 'text-right')}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <AverageRow table={table} shown={shown} />
          {table.past === null ? null : <PastRows table={table} past={table.past} shown={shown} />}
          {table.cohorts.slice(first).map((cohort, at) => (
            <tr key={cohort.key} className="h-8">
              <th
                scope="row"
                title={cohort.title}
                className={classNames(firstColumn, 'px-3 text-left font-normal whitespace-nowrap')}
              >
                {cohort.label}
              </th>
              <td className="px-3 text-right text-ink-2">
                <DrillNumber target={targetOf(first + at, null)} onDrill={onDrill}>
                  {formatNumber(cohort.size)}
                </DrillNumber>
              </td>
              {cohort.cells.map((cell, n) => (
                <HeatCell
                  key={intervals[n]}
                  cell={cell}
                  strength={heat(cell?.rate ?? null, highest)}
                  shown={shown}
                  target={targetOf(first + at, n)}
                  onDrill={onDrill}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function AverageRow({ table, shown }: Pick<TriangleTableProps, 'table' | 'shown'>): ReactNode {
  const values = table.averageRates.map((rate, n) =>
    cellText({ rate, count: table.averageCounts[n] ?? null }, shown),
  );
  return (
    <tr className="h-9 font-semibold" data-testid="retention-average">
      <th
        scope="row"
        title="Weighted by the size of the cohorts, complete ones only"
        className={classNames(firstColumn, 'border-b border-line px-3 text-left whitespace-nowrap')}
      >
        Weighted average
      </th>
      <td className="border-b border-line px-3 text-right">{formatNumber(table.size)}</td>
      {values.map((text, n) => (
        // Intervals have no other identity than their number.
        // oxlint-disable-next-line react/no-array-index-key
        <td key={n} className="border-b border-line px-3 text-right">
          {text}
        </td>
      ))}
    </tr>
  );
}

/** The average of the time before, and how it changed since (`ux.md` 5.3). */
function PastRows({
  table,
  past,
  shown,
}: Pick<TriangleTableProps, 'table' | 'shown'> & { readonly past: PastAverage }): ReactNode {
  const ofRates = shown !== 'users';
  const now = ofRates ? table.averageRates : table.averageCounts;
  const before = ofRates ? past.averageRates : past.averageCounts;
  const format = ofRates ? formatPercent : formatNumber;
  const changes = now.map((value, n) =>
    ofRates
      ? rateChangeText(value, before[n] ?? null)
      : changeText(changeOf(value, before[n] ?? null)),
  );
  const rows = [
    [
      'before',
      'Average before',
      formatNumber(past.size),
      now.map((_, n) => format(before[n] ?? null)),
    ],
    ['change', 'Change', changeText(changeOf(table.size, past.size)), changes],
  ] as const;
  return rows.map(([id, name, size, texts]) => (
    <tr key={id} className="h-9 text-ink-2" data-testid={`retention-${id}`}>
      <th
        scope="row"
        className={classNames(firstColumn, 'border-b border-line px-3 text-left font-normal')}
      >
        {name}
      </th>
      <td className="border-b border-line px-3 text-right">{size}</td>
      {texts.map((text, n) => (
        // Intervals have no other identity than their number.
        // oxlint-disable-next-line react/no-array-index-key
        <td key={n} className="border-b border-line px-3 text-right whitespace-nowrap">
          {text}
        </td>
      ))}
    </tr>
  ));
}

/** Strongest colour of a cell: the text on it keeps its contrast in both themes. */
const strengthMax = 52;

type HeatCellProps = {
  readonly cell: CellView | null;
  readonly strength: number;
  readonly shown: Shown;
  readonly target: (() => DrillTarget) | null;
  readonly onDrill: OpenDrill;
};

function HeatCell({ cell, strength, shown, target, onDrill }: HeatCellProps): ReactNode {
  if (cell === null) return <td aria-label="in the future" />;
  const text = cellText(cell, shown);
  const other = shown === 'rate' ? `${formatNumber(cell.count)} users` : formatPercent(cell.rate);
  return (
    <td className="p-px text-right">
      <span
        title={cell.complete ? other : `${other}, not complete yet`}
        style={{
          backgroundColor: `color-mix(in srgb, var(--accent) ${Math.round(strength * strengthMax)}%, var(--surface))`,
        }}
        className={classNames(
          'block rounded-[3px] px-2.5 py-1.5 whitespace-nowrap',
          !cell.complete && 'hatched',
        )}
      >
        <DrillNumber target={target} inRow onDrill={onDrill}>
          {text}
        </DrillNumber>
        {cell.complete ? null : <sup aria-label="not complete yet">*</sup>}
      </span>
    </td>
  );
}
