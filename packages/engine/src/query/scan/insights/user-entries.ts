import type { CodeArray, EventRows } from '../scan-source.ts';
import type { DayPieces } from './day-pieces.ts';

/** Runs of equal users that a range of ordinals takes of one event on one day, and their rows. */
export interface RunSlice {
  readonly rows: EventRows;
  readonly firstRun: number;
  readonly endRun: number;
  readonly firstRow: number;
  readonly endRow: number;
}

/** Runs of the users first … end − 1. */
export function sliceRuns(rows: EventRows, first: number, end: number): RunSlice {
  const { users, starts } = rows;
  const firstRun = lowerBound(users, first, 0);
  const endRun = lowerBound(users, end, firstRun);
  return { rows, firstRun, endRun, firstRow: starts[firstRun], endRow: starts[endRun] };
}

/** First index ≥ `from` whose value is ≥ `limit`: strides first, because ranges are small beside days. */
function lowerBound(values: Uint32Array, limit: number, from: number): number {
  let low = from;
  let stride = 256;
  while (low + stride < values.length && values[low + stride] < limit) {
    low += stride;
    stride *= 2;
  }
  let high = Math.min(low + stride, values.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Lists the users (less `base`) of the runs that pass. Returns how many. */
export function listUsers(
  { rows: { users }, firstRun, endRun }: RunSlice,
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

/** What a listed run or entry is active in: a mask of pieces. */
export interface EntryArrays {
  readonly users: Uint32Array;
  readonly codes: Uint32Array;
  readonly pieces: Uint32Array;
}

/**
 * Lists the users (less `base`) with a row in some observed piece, and the pieces. `mask` null = every row
 * passes; `observed` has a bit a piece of the day.
 */
export function listUserPieces(
  { rows: { users, starts, times }, firstRun, endRun, firstRow }: RunSlice,
  mask: Uint8Array | null,
  { cuts, byQuarter }: DayPieces,
  observed: number,
  base: number,
  out: EntryArrays,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    let pieces = 0;
    const end = starts[run + 1];
    for (let row = starts[run]; row < end; row++) {
      if (mask !== null && mask[row - firstRow] === 0) continue;
      const time = times[row];
      let piece = byQuarter[(time / 900_000) | 0];
      while (time >= cuts[piece]) piece++;
      pieces |= 1 << piece;
    }
    pieces &= observed;
    out.users[count] = users[run] - base;
    out.pieces[count] = pieces;
    if (pieces !== 0) count++;
  }
  return count;
}

/**
 * Lists (user less `base`, code) of the rows that pass, neighbours that are equal once: within a session
 * most properties stay the same.
 */
export function listCodes(
  { rows: { users, starts }, firstRun, endRun, firstRow }: RunSlice,
  codes: CodeArray,
  mask: Uint8Array | null,
  base: number,
  out: EntryArrays,
): number {
  let count = 0;
  for (let run = firstRun; run < endRun; run++) {
    const user = users[run] - base;
    const end = starts[run + 1];
    let before = -1;
    for (let row = starts[run]; row < end; row++) {
      if (mask !== null && mask[row - firstRow] === 0) continue;
      const code = codes[row];
      if (code === before) continue;
      before = code;
      out.users[count] = user;
      out.codes[count++] = code;
    }
  }
  return count;
}

/** The same with the observed pieces that the rows of an entry lie in. */
export function listCodePieces(
  { rows: { users, starts, times }, firstRun, endRun, firstRow }: RunSlice,
  codes: CodeArray,
  mask: Uint8Array | null,
  { cuts, byQuarter }: DayPieces,
  observed: number,
  base: number,
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
      let piece = byQuarter[(time / 900_000) | 0];
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
