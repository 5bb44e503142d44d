/** Where the numbers of a metric are: NaN by code stands for "no number" (4.1: such values are ignored). */
export interface NumberInput {
  readonly rows: Uint32Array;
  readonly slots: Uint32Array;
  readonly buckets: Int32Array;
  readonly codes: Uint32Array;
  readonly numberByCode: Float64Array;
}

/**
 * Sum and count of the numbers by cell. What a sum loses by rounding is kept in `corrections`
 * (Neumaier): the total does not depend on how rows are spread over shards.
 */
export function sumNumbers(
  { rows, slots, buckets, codes, numberByCode }: NumberInput,
  bucketCount: number,
  out: {
    readonly sums: Float64Array;
    readonly corrections: Float64Array;
    readonly counts: Float64Array;
  },
): void {
  const { sums, corrections, counts } = out;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const value = numberByCode[codes[row]];
    if (value !== value || buckets[row] < 0) continue;
    const cell = slots[i] * bucketCount + buckets[row];
    const before = sums[cell];
    const after = before + value;
    corrections[cell] +=
      Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    sums[cell] = after;
    counts[cell]++;
  }
}

/** Greatest number of each cell times `sign`: 1 finds the maximum, −1 the minimum. Starts at −∞. */
export function findExtremes(
  { rows, slots, buckets, codes, numberByCode }: NumberInput,
  bucketCount: number,
  sign: 1 | -1,
  extremes: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const value = numberByCode[codes[row]] * sign;
    if (value !== value || buckets[row] < 0) continue;
    const cell = slots[i] * bucketCount + buckets[row];
    if (value > extremes[cell]) extremes[cell] = value;
  }
}

/** How many numbers each cell has; the first half of `placeNumbers`. */
export function countNumbers(
  { rows, slots, buckets, codes, numberByCode }: NumberInput,
  bucketCount: number,
  counts: Uint32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const value = numberByCode[codes[row]];
    if (value === value && buckets[row] >= 0) counts[slots[i] * bucketCount + buckets[row]]++;
  }
}

/** Writes the numbers of each cell together, from `next[cell]` on, which moves to the cell's end. */
export function placeNumbers(
  { rows, slots, buckets, codes, numberByCode }: NumberInput,
  bucketCount: number,
  next: Uint32Array,
  values: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const value = numberByCode[codes[row]];
    if (value === value && buckets[row] >= 0) {
      values[next[slots[i] * bucketCount + buckets[row]]++] = value;
    }
  }
}
