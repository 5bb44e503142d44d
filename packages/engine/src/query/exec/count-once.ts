import type { UserCells } from '../merge/partial.ts';
import { bySlot, sparse } from './count-cells.ts';
import type { InsightsInput } from './insights-input.ts';
import { cellCount } from './memory.ts';
import type { Entries } from './segments.ts';

/** Which row of a user decides where he counts (4.3), a bit each: in its bucket, in the whole range. */
export const inBucket = 1;
export const inRange = 2;

/** By row: whether it is the first or the last of its user among `rows`, which ascend. */
export function decidingRows(
  rows: Uint32Array,
  which: 'first' | 'last',
  { view, buckets }: InsightsInput,
): Uint8Array {
  const marks = new Uint8Array(view.rowCount);
  const step = which === 'first' ? 1 : -1;
  let user = 0;
  let bucket = -1;
  for (let i = step === 1 ? 0 : rows.length - 1; i >= 0 && i < rows.length; i += step) {
    const row = rows[i];
    if (view.users[row] === 0 || buckets[row] < 0) continue;
    if (view.users[row] !== user) marks[row] = inBucket | inRange;
    else if (buckets[row] !== bucket) marks[row] = inBucket;
    user = view.users[row];
    bucket = buckets[row];
  }
  return marks;
}

/** Users by the slots of the row that decides, by bucket and over the range; touches share that row (14.6). */
export function onceCells(
  { rows, slots, slotCount, weights }: Entries,
  marks: Uint8Array,
  { buckets, bucketCount }: InsightsInput,
): UserCells[] {
  const counts = new Float64Array(cellCount(slotCount, bucketCount));
  const ranges = new Float64Array(slotCount);
  for (let i = 0; i < rows.length; i++) {
    const mark = marks[rows[i]];
    const share = weights?.[i] ?? 1;
    if ((mark & inBucket) !== 0) counts[slots[i] * bucketCount + buckets[rows[i]]] += share;
    if ((mark & inRange) !== 0) ranges[slots[i]] += share;
  }
  return bySlot(slotCount, (slot) => ({
    type: 'users',
    ...sparse(counts.subarray(slot * bucketCount, (slot + 1) * bucketCount)),
    range: ranges[slot],
  }));
}
