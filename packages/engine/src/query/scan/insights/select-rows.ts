import type { EventMatch } from '../row-mask.ts';
import { type CodeVerdicts, runOfRow } from '../row-tests.ts';
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

/** How many rows of an event pass; without looking at them where users decide. */
export function countRows(match: EventMatch, rows: EventRows, scratch: RowScratch): number {
  const { users } = match;
  const codes = match.usersDecide ? null : match.onlyCodes(rows);
  if (codes !== null) {
    return users === null ? countPassing(codes) : countPassingOfUsers(rows, users, codes);
  }
  scratch.reserve(rows.rowCount);
  const judgement = match.judgeRows(rows, 0, rows.rowCount, scratch.mask);
  if (judgement === 'none') return 0;
  if (judgement === 'all') {
    return users === null ? rows.rowCount : countRowsOfUsers(rows.users, rows.starts, users);
  }
  if (users === null) return countMasked(scratch.mask, rows.rowCount);
  return countMaskedOfUsers(rows, users, scratch.mask);
}

function countPassing({ codes, byCode }: CodeVerdicts): number {
  let count = 0;
  for (let row = 0; row < codes.length; row++) count += byCode[codes[row]];
  return count;
}

/** Rows whose code passes, of users who do. */
function countPassingOfUsers(
  { users, starts }: EventRows,
  passing: Uint8Array,
  { codes, byCode }: CodeVerdicts,
): number {
  let count = 0;
  for (let run = 0; run < users.length; run++) {
    if (passing[users[run]] === 0) continue;
    const end = starts[run + 1];
    for (let row = starts[run]; row < end; row++) count += byCode[codes[row]];
  }
  return count;
}

function countMasked(mask: Uint8Array, length: number): number {
  let count = 0;
  for (let i = 0; i < length; i++) count += mask[i];
  return count;
}

function countMaskedOfUsers(
  { users, starts }: EventRows,
  passing: Uint8Array,
  mask: Uint8Array,
): number {
  let count = 0;
  for (let run = 0; run < users.length; run++) {
    if (passing[users[run]] === 0) continue;
    const end = starts[run + 1];
    for (let row = starts[run]; row < end; row++) count += mask[row];
  }
  return count;
}

function countRowsOfUsers(users: Uint32Array, starts: Uint32Array, passing: Uint8Array): number {
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
