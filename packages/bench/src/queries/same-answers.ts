import type { Row } from '../peers/peer.ts';

/** Sums of many numbers differ in their last digits by the order of adding; counts do not. */
const relativeTolerance = 1e-9;

/**
 * What differs between two answers, as a sentence, or null. Rows are compared in the order in which they
 * came when that is part of the answer, else by their contents.
 */
export function difference(
  one: readonly Row[],
  other: readonly Row[],
  isOrdered: boolean,
): string | null {
  const [left, right] = isOrdered ? [one, other] : [byKey(one), byKey(other)];
  if (left.length !== right.length) return `${left.length} rows against ${right.length}`;
  const at = left.findIndex((row, index) => !sameRow(row, right[index]));
  return at === -1
    ? null
    : `row ${at}: ${JSON.stringify(left[at])} against ${JSON.stringify(right[at])}`;
}

/**
 * By the first two cells, which tell the rows of every question apart. Rows that count nothing are left out:
 * SQL lists them or not, as the query is written.
 */
function byKey(rows: readonly Row[]): Row[] {
  const counting = rows.filter((row) => row.at(-1) !== 0);
  return counting.sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (x === y) return 0;
    return x < y ? -1 : 1;
  });
}

const keyOf = (row: Row): string => JSON.stringify(row.slice(0, 2));

function sameRow(a: Row, b: Row): boolean {
  return a.length === b.length && a.every((cell, index) => sameCell(cell, b[index]));
}

function sameCell(a: string | number, b: string | number): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Math.abs(a - b) <= relativeTolerance * Math.max(1, Math.abs(a));
}
