import type { Steps } from '../../base/slices.ts';

/** Text i is the UTF-8 bytes[ends[i − 1], ends[i]); text 0 is empty. */
export interface Texts {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  /** Texts 0 … count exist; `ends` may be longer. */
  readonly count: number;
  /** They are in lower case. Absent = nobody knows. */
  readonly areLower?: boolean;
}

/** So many bytes take a fraction of a millisecond, and stay in the processor's cache. */
const chunkBytes = 2 ** 18;

/**
 * Marks the texts that contain `needle`, which is in lower case, whatever the case of theirs. Copies some texts at a time
 * and searches them as one, letters made small four bytes at a step: to make a string of each takes ten times as long.
 */
export function* markContaining(
  needle: string,
  { bytes, ends, count, areLower = false }: Texts,
  verdicts: Uint8Array,
): Steps<void> {
  const search = new ChunkSearch(needle);
  for (let first = 1; first <= count;) {
    const start = ends[first - 1];
    let end = first + 1;
    while (end <= count && ends[end] - start <= chunkBytes) end++;
    const own = bytes.subarray(start, ends[end - 1]);
    const range = { start, ends, first, end };
    if (areLower) search.markLower(bufferOf(own), range, verdicts);
    else search.mark(own, range, verdicts);
    first = end;
    yield;
  }
}

/** Texts first … end − 1, which begin at byte `start`. */
interface TextRange {
  readonly start: number;
  readonly ends: Uint32Array;
  readonly first: number;
  readonly end: number;
}

class ChunkSearch {
  readonly #needle: string;
  readonly #needleBytes: Buffer;
  #words = new Int32Array(chunkBytes / 4);

  constructor(needle: string) {
    this.#needle = needle;
    this.#needleBytes = Buffer.from(needle);
  }

  mark(bytes: Uint8Array, range: TextRange, verdicts: Uint8Array): void {
    const wordCount = Math.ceil(bytes.length / 4);
    if (wordCount > this.#words.length) this.#words = new Int32Array(wordCount);
    const small = Buffer.from(this.#words.buffer, 0, wordCount * 4);
    small.fill(0, bytes.length);
    small.set(bytes);
    const isAscii = lowerAscii(this.#words, wordCount);
    if (isAscii) this.markLower(small, range, verdicts);
    else this.#markEach(small, range, verdicts);
  }

  /** Of texts whose bytes are those of their lower case. */
  markLower(small: Buffer, { start, ends, first, end }: TextRange, verdicts: Uint8Array): void {
    const { length } = this.#needleBytes;
    let text = first;
    let at = small.indexOf(this.#needleBytes);
    while (at >= 0) {
      while (text < end && ends[text] - start <= at) text++;
      if (text === end) return;
      const textEnd = ends[text] - start;
      // What begins in one text and ends in the next is in neither.
      const isInside = at + length <= textEnd;
      if (isInside) verdicts[text] = 1;
      at = small.indexOf(this.#needleBytes, isInside ? textEnd : at + 1);
    }
  }

  /** Beyond ASCII, letters may change their length with their case. */
  #markEach(small: Buffer, { start, ends, first, end }: TextRange, verdicts: Uint8Array): void {
    for (let text = first; text < end; text++) {
      const own = small.toString('utf8', ends[text - 1] - start, ends[text] - start);
      if (own.toLowerCase().includes(this.#needle)) verdicts[text] = 1;
    }
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * Makes the letters A to Z among the first `count` × 4 bytes small: four at a time, the top bit of each byte telling
 * whether it lies in the range. Returns whether all bytes are ASCII.
 */
export function lowerAscii(words: Int32Array, count: number): boolean {
  let any = 0;
  for (let i = 0; i < count; i++) {
    const word = words[i];
    const low = word & 0x7f7f7f7f;
    const upper = ((low + 0x3f3f3f3f) ^ (low + 0x25252525)) & ~word & 0x80808080;
    any |= word;
    words[i] = word | (upper >>> 2);
  }
  return (any & 0x80808080) === 0;
}
