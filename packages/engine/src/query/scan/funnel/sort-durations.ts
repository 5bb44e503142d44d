/** From this length on the passes over the counters are worth it. */
const radixMin = 2048;
const digitBits = 11;
const digitCount = 1 << digitBits;

/**
 * Sorts whole numbers from 0 to 2^53, ascending, in place. Least digit first, in as many passes as the
 * largest number needs: three for durations of up to a hundred days, where `sort` compares 20 times a number.
 */
export function sortDurations(values: Float64Array): void {
  if (values.length < radixMin) {
    values.sort();
    return;
  }
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > largest) largest = values[i];
  let source: Float64Array = values;
  let target: Float64Array = new Float64Array(values.length);
  const ends = new Uint32Array(digitCount);
  for (let unit = 1; unit <= largest; unit *= digitCount) {
    sortByDigit(source, unit, ends, target);
    [source, target] = [target, source];
  }
  if (source !== values) values.set(source);
}

/** Puts the values in order of one digit and keeps their order where it is equal. */
function sortByDigit(
  source: Float64Array,
  unit: number,
  ends: Uint32Array,
  target: Float64Array,
): void {
  ends.fill(0);
  for (let i = 0; i < source.length; i++) ends[digitOf(source[i], unit)]++;
  for (let digit = 1; digit < digitCount; digit++) ends[digit] += ends[digit - 1];
  for (let i = source.length - 1; i >= 0; i--) target[--ends[digitOf(source[i], unit)]] = source[i];
}

function digitOf(value: number, unit: number): number {
  // The remainder first: bit operations know 32 bits only.
  return Math.floor(value / unit) % digitCount;
}
