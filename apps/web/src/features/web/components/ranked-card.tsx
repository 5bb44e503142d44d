'use client';

import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useMemo, useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { Tooltip } from '#components/tooltip.tsx';
import { formatNumber } from '#format/number.ts';
import { Panel } from '#report/panel.tsx';
import { FailureState } from '#report/report-states.tsx';
import { encodeState } from '#report/url-state.ts';
import type { WebList } from '../api.ts';
import { rankedRows, type RankedRow } from '../model.ts';
import { RankedSheet } from './ranked-sheet.tsx';

export type RankedCardProps = {
  readonly title: string;
  readonly testId: string;
  readonly tab: string;
  readonly tabs: readonly { readonly id: string; readonly label: string }[];
  readonly list: WebList;
  /** The list cannot be known under the filters of the page. */
  readonly unknown: boolean;
  /** What the numbers are numbers of: "Users". */
  readonly noun: string;
  /** State of the same list in Insights. */
  readonly insights: object;
  readonly nameOf: (name: string) => string;
  readonly onTab: (tab: string) => void;
  /** Undefined: its rows are no filters of the page. */
  readonly onRow: ((row: RankedRow) => void) | undefined;
};

/** Rows of a card; the others are in the list that it opens. */
const rowsShown = 8;

/** What there was most of, with a bar for each; a row filters the page (UX-W2, UX-W3). */
export function RankedCard(props: RankedCardProps): ReactNode {
  const { title, testId, tab, tabs, list, unknown, noun } = props;
  const { id } = useProject();
  const [open, setOpen] = useState(false);
  const rows = useMemo(
    () => (unknown || list.result === null ? null : rankedRows(list.result)),
    [unknown, list.result],
  );
  const label = tabs.find((each) => each.id === tab)?.label ?? title;
  return (
    <Panel
      faded={list.outdated && !unknown}
      title={<h2 className="text-sm font-semibold text-ink">{title}</h2>}
      actions={
        <Tooltip label="Open in Insights">
          <Link
            href={`/p/${id}/insights?q=${encodeURIComponent(encodeState(props.insights))}`}
            prefetch={false}
            aria-label={`Open ${label} in Insights`}
            className="grid size-7 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
          >
            <ExternalLink size={14} aria-hidden />
          </Link>
        </Tooltip>
      }
    >
      <div data-testid={testId}>
        <div className="flex items-center gap-2 overflow-x-auto px-3 pt-2">
          <Segmented
            label={title}
            testId={`${testId}-tab`}
            value={tab}
            options={tabs.map((each) => ({ value: each.id, label: each.label }))}
            onChange={props.onTab}
          />
          <span className="ml-auto pl-2 text-2xs font-medium text-ink-3">{noun}</span>
        </div>
        <Rows {...props} rows={rows} />
        {rows !== null && rows.length > rowsShown ? (
          <div className="px-3 pb-2">
            <Button size="sm" variant="ghost" onClick={() => setOpen(true)}>
              All {formatNumber(rows.length)} {label.toLowerCase()}
            </Button>
          </div>
        ) : null}
      </div>
      {open && rows !== null ? (
        <RankedSheet
          label={label}
          noun={noun}
          rows={rows}
          nameOf={props.nameOf}
          onRow={
            props.onRow === undefined
              ? undefined
              : (row) => {
                  setOpen(false);
                  props.onRow?.(row);
                }
          }
          onClose={() => setOpen(false)}
        />
      ) : null}
    </Panel>
  );
}

function Rows({
  list,
  unknown,
  rows,
  nameOf,
  onRow,
}: RankedCardProps & { readonly rows: readonly RankedRow[] | null }): ReactNode {
  if (unknown) {
    return (
      <p className="px-4 py-8 text-center text-ink-2">
        Not known under these filters, which are not kept of a session as a whole
      </p>
    );
  }
  if (list.failure !== null) return <FailureState failure={list.failure} onRetry={list.retry} />;
  if (rows === null) {
    return (
      <output className="grid gap-2 p-3" aria-label="Loading">
        {Array.from({ length: rowsShown }, (_, row) => (
          <Skeleton key={row} className="h-6" />
        ))}
      </output>
    );
  }
  if (rows.length === 0) {
    return <p className="px-4 py-8 text-center text-ink-3">Nothing in this range</p>;
  }
  return (
    <ul className="grid p-2">
      {rows.slice(0, rowsShown).map((row) => (
        <li key={row.key}>
          {onRow === undefined ? (
            <div data-testid="ranked-row" className={rowLook} title={row.name}>
              <RowBody row={row} name={nameOf(row.name)} />
            </div>
          ) : (
            <button
              type="button"
              title={`Filter by ${row.name}`}
              data-testid="ranked-row"
              onClick={() => onRow(row)}
              className={classNames(rowLook, '-outline-offset-2 hover:bg-hover')}
            >
              <RowBody row={row} name={nameOf(row.name)} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

const rowLook = 'relative flex h-8 w-full items-center gap-3 rounded-sm px-2 text-left';

function RowBody({ row, name }: { readonly row: RankedRow; readonly name: string }): ReactNode {
  return (
    <>
      <span
        aria-hidden
        className="absolute inset-y-1 left-0 rounded-sm bg-accent-soft"
        style={{ width: `${row.share * 100}%` }}
      />
      <span className="relative min-w-0 flex-1 truncate-line">{name}</span>
      <span className="relative font-medium tabular" data-testid="ranked-count">
        {formatNumber(row.count)}
      </span>
    </>
  );
}
