'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react';
import { classNames } from './class-names.ts';
import { nextSort, sortRows, type Sort, type SortValue } from './table-model.ts';

export type Column<R> = {
  readonly id: string;
  readonly header: string;
  readonly title?: string;
  readonly numeric?: boolean;
  /** Stays in sight at the left while the rest scrolls; its width must be known. */
  readonly pinned?: boolean;
  readonly width: number;
  readonly marked?: boolean;
  readonly value: (row: R) => SortValue;
  readonly cell: (row: R) => ReactNode;
};

export type DataTableProps<R> = {
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  /** Always above the sorted rows: the row over all segments. */
  readonly isPinnedRow?: (row: R) => boolean;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  readonly testId?: string;
  /** The rows come sorted, for there are more of them than these. */
  readonly presorted?: boolean;
  /** How many rows there are in all, where not all are given. */
  readonly rowCount?: number;
  /** The end of the given rows comes into sight. Called again when there are more rows. */
  readonly onNearEnd?: () => void;
  /** Takes the whole height it is given, instead of what the rows need. */
  readonly fill?: boolean;
};

/** Rows are asked for while there is still this much to scroll. */
const nearEndPx = 800;

const rowHeight = 33;
const headerHeight = 33;
/** Below these all cells are in the page, so that reading aloud, finding and copying just work. */
const rowsDrawnMax = 100;
const columnsDrawnMax = 130;

/**
 * A table whose header and first columns stay in sight. Long or wide ones draw only the rows and
 * columns near the window; blank cells of the right size keep the scrollbars honest.
 */
export function DataTable<R>(props: DataTableProps<R>): ReactNode {
  const { columns, rowKey, sort } = props;
  const scrollRef = useRef<HTMLElement>(null);
  const rows = useSortedRows(props);
  const pinned = columns.filter((column) => column.pinned === true);
  const scrolled = columns.filter((column) => column.pinned !== true);

  // The React compiler, which cannot follow this hook, is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const vertical = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    enabled: rows.length > rowsDrawnMax,
    overscan: 12,
  });
  const horizontal = useVirtualizer({
    count: scrolled.length,
    horizontal: true,
    getScrollElement: () => scrollRef.current,
    estimateSize: (index) => scrolled[index]?.width ?? 96,
    enabled: scrolled.length > columnsDrawnMax,
    overscan: 6,
  });
  const rowWindow = windowOf(rows.length, rowsDrawnMax, vertical);
  const columnWindow = windowOf(scrolled.length, columnsDrawnMax, horizontal);
  const drawnColumns = scrolled.slice(columnWindow.from, columnWindow.to);
  const offsets = pinned.map((_, index) =>
    pinned.slice(0, index).reduce((sum, column) => sum + column.width, 0),
  );
  const cellCount = pinned.length + drawnColumns.length + 2;
  const width = columns.reduce((sum, column) => sum + column.width, 0);

  return (
    <section
      ref={scrollRef}
      data-testid={props.testId}
      className={classNames(
        // What is drawn for screen readers alone is placed by it, and does not widen the page where columns scroll away.
        'relative overflow-auto overscroll-x-contain',
        props.fill === true ? 'h-full' : 'max-h-[min(560px,70vh)]',
      )}
      // A region that scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={props.label}
    >
      <table
        aria-label={props.label}
        aria-rowcount={(props.rowCount ?? rows.length) + 1}
        className="min-w-full table-fixed border-separate border-spacing-0"
        style={{ width }}
      >
        <thead>
          <tr>
            {pinned.map((column, index) => (
              <HeaderCell
                key={column.id}
                column={column}
                left={offsets[index] ?? 0}
                sort={sort}
                onSort={props.onSort}
              />
            ))}
            <Blank header width={columnWindow.before} />
            {drawnColumns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={props.onSort} />
            ))}
            <Blank header width={columnWindow.after} />
          </tr>
        </thead>
        <tbody>
          <Filler height={rowWindow.before} span={cellCount} />
          {rows.slice(rowWindow.from, rowWindow.to).map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={rowWindow.from + index + 2}
              className={classNames('group', props.isPinnedRow?.(row) === true && 'font-semibold')}
            >
              {pinned.map((column, at) => (
                <BodyCell key={column.id} column={column} row={row} left={offsets[at] ?? 0} />
              ))}
              <Blank width={columnWindow.before} />
              {drawnColumns.map((column) => (
                <BodyCell key={column.id} column={column} row={row} />
              ))}
              <Blank width={columnWindow.after} />
            </tr>
          ))}
          <Filler height={rowWindow.after} span={cellCount} />
        </tbody>
      </table>
      {props.onNearEnd === undefined ? null : (
        <EndOfRows
          // Looked at anew with every page of rows: a short one may leave the end in sight.
          key={rows.length}
          scrollRef={scrollRef}
          onNear={props.onNearEnd}
        />
      )}
    </section>
  );
}

