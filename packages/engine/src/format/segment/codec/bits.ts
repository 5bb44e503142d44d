/**
 * Numbers of `width` bits each, one after the other from the lowest bit of the first word on. A width is
 * 0 to 32; what is packed is the difference to `min`.
 */
export function packedWords(count: number, width: number): number {
  return Math.ceil((count * width) / 32);
}

/** Bits that a number needs: 0 for 0, 32 from 2^31 on. */
export function bitWidth(value: number): number {
  return 32 - Math.clz32(value);
}

/** Packs values[start, end) into `words` from word `at` on. */
export function packBits(
  words: Uint32Array,
  at: number,
  values: Uint32Array,
  { start, end, min, width }: { start: number; end: number; min: number; width: number },
): void {
  if (width === 0) return;
  let word = 0;
  let used = 0;
  for (let i = start; i < end; i++) {
    const value = values[i] - min;
    word |= value << used;
    used += width;
    if (used >= 32) {
      words[at++] = word;
      used -= 32;
      // A shift by 32 would shift by 0.
      word = used === 0 ? 0 : value >>> (width - used);
    }
  }
  if (used > 0) words[at] = word;
}

/**
 * Unpacks `count` numbers from word `at` of `words` on into target[0, count). Loads two words for every
 * number, also where the second holds none of it: cheaper than a branch. The word behind the last must exist.
 */
export function unpackBits(
  words: Uint32Array,
  at: number,
  target: Uint32Array,
  { from, count, min, width }: { from: number; count: number; min: number; width: number },
): void {
  const end = from + count;
  if (width === 0) {
    target.fill(min, from, end);
    return;
  }
  if (width === 32) {
    for (let i = from, word = at; i < end; i++, word++) target[i] = words[word] + min;
    return;
  }
  const mask = (1 << width) - 1;
  for (let i = from, bit = 0; i < end; i++, bit += width) {
    const word = at + (bit >>> 5);
    const shift = bit & 31;
    // << 1 << (31 − shift) instead of << (32 − shift), which for shift 0 would not shift at all.
    target[i] = (((words[word] >>> shift) | ((words[word + 1] << 1) << (31 - shift))) & mask) + min;
  }
}
