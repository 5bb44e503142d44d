import { countEvents } from '../kernels/count-events.ts';
import { countRangeUsers, countUsers } from '../kernels/count-users.ts';
import type { CountCells, UserCells } from '../merge/partial.ts';
import type { InsightsInput } from './insights-input.ts';
import { cellCount } from './memory.ts';
import type { Entries } from './segments.ts';

/** Events by slot and bucket; an event with a weight counts so much. */
export function countCells(
  { rows, slots, slotCount, weights }: Entries,
  { buckets, bucketCount }: InsightsInput,
): CountCells[] {
  const counts = new Float64Array(cellCount(slotCount, bucketCount));
  if (weights) addWeights({ rows, slots, weights }, buckets, bucketCount, counts);
  else countEvents(rows, slots, buckets, bucketCount, counts);
  return bySlot(slotCount, (slot) => ({
    type: 'counts',
    ...sparse(counts.subarray(slot * bucketCount, (slot + 1) * bucketCount)),
  }));
}

function addWeights(
  { rows, slots, weights }: { rows: Uint32Array; slots: Uint32Array; weights: Float64Array },
  buckets: Int32Array,
  bucketCount: number,
  counts: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const bucket = buckets[rows[i]];
    if (bucket >= 0) counts[slots[i] * bucketCount + bucket] += weights[i];
  }
}

/** In which buckets a row counts: first[r] … last[r]; none where first[r] is negative or after last[r]. */
export interface RowSpans {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Distinct users by slot and bucket. */
export function userCells(entries: Entries, spans: RowSpans, input: InsightsInput): UserCells[] {
  return distinctOwners(entries, input.view.users, spans, input);
}

/** Distinct sessions by slot and bucket (4.1): one that passes the end of a bucket counts in both. */
export function sessionCells(entries: Entries, input: InsightsInput): UserCells[] {
  const { ofRow, count } = input.context.sessions();
  const spans = { first: input.buckets, last: input.buckets };
  return distinctOwners(orderByOwner(entries, ofRow, count), ofRow, spans, input);
}

/** Owner 0 is none. The entries of an owner lie together, in the order of time. */
function distinctOwners(
  { rows, slots, slotCount }: Entries,
  owners: Uint32Array,
  spans: RowSpans,
  { buckets, bucketCount }: InsightsInput,
): UserCells[] {
  const width = bucketCount + 1;
  const counts = new Float64Array(cellCount(slotCount, width));
  const scratch = { lastUser: new Uint32Array(slotCount), marked: new Int32Array(slotCount) };
  countUsers({ rows, slots, users: owners, ...spans }, bucketCount, scratch, counts);
  const range = { lastUser: new Uint32Array(slotCount), counts: new Float64Array(slotCount) };
  countRangeUsers(rows, slots, owners, buckets, range);
  return bySlot(slotCount, (slot) => ({
    type: 'users',
    ...sparse(counts.subarray(slot * width, slot * width + bucketCount)),
    range: range.counts[slot],
  }));
}

/** Sessions that have a name of their own may lie within each other: a counting sort brings each together. */
function orderByOwner(entries: Entries, owners: Uint32Array, ownerCount: number): Entries {
  const { rows, slots, slotCount } = entries;
  const ends = new Uint32Array(ownerCount + 2);
  for (let i = 0; i < rows.length; i++) ends[owners[rows[i]] + 1]++;
  for (let owner = 1; owner < ends.length; owner++) ends[owner] += ends[owner - 1];
  const ordered = { rows: new Uint32Array(rows.length), slots: new Uint32Array(rows.length) };
  for (let i = 0; i < rows.length; i++) {
    const at = ends[owners[rows[i]]]++;
    ordered.rows[at] = rows[i];
    ordered.slots[at] = slots[i];
  }
  return { ...ordered, slotCount };
}

export function bySlot<T>(slotCount: number, make: (slot: number) => T): T[] {
  return Array.from({ length: slotCount }, (_, slot) => make(slot));
}

/** What of a line of cells is not 0. */
export function sparse(cells: Float64Array): { at: number[]; counts: number[] } {
  const at: number[] = [];
  const counts: number[] = [];
  for (let bucket = 0; bucket < cells.length; bucket++) {
    if (cells[bucket] === 0) continue;
    at.push(bucket);
    counts.push(cells[bucket]);
  }
  return { at, counts };
}
