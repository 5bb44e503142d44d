import type { CodeArray, EventRows } from '../scan-source.ts';
import { severalSegments } from '../segment-index.ts';
import type { DictionarySegments } from '../segment-index.ts';
import { unassigned } from './slot-table.ts';
import type { SlotTable } from './slot-table.ts';

/**
 * Rows of one event with the cell (slot · buckets + bucket) that each counts in. What the measures of a
 * group add up; the arrays are longer than `count` and belong to whoever made the entries.
 */
export interface CellEntries {
  readonly source: EventRows;
  readonly rows: Uint32Array;
  /** User of each; filled only where a property of persons is read. */
  readonly users: Uint32Array;
  readonly cells: Uint32Array;
  readonly count: number;
}

/** `out[i] = codes[index[i]]`. */
export function gatherCodes(
  codes: CodeArray,
  index: Uint32Array,
  count: number,
  out: Uint32Array,
): void {
  for (let i = 0; i < count; i++) out[i] = codes[index[i]];
}

/**
 * Turns codes into slots in place; a segment met for the first time gets its slot. Returns how many entries
 * have several slots and still wait for them.
 */
export function slotsOfCodes(
  codes: Uint32Array,
  count: number,
  { byCode }: DictionarySegments,
  table: SlotTable,
): number {
  const { bySegment } = table;
  let waiting = 0;
  for (let i = 0; i < count; i++) {
    const segment = byCode[codes[i]];
    if (segment === severalSegments) {
      waiting++;
      continue;
    }
    let slot = bySegment[segment];
    if (slot === unassigned) slot = table.slotOf(segment);
    codes[i] = slot;
  }
  return waiting;
}

/** Turns slots into cells in place. */
export function cellsInBuckets(
  slots: Uint32Array,
  count: number,
  bucketCount: number,
  buckets: Uint16Array,
): void {
  for (let i = 0; i < count; i++) slots[i] = slots[i] * bucketCount + buckets[i];
}

/**
 * Keeps the rows in bucket 0 … bucketCount − 1, where the bucket is firstBucket + pieces[i]; writes the
 * buckets. Returns how many stay.
 */
export function keepInRange(
  rows: Uint32Array,
  pieces: Uint8Array,
  count: number,
  firstBucket: number,
  bucketCount: number,
  buckets: Uint16Array,
): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const bucket = firstBucket + pieces[i];
    rows[kept] = rows[i];
    buckets[kept] = bucket;
    if (bucket >= 0 && bucket < bucketCount) kept++;
  }
  return kept;
}
