import type { RetentionHits } from './retention-hits.ts';

/** Cells of lines: a line is a cohort of one segment and has `width` cells, one an interval. */
export interface RetentionCounts {
  readonly width: number;
  readonly counts: Float64Array;
}

/** The same for numbers, with what rounding takes from each sum (Neumaier). */
export interface RetentionSums {
  readonly width: number;
  readonly counts: Float64Array;
  readonly corrections: Float64Array;
}

/** Adds 1 for each hit to each of lines[first] … lines[end − 1]: the segments of the birth. */
export function countHits(
  { count, intervals }: RetentionHits,
  lines: Uint32Array,
  first: number,
  end: number,
  { width, counts }: RetentionCounts,
): void {
  for (let at = first; at < end; at++) {
    const base = lines[at] * width;
    for (let hit = 0; hit < count; hit++) counts[base + intervals[hit]]++;
  }
}

/** Adds 1 for each hit to the line of its slot; −1 = the slot has none. */
export function countHitsBySlot(
  { count, entries, intervals }: RetentionHits,
  slots: Uint32Array,
  lineOfSlot: Int32Array,
  { width, counts }: RetentionCounts,
): void {
  for (let hit = 0; hit < count; hit++) {
    const line = lineOfSlot[slots[entries[hit]]];
    if (line >= 0) counts[line * width + intervals[hit]]++;
  }
}

/** Adds the number of each hit to each of lines[first] … lines[end − 1]; NaN is no number. */
export function sumHits(
  { count, entries, intervals }: RetentionHits,
  numbers: Float64Array,
  lines: Uint32Array,
  first: number,
  end: number,
  sums: RetentionSums,
): void {
  for (let at = first; at < end; at++) {
    const base = lines[at] * sums.width;
    for (let hit = 0; hit < count; hit++) {
      const number = numbers[entries[hit]];
      if (number === number) addNumber(sums, base + intervals[hit], number);
    }
  }
}

/** Adds the number of each hit to the line of its slot; −1 = the slot has none. */
export function sumHitsBySlot(
  { count, entries, intervals }: RetentionHits,
  numbers: Float64Array,
  slots: Uint32Array,
  lineOfSlot: Int32Array,
  sums: RetentionSums,
): void {
  for (let hit = 0; hit < count; hit++) {
    const line = lineOfSlot[slots[entries[hit]]];
    const number = numbers[entries[hit]];
    if (line >= 0 && number === number) addNumber(sums, line * sums.width + intervals[hit], number);
  }
}

function addNumber({ counts, corrections }: RetentionSums, cell: number, number: number): void {
  const before = counts[cell];
  const after = before + number;
  corrections[cell] +=
    Math.abs(before) >= Math.abs(number) ? before - after + number : number - after + before;
  counts[cell] = after;
}

/** cell n = the sum of its line's cells from n on: who was there later was there "on or after" (6.2). */
export function addFromRight({ width, counts }: RetentionCounts): void {
  for (let end = width; end <= counts.length; end += width) {
    for (let cell = end - 2; cell >= end - width; cell--) counts[cell] += counts[cell + 1];
  }
}

/** cell n = the sum of its line's cells up to n (6.2, "on or before"). */
export function addFromLeft({ width, counts }: RetentionCounts): void {
  for (let end = width; end <= counts.length; end += width) {
    for (let cell = end - width + 1; cell < end; cell++) counts[cell] += counts[cell - 1];
  }
}
