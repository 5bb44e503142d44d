import type { RowSlice, RowTest } from './row-tests.ts';
import type { CodeArray } from './scan-source.ts';

/** Where rows are listed, and room for a mask: both at least as long as the slice. */
export interface RowRoom {
  readonly rows: Uint32Array;
  readonly mask: Uint8Array;
}

/**
 * Writes the rows of the slice that pass every test into `room.rows`, ascending; returns how many. What
 * distinct values decide comes first, from the smallest dictionary on: each further test then looks only at
 * rows that the ones before have left.
 */
export function listRows(tests: readonly RowTest[], slice: RowSlice, room: RowRoom): number {
  const known = tests.map((test) => test.foretell(slice.rows));
  if (known.includes('none')) return 0;
  const open = tests.filter((_, i) => known[i] === 'some');
  const coded = open
    .flatMap((test) => test.verdicts?.(slice.rows) ?? [])
    .sort((left, right) => left.byCode.length - right.byCode.length);
  let count = -1;
  for (const { codes, byCode } of coded) {
    count =
      count < 0
        ? listPassing(codes, byCode, slice.first, slice.end, room.rows)
        : keepPassing(codes, byCode, room.rows, count);
    if (count === 0) return 0;
  }
  for (const test of open.filter((one) => one.verdicts === undefined)) {
    const judgement = test.judge(slice, room.mask);
    if (judgement === 'none') return 0;
    if (judgement === 'all') continue;
    count =
      count < 0
        ? listMasked(room.mask, slice.first, slice.end - slice.first, room.rows)
        : keepMasked(room.mask, slice.first, room.rows, count);
    if (count === 0) return 0;
  }
  if (count >= 0) return count;
  for (let row = slice.first; row < slice.end; row++) room.rows[row - slice.first] = row;
  return slice.end - slice.first;
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

/** Of the listed rows those whose mask is 1, in place. */
function keepMasked(mask: Uint8Array, first: number, rows: Uint32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    rows[kept] = row;
    kept += mask[row - first];
  }
  return kept;
}

/** The rows first … end − 1 whose code passes. */
function listPassing(
  codes: CodeArray,
  byCode: Uint8Array,
  first: number,
  end: number,
  rows: Uint32Array,
): number {
  let count = 0;
  for (let row = first; row < end; row++) {
    rows[count] = row;
    count += byCode[codes[row]];
  }
  return count;
}

/** Of the listed rows those whose code passes, in place. */
function keepPassing(
  codes: CodeArray,
  byCode: Uint8Array,
  rows: Uint32Array,
  count: number,
): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    rows[kept] = row;
    kept += byCode[codes[row]];
  }
  return kept;
}
