/** 28 bits hold every ms of a day. */
const digitBits = 14;
const digitCount = 1 << digitBits;

/**
 * Rows by time, those of one time as they were: `keys.toSorted()` of indices, in two passes of counting instead of
 * n log n comparisons. `times`: ms since the day began.
 */
export function orderByTime(times: Uint32Array): Uint32Array {
  const low = new Uint32Array(times.length);
  for (let row = 0; row < low.length; row++) low[row] = row;
  const middle = new Uint32Array(times.length);
  countingPass(times, 0, low, middle);
  countingPass(times, digitBits, middle, low);
  return low;
}

/** Puts the rows of `source` into `target` by one digit of their times. */
function countingPass(
  times: Uint32Array,
  shift: number,
  source: Uint32Array,
  target: Uint32Array,
): void {
  const next = new Uint32Array(digitCount + 1);
  const mask = digitCount - 1;
  for (let i = 0; i < source.length; i++) next[((times[source[i]] >>> shift) & mask) + 1]++;
  for (let digit = 0; digit < digitCount; digit++) next[digit + 1] += next[digit];
  for (let i = 0; i < source.length; i++) {
    target[next[(times[source[i]] >>> shift) & mask]++] = source[i];
  }
}
