import { sequenceCodecId } from '../../constants.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/** A bitmap must not be made for a few numbers far apart: the estimate is exact, so it never is. */
const wordsOf = (first: number, last: number): number => Math.floor((last - first) / 32) + 1;

/**
 * Ascending numbers, none twice, as a presence bitmap. Word 0: id. Word 1: the first number. Word 2: words
 * that follow; bit b of word w stands for first + 32 w + b.
 */
export const bitmapCodec: SequenceCodec = {
  id: sequenceCodecId.bitmap,
  name: 'bitmap',
  isNesting: false,
  handicap: 1,
  estimate(values, { isAscending, min, max }) {
    return isAscending && values.length > 1 ? 96 + 32 * wordsOf(min, max) : Infinity;
  },
  encode(writer, values, { stats: { min, max } }) {
    const wordCount = wordsOf(min, max);
    writer.push(sequenceCodecId.bitmap);
    writer.push(min);
    writer.push(wordCount);
    const at = writer.take(wordCount);
    const { words } = writer;
    for (let i = 0; i < values.length; i++) {
      const bit = values[i] - min;
      words[at + (bit >>> 5)] |= 1 << (bit & 31);
    }
  },
  decode(reader, target) {
    const first = reader.next();
    const wordCount = reader.next();
    const start = reader.take(wordCount);
    const bits = reader.words.subarray(start, start + wordCount);
    const count = countBits(bits);
    if (count !== target.length || first + 32 * wordCount > 0x1_0000_0000 + 31) {
      throw reader.corrupt(
        `bitmap of ${count} numbers from ${first} on, expected ${target.length}`,
      );
    }
    listBits(bits, first, target);
  },
};

function countBits(words: Uint32Array): number {
  let count = 0;
  for (let w = 0; w < words.length; w++) {
    let bits = words[w];
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
    count += Math.imul(bits, 0x01010101) >>> 24;
  }
  return count;
}

function listBits(words: Uint32Array, first: number, target: Uint32Array): void {
  let at = 0;
  for (let w = 0; w < words.length; w++) {
    let bits = words[w];
    while (bits !== 0) {
      const lowest = bits & -bits;
      target[at++] = first + 32 * w + 31 - Math.clz32(lowest);
      bits ^= lowest;
    }
  }
}
