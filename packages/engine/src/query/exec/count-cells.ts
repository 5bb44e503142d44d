import { countEvents } from '../kernels/count-events.ts';
import { countRangeUsers, countUsers } from '../kernels/count-users.ts';
import type { CountCells, UserCells } from '../merge/partial.ts';
import type { InsightsInput } from './insights.ts';
import { cellCount } from './memory.ts';
import type { Entries } from './segments.ts';

/** Events by slot and bucket. */
export function countCells(
  { rows, slots, slotCount }: Entries,
  { buckets, bucketCount }: InsightsInput,
): CountCells[] {
  const counts = new Float64Array(cellCount(slotCount, bucketCount));
  countEvents(rows, slots, buckets, bucketCount, counts);
  return bySlot(slotCount, (slot) => ({
    type: 'counts',
    ...sparse(counts.subarray(slot * bucketCount, (slot + 1) * bucketCount)),
  }));
}

/** Distinct users by slot and bucket, where row r counts in buckets first[r] … last[r]. */
export function userCells(
  { rows, slots, slotCount }: Entries,
  spans: { readonly first: Int32Array; readonly last: Int32Array },
  { view, buckets, bucketCount }: InsightsInput,
): UserCells[] {
  const width = bucketCount + 1;
  const counts = new Float64Array(cellCount(slotCount, width));
  const scratch = { lastUser: new Uint32Array(slotCount), marked: new Int32Array(slotCount) };
  countUsers({ rows, slots, users: view.users, ...spans }, bucketCount, scratch, counts);
  const range = { lastUser: new Uint32Array(slotCount), counts: new Float64Array(slotCount) };
  countRangeUsers(rows, slots, view.users, buckets, range);
  return bySlot(slotCount, (slot) => ({
    type: 'users',
    ...sparse(counts.subarray(slot * width, slot * width + bucketCount)),
    range: range.counts[slot],
  }));
}

export function bySlot<T>(slotCount: number, make: (slot: number) => T): T[] {
  return Array.from({ length: slotCount }, (_, slot) => make(slot));
}

function sparse(cells: Float64Array): { at: number[]; counts: number[] } {
  const at: number[] = [];
  const counts: number[] = [];
  for (let bucket = 0; bucket < cells.length; bucket++) {
    if (cells[bucket] === 0) continue;
    at.push(bucket);
    counts.push(cells[bucket]);
  }
  return { at, counts };
}
