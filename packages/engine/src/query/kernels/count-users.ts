/**
 * Distinct users by slot and bucket, where row r counts in the buckets first[r] … last[r].
 *
 * Rows are ordered by (user, time) and windows never fall, so a user's next row can only add buckets
 * after those he is counted in already: one number a slot replaces a set of users a cell. Only the ends
 * of each run of buckets are written; summing along the buckets gives the counts. User 0 is nobody.
 *
 * `counts` has bucketCount + 1 cells a slot, the last one is scratch. `lastUser` and `marked` are zero
 * at the start, one cell a slot.
 */
export function countUsers(
  input: {
    readonly rows: Uint32Array;
    readonly slots: Uint32Array;
    readonly users: Uint32Array;
    readonly first: Int32Array;
    readonly last: Int32Array;
  },
  bucketCount: number,
  scratch: { readonly lastUser: Uint32Array; readonly marked: Int32Array },
  counts: Float64Array,
): void {
  const { rows, slots, users, first, last } = input;
  const { lastUser, marked } = scratch;
  const width = bucketCount + 1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const user = users[row];
    if (user === 0 || first[row] < 0) continue;
    const slot = slots[i];
    // marked = the first bucket in which this user does not count yet.
    if (lastUser[slot] !== user) {
      lastUser[slot] = user;
      marked[slot] = 0;
    }
    const from = first[row] > marked[slot] ? first[row] : marked[slot];
    const to = last[row] + 1;
    if (from >= to) continue;
    counts[slot * width + from]++;
    counts[slot * width + to]--;
    marked[slot] = to;
  }
  for (let start = 0; start < counts.length; start += width) {
    for (let bucket = 1; bucket < width; bucket++) {
      counts[start + bucket] += counts[start + bucket - 1];
    }
  }
}

/** Distinct users by slot over the rows that lie in some bucket. `lastUser` is zero at the start. */
export function countRangeUsers(
  rows: Uint32Array,
  slots: Uint32Array,
  users: Uint32Array,
  buckets: Int32Array,
  out: { readonly lastUser: Uint32Array; readonly counts: Float64Array },
): void {
  const { lastUser, counts } = out;
  for (let i = 0; i < rows.length; i++) {
    const user = users[rows[i]];
    const slot = slots[i];
    if (user === 0 || buckets[rows[i]] < 0 || lastUser[slot] === user) continue;
    lastUser[slot] = user;
    counts[slot]++;
  }
}