function EndOfRows({
  scrollRef,
  onNear,
}: {
  readonly scrollRef: RefObject<HTMLElement | null>;
  readonly onNear: () => void;
}): ReactNode {
  const endRef = useRef<HTMLDivElement>(null);
  const latest = useRef(onNear);
  useEffect(() => {
    latest.current = onNear;
  });
  useEffect(() => {
    const end = endRef.current;
    if (end === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { root: scrollRef.current, rootMargin: `${nearEndPx}px` },
    );
    observer.observe(end);
    return () => observer.disconnect();
  }, [scrollRef]);
  return <div ref={endRef} aria-hidden="true" className="h-px" />;
}

function useSortedRows<R>(props: DataTableProps<R>): readonly R[] {
  const { rows, columns, sort, isPinnedRow, presorted = false } = props;
  return useMemo(() => {
    const column = sort === null ? undefined : columns.find(({ id }) => id === sort.column);
    if (presorted || sort === null || column === undefined) return rows;
    const top = rows.filter((row) => isPinnedRow?.(row) === true);
    const rest = rows.filter((row) => isPinnedRow?.(row) !== true);
    return [...top, ...sortRows(rest, column.value, sort.descending)];
  }, [rows, columns, sort, isPinnedRow, presorted]);
}

type Window = { from: number; to: number; before: number; after: number };

function windowOf(
  count: number,
  drawnMax: number,
  virtualizer: ReturnType<typeof useVirtualizer<HTMLElement, Element>>,
): Window {
  if (count <= drawnMax) return { from: 0, to: count, before: 0, after: 0 };
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined) {
    return { from: 0, to: drawnMax, before: 0, after: 0 };
  }
  return {
    from: first.index,
    to: last.index + 1,
    before: first.start,
    after: virtualizer.getTotalSize() - last.end,
  };
}

type HeaderCellProps<R> = {
  readonly column: Column<R>;
  readonly left?: number;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
};

function HeaderCell<R>({ column, left, sort, onSort }: HeaderCellProps<R>): ReactNode {
  const sorted = sort?.column === column.id ? sort : null;
  const direction = sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      aria-sort={direction}
      style={{ width: column.width, left, height: headerHeight }}
      className={classNames(
        'sticky top-0 border-b border-line bg-surface p-0 text-xs font-medium text-ink-2',
        left === undefined ? 'z-10' : 'z-20',
      )}
    >
      <button
        type="button"
        title={column.title ?? column.header}
        onClick={() => onSort(nextSort(sort, column.id, column.numeric === true))}
        className={classNames(
          'flex size-full items-center gap-1 px-3 hover:bg-hover hover:text-ink',
          column.numeric === true && 'justify-end',
        )}
      >
        <span className="truncate-line">{column.header}</span>
        {sorted === null ? null : sorted.descending ? (
          <ArrowDown size={12} />
        ) : (
          <ArrowUp size={12} />
        )}
      </button>
    </th>
  );
}

function BodyCell<R>({
  column,
  row,
  left,
}: {
  readonly column: Column<R>;
  readonly row: R;
  readonly left?: number;
}): ReactNode {
  return (
    <td
      style={{ left, height: rowHeight }}
      className={classNames(
        'border-b border-line px-3 truncate-line group-hover:bg-hover',
        column.numeric === true && 'text-right tabular',
        column.marked === true && 'hatched text-ink-2',
        left !== undefined && 'sticky z-5 bg-surface',
      )}
    >
      {column.cell(row)}
    </td>
  );
}

/** Takes up what is not drawn at this side; the last one also takes the free width of a narrow table. */
function Blank({
  width,
  header = false,
}: {
  readonly width: number;
  readonly header?: boolean;
}): ReactNode {
  if (width === 0) return null;
  return header ? (
    <td
      aria-hidden="true"
      style={{ width }}
      className="sticky top-0 border-b border-line bg-surface p-0"
    />
  ) : (
    <td aria-hidden="true" style={{ width }} className="border-b border-line p-0" />
  );
}

function Filler({ height, span }: { readonly height: number; readonly span: number }): ReactNode {
  if (height === 0) return null;
  return (
    <tr aria-hidden>
      <td aria-hidden="true" colSpan={span} style={{ height }} className="p-0" />
    </tr>
  );
}
