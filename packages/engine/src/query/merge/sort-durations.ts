/** From this length on the passes over the counters are worth it. */
const radixMin = 2048;
const digitBits = 11;
const digitCount = 1 << digitBits;
const digitMask = digitCount - 1;

/**
 * Whole numbers from 0 to 2^53, ascending; the array given may be used up. Those below 2^32 (49 days of ms)
 * go digit by digit, the least one first: three passes, where `sort` compares some 20 times a number.
 */
export function sortDurations(values: Uint32Array | Float64Array): Uint32Array | Float64Array {
  if (values.length < radixMin) return values.sort();
  if (values instanceof Uint32Array) return sortByDigits(values);
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > largest) largest = values[i];
  return largest > 0xffff_ffff ? values.sort() : sortByDigits(new Uint32Array(values));
}

function sortByDigits(values: Uint32Array): Uint32Array {
  let source: Uint32Array = values;
  let target: Uint32Array = new Uint32Array(values.length);
  const counts = new Uint32Array(3 * digitCount);
  for (let i = 0; i < source.length; i++) {
    const value = source[i];
    counts[value & digitMask]++;
    counts[digitCount + ((value >>> digitBits) & digitMask)]++;
    counts[2 * digitCount + (value >>> (2 * digitBits))]++;
  }
  for (let digit = 0; digit < 3; digit++) {
    const starts = counts.subarray(digit * digitCount, (digit + 1) * digitCount);
    if (!toStarts(starts, values.length)) continue;
    sortByDigit(source, digit * digitBits, starts, target);
    [source, target] = [target, source];
  }
  return source;
}

/** From how often each digit occurs to where its numbers go; false where all numbers have the same digit. */
function toStarts(counts: Uint32Array, total: number): boolean {
  let start = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit];
    if (count === total) return false;
    counts[digit] = start;
    start += count;
  }
  return true;
}

/** Puts the values in order of one digit and keeps their order where it is equal. */
function sortByDigit(
  source: Uint32Array,
  shift: number,
  starts: Uint32Array,
  target: Uint32Array,
): void {
  for (let i = 0; i < source.length; i++) {
    const value = source[i];
    target[starts[(value >>> shift) & digitMask]++] = value;
  }
}
