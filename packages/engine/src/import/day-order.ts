/** What the rows of a day are ordered by, by row of the whole import. */
export interface OrderKeys {
  /** Place of the event's name among all names in order. */
  readonly eventRanks: Uint32Array;
  readonly events: Uint32Array;
  /** Ordinal by number of the distinct id. */
  readonly ordinals: Uint32Array;
  readonly users: Uint32Array;
  /** Ms UTC. */
  readonly times: Float64Array;
  /** Ms UTC. */
  readonly dayStart: number;
}

/**
 * Rows by (event name, user ordinal, time), those alike in the order in which they are given: radix sorts from the
 * last key to the first, each stable. Files are mostly ordered by time, and then that key costs one look.
 */
export function sortDay(rows: Uint32Array, keys: OrderKeys): Uint32Array {
  const { eventRanks, events, ordinals, users, times, dayStart } = keys;
  let sorted = rows;
  let sortKeys = new Uint32Array(rows.length);
  if (!isAscending(rows, times)) {
    for (let i = 0; i < rows.length; i++) sortKeys[i] = times[rows[i]] - dayStart;
    sorted = sortByKey(sorted, sortKeys);
    sortKeys = new Uint32Array(rows.length);
  }
  for (let i = 0; i < rows.length; i++) sortKeys[i] = ordinals[users[sorted[i]]];
  sorted = sortByKey(sorted, sortKeys);
  for (let i = 0; i < rows.length; i++) sortKeys[i] = eventRanks[events[sorted[i]]];
  return sortByKey(sorted, sortKeys);
}

function isAscending(rows: Uint32Array, times: Float64Array): boolean {
  for (let i = 1; i < rows.length; i++) if (times[rows[i]] < times[rows[i - 1]]) return false;
  return true;
}

const digitBits = 16;
const digits = 1 << digitBits;

/** Rows by key, which stands beside each; 16 bits a pass, and no pass that would change nothing. */
function sortByKey(rows: Uint32Array, keys: Uint32Array): Uint32Array {
  let max = 0;
  for (let i = 0; i < keys.length; i++) if (keys[i] > max) max = keys[i];
  const low = sortByDigit(rows, keys, 0);
  return max < digits ? low.rows : sortByDigit(low.rows, low.keys, digitBits).rows;
}

function sortByDigit(
  rows: Uint32Array,
  keys: Uint32Array,
  shift: number,
): { rows: Uint32Array; keys: Uint32Array } {
  const starts = new Uint32Array(digits + 1);
  for (let i = 0; i < keys.length; i++) starts[((keys[i] >>> shift) & (digits - 1)) + 1]++;
  for (let digit = 0; digit < digits; digit++) starts[digit + 1] += starts[digit];
  const sortedRows = new Uint32Array(rows.length);
  const sortedKeys = new Uint32Array(rows.length);
  for (let i = 0; i < keys.length; i++) {
    const place = starts[(keys[i] >>> shift) & (digits - 1)]++;
    sortedRows[place] = rows[i];
    sortedKeys[place] = keys[i];
  }
  return { rows: sortedRows, keys: sortedKeys };
}
