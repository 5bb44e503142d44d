'use client';

import type { KeyboardEvent, ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import type { DrillTarget, OpenDrill } from './listed-number.ts';

export type DrillNumberProps = {
  /** Made when it is clicked; null where nothing lies behind the number. */
  readonly target: (() => DrillTarget) | null;
  readonly onDrill: OpenDrill;
  /** Of a table: reached by the arrow keys from the numbers beside it, not by Tab. */
  readonly inRow?: boolean;
  readonly testId?: string;
  readonly className?: string;
  readonly children: ReactNode;
};

/** A number that leads to who and what is behind it; plain text where there is nothing. */
export function DrillNumber(props: DrillNumberProps): ReactNode {
  const { target, inRow = false } = props;
  if (target === null) return <span data-testid={props.testId}>{props.children}</span>;
  return (
    <button
      type="button"
      data-drill
      data-testid={props.testId}
      tabIndex={inRow ? -1 : 0}
      aria-haspopup="menu"
      onClick={(event) => props.onDrill(event.currentTarget, target())}
      onKeyDown={moveInTable}
      className={classNames(
        'rounded-sm decoration-line-strong decoration-dotted underline-offset-3 hover:text-accent hover:underline',
        props.className,
      )}
    >
      {props.children}
    </button>
  );
}

const arrows: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** To the next number of the row or column: a table would else need Tab for each of its cells. */
function moveInTable(event: KeyboardEvent<HTMLElement>): void {
  const step = arrows[event.key];
  const cell = event.currentTarget.closest('td');
  if (step === undefined || cell === null) return;
  // Also at the edge of the table: the arrow keys of the page would else move its range.
  event.preventDefault();
  neighbour(cell, step[0], step[1])?.focus();
}

function neighbour(from: HTMLTableCellElement, columns: number, rows: number): HTMLElement | null {
  let cell: Element | null | undefined = from;
  while (cell instanceof HTMLTableCellElement) {
    if (rows === 0) {
      cell = columns > 0 ? cell.nextElementSibling : cell.previousElementSibling;
    } else {
      const row: Element | null = cell.closest('tr');
      const other: Element | null | undefined =
        rows > 0 ? row?.nextElementSibling : row?.previousElementSibling;
      cell = other?.children[cell.cellIndex];
    }
    const number = cell?.querySelector<HTMLElement>('[data-drill]');
    if (number !== null && number !== undefined) return number;
  }
  return null;
}
