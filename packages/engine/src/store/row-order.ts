import { GrowableUint32 } from '../base/growable.ts';
import type { EventTable } from './event-table.ts';

/** Visible rows of an event table in the order of a view, with the user that each is counted under. */
export interface RowOrder {
  /** Rows by (user, time, arrival). */
  readonly rows: Uint32Array;
  /** User by place in `rows`. */
  readonly users: Uint32Array;
  /** What of the table it covers: rows below this number. */
  readonly rowsSeen: number;
}

export const emptyRowOrder: RowOrder = {
  rows: new Uint32Array(0),
  users: new Uint32Array(0),
  rowsSeen: 0,
};

/** Below this share of the users a sort of few rows by comparison beats a pass over all users. */
const countingSortShare = 4;
/** Runs up to this length are put in order by insertion. */
const insertionSortMax = 16;

/**
 * The order after more rows came, some were hidden and some users were merged, made from the order
 * before: what did not change keeps its place, so only the new and the moved rows are sorted and
 * then merged in. `userOf` gives by ordinal the ordinal a row is counted under.
 */
export function updateRowOrder(table: EventTable, before: RowOrder, userOf: Uint32Array): RowOrder {
  const kept = new Uint32Array(before.rows.length);
  const changed = new GrowableUint32();
  const users = table.users.array;
  let keptCount = 0;
  for (let i = 0; i < before.rows.length; i++) {
    const row = before.rows[i];
    if (table.isHidden(row)) continue;
    if (userOf[users[row]] === before.users[i]) kept[keptCount++] = row;
    else changed.push(row);
  }
  for (let row = before.rowsSeen; row < table.rowCount; row++) {
    if (!table.isHidden(row)) changed.push(row);
  }
  const added = sortRows(table, changed.array.subarray(0, changed.length), userOf);
  const rows = mergeRows(table, kept.subarray(0, keptCount), added, userOf);
  const rowUsers = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) rowUsers[i] = userOf[users[rows[i]]];
  return { rows, users: rowUsers, rowsSeen: table.rowCount };
}

function sortRows(table: EventTable, rows: Uint32Array, userOf: Uint32Array): Uint32Array {
  if (rows.length * countingSortShare < userOf.length) {
    return rows.sort((row, other) => compareRows(table, userOf, row, other));
  }
  const { sorted, ends } = groupByUser(table, rows, userOf);
  let start = 0;
  for (const end of ends) {
    if (end - start > 1) sortRun(table, sorted.subarray(start, end));
    start = end;
  }
  return sorted;
}

/** A counting sort by user; the rows of one user keep the order they came in. */
function groupByUser(
  table: EventTable,
  rows: Uint32Array,
  userOf: Uint32Array,
): { sorted: Uint32Array; ends: Uint32Array } {
  const users = table.users.array;
  const ends = new Uint32Array(userOf.length);
  for (let i = 0; i < rows.length; i++) ends[userOf[users[rows[i]]]]++;
  let sum = 0;
  for (let user = 0; user < ends.length; user++) {
    const count = ends[user];
    ends[user] = sum;
    sum += count;
  }
  const sorted = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) sorted[ends[userOf[users[rows[i]]]]++] = rows[i];
  return { sorted, ends };
}

/** Sorts the rows of one user in place. Mostly they came in order, or nearly. */
function sortRun(table: EventTable, run: Uint32Array): void {
  if (run.length > insertionSortMax) {
    for (let i = 1; i < run.length; i++) {
      if (compareTimes(table, run[i - 1], run[i]) > 0) {
        run.sort((row, other) => compareTimes(table, row, other));
        return;
      }
    }
    return;
  }
  for (let i = 1; i < run.length; i++) {
    const row = run[i];
    let k = i;
    for (; k > 0 && compareTimes(table, run[k - 1], row) > 0; k--) run[k] = run[k - 1];
    run[k] = row;
  }
}

function mergeRows(
  table: EventTable,
  left: Uint32Array,
  right: Uint32Array,
  userOf: Uint32Array,
): Uint32Array {
  const merged = new Uint32Array(left.length + right.length);
  let l = 0;
  let at = 0;
  for (let r = 0; r < right.length; r++) {
    const end = lowerBound(table, left, l, right[r], userOf);
    merged.set(left.subarray(l, end), at);
    at += end - l;
    l = end;
    merged[at++] = right[r];
  }
  merged.set(left.subarray(l), at);
  return merged;
}

/** First place from `start` on in `rows` whose row comes after `row`: by steps that double, then by halves. */
function lowerBound(
  table: EventTable,
  rows: Uint32Array,
  start: number,
  row: number,
  userOf: Uint32Array,
): number {
  let step = 1;
  let low = start;
  while (low + step <= rows.length && compareRows(table, userOf, rows[low + step - 1], row) < 0) {
    low += step;
    step *= 2;
  }
  let high = Math.min(rows.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRows(table, userOf, rows[middle], row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareRows(table: EventTable, userOf: Uint32Array, row: number, other: number): number {
  const users = table.users.array;
  const difference = userOf[users[row]] - userOf[users[other]];
  return difference !== 0 ? difference : compareTimes(table, row, other);
}

function compareTimes(table: EventTable, row: number, other: number): number {
  const times = table.times.array;
  const difference = times[row] - times[other];
  return difference !== 0 ? difference : table.compareArrival(row, other);
}
