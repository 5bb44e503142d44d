/** From this length on the passes over the counters are worth it. */
const radixMin = 2048;
const digitBits = 11;
const digitCount = 1 << digitBits;

/**
 * Sorts whole numbers from 0 to 2^53, ascending, in place. Those below 2^32 (49 days of ms) go digit by
 * digit, the least one first: three passes, where `sort` compares some 20 times a number.
 */
export function sortDurations(values: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > largest) largest = values[i];
  if (values.length < radixMin || largest > 0xffff_ffff) {
    values.sort();
    return;
  }
  let source = new Uint32Array(values);
  let target = new Uint32Array(values.length);
  const ends = new Uint32Array(digitCount);
  for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += digitBits) {
    sortByDigit(source, shift, ends, target);
    [source, target] = [target, source];
  }
  values.set(source);
}

/** Puts the values in order of one digit and keeps their order where it is equal. */
function sortByDigit(
  source: Uint32Array,
  shift: number,
  ends: Uint32Array,
  target: Uint32Array,
): void {
  ends.fill(0);
  for (let i = 0; i < source.length; i++) ends[(source[i] >>> shift) & (digitCount - 1)]++;
  for (let digit = 1; digit < digitCount; digit++) ends[digit] += ends[digit - 1];
  for (let i = source.length - 1; i >= 0; i--) {
    target[--ends[(source[i] >>> shift) & (digitCount - 1)]] = source[i];
  }
}
