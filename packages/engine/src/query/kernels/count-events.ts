/** Adds 1 to the cell (slot, bucket) of every entry; bucket −1 counts nowhere. */
export function countEvents(
  rows: Uint32Array,
  slots: Uint32Array,
  buckets: Int32Array,
  bucketCount: number,
  counts: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const bucket = buckets[rows[i]];
    if (bucket >= 0) counts[slots[i] * bucketCount + bucket]++;
  }
}
