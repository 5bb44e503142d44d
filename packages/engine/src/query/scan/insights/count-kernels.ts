import type { CodeArray, EventRows } from '../scan-source.ts';
import { quarterMs } from './day-pieces.ts';
import type { DayPieces } from './day-pieces.ts';

/** Rows by piece of the day; `mask` null = all rows. */
export function countInPieces(
  times: Uint32Array,
  mask: Uint8Array | null,
  pieces: DayPieces,
  counts: Uint32Array,
): void {
  if (pieces.count === 2) countAroundCut(times, mask, pieces.cuts[0], counts);
  else if (mask === null) countTimes(times, pieces, counts);
  else countMaskedTimes(times, mask, pieces, counts);
}

/** One cut, as days of a zone make, needs no look-up. */
function countAroundCut(
  times: Uint32Array,
  mask: Uint8Array | null,
  cut: number,
  counts: Uint32Array,
): void {
  let before = 0;
  let all = times.length;
  if (mask === null) {
    for (let row = 0; row < times.length; row++) before += Number(times[row] < cut);
  } else {
    all = 0;
    for (let row = 0; row < times.length; row++) {
      before += Number(times[row] < cut) & mask[row];
      all += mask[row];
    }
  }
  counts[0] += before;
  counts[1] += all - before;
}

function countTimes(times: Uint32Array, { cuts, byQuarter }: DayPieces, counts: Uint32Array): void {
  for (let row = 0; row < times.length; row++) {
    const time = times[row];
    let piece = byQuarter[(time / quarterMs) | 0];
    while (time >= cuts[piece]) piece++;
    counts[piece]++;
  }
}

function countMaskedTimes(
  times: Uint32Array,
  mask: Uint8Array,
  { cuts, byQuarter }: DayPieces,
  counts: Uint32Array,
): void {
  for (let row = 0; row < times.length; row++) {
    const time = times[row];
    let piece = byQuarter[(time / quarterMs) | 0];
    while (time >= cuts[piece]) piece++;
    counts[piece] += mask[row];
  }
}

/** Rows by piece (outer) and code (inner). */
export function countCodesInPieces(
  input: {
    readonly times: Uint32Array;
    readonly codes: CodeArray;
    readonly mask: Uint8Array | null;
  },
  { cuts, byQuarter }: DayPieces,
  codeCount: number,
  counts: Uint32Array,
): void {
  const { times, codes, mask } = input;
  for (let row = 0; row < times.length; row++) {
    const time = times[row];
    let piece = byQuarter[(time / quarterMs) | 0];
    while (time >= cuts[piece]) piece++;
    counts[piece * codeCount + codes[row]] += mask === null ? 1 : mask[row];
  }
}

/** Rows by code, where the mask (1 = counts) lets them through. */
export function countMaskedCodes(
  codes: CodeArray,
  mask: Uint8Array,
  length: number,
  counts: Uint32Array,
): void {
  for (let row = 0; row < length; row++) counts[codes[row]] += mask[row];
}

/** Rows by code. Neighbours share a code often: two histograms keep one increment from waiting for another. */
export function countCodes(
  codes: CodeArray,
  length: number,
  counts: Uint32Array,
  others: Uint32Array,
): void {
  let row = 0;
  for (; row + 1 < length; row += 2) {
    counts[codes[row]]++;
    others[codes[row + 1]]++;
  }
  if (row < length) counts[codes[row]]++;
  for (let code = 0; code < others.length; code++) counts[code] += others[code];
}

/** Rows by code of their users; `passing` (by ordinal) null = all. */
export function countCodesOfUsers(
  { users, starts }: EventRows,
  codes: CodeArray,
  passing: Uint8Array | null,
  counts: Uint32Array,
): void {
  for (let run = 0; run < users.length; run++) {
    const user = users[run];
    if (passing !== null && passing[user] === 0) continue;
    counts[codes[user]] += starts[run + 1] - starts[run];
  }
}
