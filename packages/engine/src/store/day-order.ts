import { GrowableUint32 } from '../base/growable.ts';
import { dayMs } from '../format/segment/segment-rows.ts';
import type { EventTable } from './event-table.ts';
import { sortedPlaces } from './sorted-places.ts';
import type { TableDay } from './table-days.ts';

/** The visible rows of one day in the order (user, time, arrival). Users are those the rows were sent for. */
export interface DayOrder {
  readonly rows: Uint32Array;
  /** What of the day it covers: rows below this place in the order of arrival. */
  readonly rowsSeen: number;
}

export const emptyDayOrder: DayOrder = { rows: new Uint32Array(0), rowsSeen: 0 };

/**
 * The order after more rows came and some were hidden, made from the order before: only the new rows are
 * sorted and then merged in.
 */
export function updateDayOrder(table: EventTable, day: TableDay, before: DayOrder): DayOrder {
  const kept = before.rows.filter((row) => !table.isHidden(row));
  const added = new GrowableUint32();
  const rows = day.rows.array;
  for (let i = before.rowsSeen; i < day.rows.length; i++) {
    if (!table.isHidden(rows[i])) added.push(rows[i]);
  }
  const sorted = sortRows(table, day.day, added.array.subarray(0, added.length));
  return { rows: mergeRows(table, kept, sorted), rowsSeen: day.rows.length };
}

/** Up to this many rows are sorted by comparison: a pass over all digits costs more. */
const comparedMax = 512;

/** Rows of one day by (user, time, arrival). The array is used up. */
export function sortRows(table: EventTable, day: number, rows: Uint32Array): Uint32Array {
  if (rows.length <= comparedMax) {
    return rows.sort((row, other) => compareRows(table, row, other));
  }
  const dayStart = day * dayMs;
  const users = new Uint32Array(rows.length);
  const times = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    users[i] = table.users.array[rows[i]];
    times[i] = table.times.array[rows[i]] - dayStart;
  }
  const sorted = sortedPlaces(users, times).map((place) => rows[place]);
  putTiesInOrder(table, sorted);
  return sorted;
}

/** Rows of one user and time came in any order. */
function putTiesInOrder(table: EventTable, rows: Uint32Array): void {
  const users = table.users.array;
  const times = table.times.array;
  let start = 0;
  for (let i = 1; i <= rows.length; i++) {
    const isTie =
      i < rows.length &&
      users[rows[i]] === users[rows[start]] &&
      times[rows[i]] === times[rows[start]];
    if (isTie) continue;
    if (i - start > 1) {
      rows.subarray(start, i).sort((row, other) => table.compareArrival(row, other));
    }
    start = i;
  }
}

function mergeRows(table: EventTable, left: Uint32Array, right: Uint32Array): Uint32Array {
  if (left.length === 0) return right;
  const merged = new Uint32Array(left.length + right.length);
  let l = 0;
  let at = 0;
  for (let r = 0; r < right.length; r++) {
    const end = lowerBound(table, left, l, right[r]);
    merged.set(left.subarray(l, end), at);
    at += end - l;
    l = end;
    merged[at++] = right[r];
  }
  merged.set(left.subarray(l), at);
  return merged;
}

/** First place from `start` on in `rows` whose row comes after `row`: by steps that double, then by halves. */
function lowerBound(table: EventTable, rows: Uint32Array, start: number, row: number): number {
  let step = 1;
  let low = start;
  while (low + step <= rows.length && compareRows(table, rows[low + step - 1], row) < 0) {
    low += step;
    step *= 2;
  }
  let high = Math.min(rows.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRows(table, rows[middle], row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareRows(table: EventTable, row: number, other: number): number {
  const users = table.users.array;
  const times = table.times.array;
  const difference = users[row] - users[other] || times[row] - times[other];
  return difference !== 0 ? difference : table.compareArrival(row, other);
}
