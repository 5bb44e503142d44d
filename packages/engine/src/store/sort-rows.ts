import { atOnce, type Steps } from '../base/slices.ts';
import { dayMs } from '../format/segment/segment-rows.ts';
import type { EventTable } from './event-table.ts';
import { sortedPlaceSteps } from './sorted-places.ts';

/** Up to this many rows are sorted by comparison: a pass over all digits costs more. */
const comparedMax = 512;

/** Rows of one day by (user, time, arrival); users are those they were sent for. The array is used up. */
export function sortRows(table: EventTable, day: number, rows: Uint32Array): Uint32Array {
  return atOnce(sortSteps(table, day, rows));
}

/** The same in steps: of a million rows none takes 50 ms. */
export function* sortSteps(table: EventTable, day: number, rows: Uint32Array): Steps<Uint32Array> {
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
  yield;
  const places = yield* sortedPlaceSteps(users, times);
  const sorted = new Uint32Array(rows.length);
  for (let i = 0; i < sorted.length; i++) sorted[i] = rows[places[i]];
  yield;
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

function compareRows(table: EventTable, row: number, other: number): number {
  const users = table.users.array;
  const times = table.times.array;
  const difference = users[row] - users[other] || times[row] - times[other];
  return difference !== 0 ? difference : table.compareArrival(row, other);
}
