/**
 * `out[i]` = the bucket b with edges[b] ≤ times[i] < edges[b + 1], −1 outside. Times rise within a user
 * and fall between users, so the bucket of the row before is tried first and a search follows.
 */
export function assignBuckets(times: Float64Array, edges: Float64Array, out: Int32Array): void {
  const bucketCount = edges.length - 1;
  let bucket = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    if (time < edges[0] || time >= edges[bucketCount]) {
      out[i] = -1;
      continue;
    }
    if (time < edges[bucket] || time >= edges[bucket + 1]) bucket = lastAtMost(edges, time);
    out[i] = bucket;
  }
}

/** Index of the last value ≤ `limit` of an ascending list; −1 where there is none. */
export function lastAtMost(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The windows that hold each time: first[i] … last[i], none where first[i] > last[i]. They are
 * neighbours because starts and ends never fall.
 */
export function assignWindows(
  times: Float64Array,
  starts: Float64Array,
  ends: Float64Array,
  first: Int32Array,
  last: Int32Array,
): void {
  for (let i = 0; i < times.length; i++) {
    first[i] = lastAtMost(ends, times[i]) + 1;
    last[i] = lastAtMost(starts, times[i]);
  }
}
