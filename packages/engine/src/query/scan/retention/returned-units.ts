/**
 * What the bits of a birth say: bit n of `words` (from word `base` on, `wordCount` of them) is set where its user came
 * back in the n-th unit, or interval, since the birth.
 */

/** The first one; −1 = never. */
export function firstReturn(words: Uint32Array, base: number, wordCount: number): number {
  for (let word = 0; word < wordCount; word++) {
    const bits = words[base + word];
    if (bits !== 0) return word * 32 + 31 - Math.clz32(bits & -bits);
  }
  return -1;
}

/** The last one; −1 = never. */
export function lastReturn(words: Uint32Array, base: number, wordCount: number): number {
  for (let word = wordCount - 1; word >= 0; word--) {
    const bits = words[base + word];
    if (bits !== 0) return word * 32 + 31 - Math.clz32(bits);
  }
  return -1;
}

/** The last one of those from the birth on without a gap; −1 = not in the first. */
export function lastOfStreak(words: Uint32Array, base: number, wordCount: number): number {
  for (let word = 0; word < wordCount; word++) {
    const missing = ~words[base + word];
    if (missing !== 0) return word * 32 + 30 - Math.clz32(missing & -missing);
  }
  return wordCount * 32 - 1;
}

/** Adds 1 to each one. */
export function countReturns(
  words: Uint32Array,
  base: number,
  wordCount: number,
  counts: Float64Array,
): void {
  for (let word = 0; word < wordCount; word++) {
    let bits = words[base + word];
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits);
      counts[word * 32 + bit]++;
      bits ^= 1 << bit;
    }
  }
}

/** Sets in `intervals`, which is cleared before, the bit of the interval of each unit: brackets have several. */
export function unitsToIntervals(
  words: Uint32Array,
  base: number,
  wordCount: number,
  intervalOfUnit: Uint16Array,
  intervals: Uint32Array,
): void {
  intervals.fill(0);
  for (let word = 0; word < wordCount; word++) {
    let bits = words[base + word];
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits);
      const interval = intervalOfUnit[word * 32 + bit];
      intervals[interval >>> 5] |= 1 << (interval & 31);
      bits ^= 1 << bit;
    }
  }
}
