import type { CodeVerdicts } from '../row-tests.ts';
import type { CodeArray, EventRows } from '../scan-source.ts';
import { sliceUsers } from '../user-slice.ts';
import type { RangeCursor, UserSlice } from '../user-slice.ts';
import { quarterMs } from './day-pieces.ts';
import type { DayPieces } from './day-pieces.ts';

/** Runs of equal users that a range of ordinals takes of one event on one day, and their rows. */
export interface RunSlice extends UserSlice {
  readonly rows: EventRows;
  readonly firstRow: number;
  readonly endRow: number;
}

/** Runs of the users first … end − 1. Moves the cursor to the end; it may be at any place before. */
export function sliceRuns(
  rows: EventRows,
  first: number,
  end: number,
  cursor: RangeCursor,
): RunSlice {
  const { firstRun, endRun } = sliceUsers(rows, first, end, cursor);
  const { starts } = rows;
  return { rows, firstRun, endRun, firstRow: starts[firstRun], endRow: starts[endRun] };
}

/** Lists the users (less `base`) of the runs that pass. Returns how many. */
export function listUsers(
  { rows: { users }, firstRun, endRun }: UserSlice,
  passing: Uint8Array,
  base: number,
  out: Uint32Array,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    out[count] = users[run] - base;
    count += passing[users[run]];
  }
  return count;
}

/** Lists the users (less `base`) of the runs in which the mask, which begins with `firstRow`, has a row. */
export function listMaskedUsers(
  { rows: { users, starts }, firstRun, endRun, firstRow }: RunSlice,
  mask: Uint8Array,
  base: number,
  out: Uint32Array,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const end = starts[run + 1] - firstRow;
    let any = 0;
    for (let i = starts[run] - firstRow; i < end; i++) any |= mask[i];
    out[count] = users[run] - base;
    count += any;
  }
  return count;
}

/** The same where codes decide: they run along the rows of the event. */
export function listPassingUsers(
  { rows: { users, starts }, firstRun, endRun }: RunSlice,
  { codes, byCode }: CodeVerdicts,
  base: number,
  out: Uint32Array,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const end = starts[run + 1];
    let any = 0;
    for (let row = starts[run]; row < end; row++) any |= byCode[codes[row]];
    out[count] = users[run] - base;
    count += any;
  }
  return count;
}

/** The users of the runs, less `base`. */
export function copyUsers(
  { rows: { users }, firstRun, endRun }: UserSlice,
  base: number,
  out: Uint32Array,
): void {
  for (let run = firstRun; run < endRun; run++) out[run - firstRun] = users[run] - base;
}

/** Which rows are listed: those that the mask (from the first row of the slice on) lets through. */
export interface ListedRows {
  /** Null = all. */
  readonly mask: Uint8Array | null;
  /** Users are counted from it on. */
  readonly base: number;
}

export interface ListedCodes extends ListedRows {
  readonly codes: CodeArray;
}

/** The pieces of a day; rows count in those that have a bit in `observed`. */
export interface ObservedPieces {
  readonly pieces: DayPieces;
  readonly observed: number;
}

/** Where entries go; `pieces` is a mask of the day's pieces in which the entry is active. */
export interface EntryArrays {
  readonly users: Uint32Array;
  readonly codes: Uint32Array;
  readonly pieces: Uint32Array;
}

/** Lists the users with a row in some observed piece, and the pieces. Returns how many. */
export function listUserPieces(
  { rows: { users, starts, times }, firstRun, endRun, firstRow }: RunSlice,
  { mask, base }: ListedRows,
  { pieces: { cuts, byQuarter }, observed }: ObservedPieces,
  { users: outUsers, pieces: outPieces }: EntryArrays,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const end = starts[run + 1];
    let row = starts[run];
    let active = 0;
    if (mask === null) {
      // Times ascend: where the first and the last row are neighbours in pieces, the others tell nothing new.
      let first = byQuarter[(times[row] / quarterMs) | 0];
      while (times[row] >= cuts[first]) first++;
      let last = byQuarter[(times[end - 1] / quarterMs) | 0];
      while (times[end - 1] >= cuts[last]) last++;
      active = (1 << first) | (1 << last);
      if (last - first < 2) row = end;
    }
    for (; row < end; row++) {
      if (mask !== null && mask[row - firstRow] === 0) continue;
      const time = times[row];
      let piece = byQuarter[(time / quarterMs) | 0];
      while (time >= cuts[piece]) piece++;
      active |= 1 << piece;
    }
    active &= observed;
    outUsers[count] = users[run] - base;
    outPieces[count] = active;
    count += Number(active !== 0);
  }
  return count;
}

/**
 * Lists user and code of the rows, equal neighbours of a user once: within a session most properties
 * stay the same. An entry is written in any case and kept when it is another: cheaper than a branch
 * that goes either way.
 */
export function listCodes(
  slice: RunSlice,
  { codes, mask, base }: ListedCodes,
  out: EntryArrays,
): number {
  if (mask !== null) return listMaskedCodes(slice, { codes, mask, base }, out);
  const { rows, firstRun, endRun } = slice;
  const { users, starts } = rows;
  const { users: outUsers, codes: outCodes } = out;
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const user = users[run] - base;
    const end = starts[run + 1];
    let before = -1;
    for (let row = starts[run]; row < end; row++) {
      const code = codes[row];
      outUsers[count] = user;
      outCodes[count] = code;
      count += Number(code !== before);
      before = code;
    }
  }
  return count;
}

/** A row that does not pass is written as well, and not kept: half of them may go either way. */
function listMaskedCodes(
  { rows: { users, starts }, firstRun, endRun, firstRow }: RunSlice,
  { codes, mask, base }: ListedCodes & { readonly mask: Uint8Array },
  { users: outUsers, codes: outCodes }: EntryArrays,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const user = users[run] - base;
    const end = starts[run + 1];
    let before = -1;
    for (let row = starts[run]; row < end; row++) {
      const passes = mask[row - firstRow];
      const code = codes[row];
      outUsers[count] = user;
      outCodes[count] = code;
      count += passes & Number(code !== before);
      before = passes === 1 ? code : before;
    }
  }
  return count;
}

/** The same with the observed pieces in which the rows of an entry lie. */
export function listCodePieces(
  { rows: { users, starts, times }, firstRun, endRun, firstRow }: RunSlice,
  { codes, mask, base }: ListedCodes,
  { pieces: { cuts, byQuarter }, observed }: ObservedPieces,
  out: EntryArrays,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const user = users[run] - base;
    const end = starts[run + 1];
    let before = -1;
    for (let row = starts[run]; row < end; row++) {
      if (mask !== null && mask[row - firstRow] === 0) continue;
      const time = times[row];
      let piece = byQuarter[(time / quarterMs) | 0];
      while (time >= cuts[piece]) piece++;
      const bit = (1 << piece) & observed;
      if (bit === 0) continue;
      const code = codes[row];
      if (code === before) {
        out.pieces[count - 1] |= bit;
        continue;
      }
      before = code;
      out.users[count] = user;
      out.codes[count] = code;
      out.pieces[count++] = bit;
    }
  }
  return count;
}
