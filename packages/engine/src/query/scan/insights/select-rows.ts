import type { EventMatch } from '../row-mask.ts';
import { runOfRow } from '../row-tests.ts';
import type { Judgement } from '../row-tests.ts';
import type { EventRows } from '../scan-source.ts';

/** Room for one slice of rows, kept from slice to slice. One thread's. */
export class RowScratch {
  mask = new Uint8Array(0);
  rows = new Uint32Array(0);
  users = new Uint32Array(0);

  /** Makes room for `rowCount` rows; what was in it is gone. */
  reserve(rowCount: number): void {
    if (this.rows.length >= rowCount) return;
    const length = Math.max(4096, Math.ceil(rowCount * 1.25));
    this.mask = new Uint8Array(length);
    this.rows = new Uint32Array(length);
    this.users = new Uint32Array(length);
  }
}

/** Writes the rows first … end − 1 that pass into `scratch.rows`; returns how many. */
export function selectRows(
  match: EventMatch,
  rows: EventRows,
  first: number,
  end: number,
  scratch: RowScratch,
): number {
  scratch.reserve(end - first);
  const judgement: Judgement = match.judge(rows, first, end, scratch.mask);
  if (judgement === 'none') return 0;
  if (judgement === 'some') return listMasked(scratch.mask, first, end - first, scratch.rows);
  for (let row = first; row < end; row++) scratch.rows[row - first] = row;
  return end - first;
}

/** How many rows of an event pass; without looking at them where users decide. */
export function countRows(match: EventMatch, rows: EventRows, scratch: RowScratch): number {
  if (match.usersDecide) {
    if (match.users === null) return rows.rowCount;
    return countRowsOfUsers(rows.users, rows.starts, match.users);
  }
  scratch.reserve(rows.rowCount);
  const judgement = match.judge(rows, 0, rows.rowCount, scratch.mask);
  if (judgement === 'some') return countMasked(scratch.mask, rows.rowCount);
  return judgement === 'all' ? rows.rowCount : 0;
}

/** The rows whose mask is 1, without a branch: a branch that goes either way costs more than the store. */
export function listMasked(
  mask: Uint8Array,
  first: number,
  length: number,
  rows: Uint32Array,
): number {
  let count = 0;
  for (let i = 0; i < length; i++) {
    rows[count] = first + i;
    count += mask[i];
  }
  return count;
}

export function countMasked(mask: Uint8Array, length: number): number {
  let count = 0;
  for (let i = 0; i < length; i++) count += mask[i];
  return count;
}

export function countRowsOfUsers(
  users: Uint32Array,
  starts: Uint32Array,
  passing: Uint8Array,
): number {
  let count = 0;
  for (let run = 0; run < users.length; run++) {
    if (passing[users[run]] === 1) count += starts[run + 1] - starts[run];
  }
  return count;
}

/** `out[i]` = the user of rows[i]; the rows ascend. */
export function usersOfRows(
  { users, starts }: EventRows,
  rows: Uint32Array,
  count: number,
  out: Uint32Array,
): void {
  if (count === 0) return;
  let run = runOfRow(starts, rows[0]);
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    while (starts[run + 1] <= row) run++;
    out[i] = users[run];
  }
}
