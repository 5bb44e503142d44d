/**
 * Huffman codes for *classes*: the number of bits (0 … 32) that a number needs. There are at most 33, so a
 * code is described by 33 lengths and decoded by one look into a small table.
 */
export const classCount = 33;

/** No code is longer: the table of the decoder has 2^10 entries and stays in the fastest cache. */
export const codeLengthMax = 10;

/** Bits of one length in the description: a length is 0 (class does not occur) to 10. */
const lengthBits = 4;
export const lengthWords = Math.ceil((classCount * lengthBits) / 32);

/**
 * Bits that class-pack takes for `factor` times as many numbers of each class as are counted: by the entropy of the
 * classes, which the code comes near to.
 */
export function classBits(counts: Uint32Array, factor: number): number {
  let total = 0;
  let used = 0;
  let bits = 0;
  for (let c = 0; c < classCount; c++) {
    const count = counts[c];
    if (count === 0) continue;
    total += count;
    used++;
    bits += count * (restWidth(c) - Math.log2(count));
  }
  // A code has one bit at least.
  bits += used === 1 ? total * (1 + Math.log2(total)) : total === 0 ? 0 : total * Math.log2(total);
  return 32 * (7 + lengthWords) + bits * factor * 1.02;
}

/** Bits of a number besides its class: its highest bit is known to be 1. */
export function restWidth(numberClass: number): number {
  return numberClass === 0 ? 0 : numberClass - 1;
}

/** Lengths of the codes by class, 0 where the class does not occur; the shortest code has one bit. */
export function codeLengths(counts: Uint32Array): Uint8Array {
  let total = 0;
  for (let c = 0; c < classCount; c++) total += counts[c];
  // Rare classes are taken for more frequent than they are until no code is too long: with all counts
  // equal a code has 6 bits, so this ends.
  for (let floor = 0; ; floor = floor === 0 ? total / 1024 : floor * 2) {
    const lengths = huffmanLengths(Array.from(counts, (n) => (n === 0 ? 0 : Math.max(n, floor))));
    if (lengths.every((length) => length <= codeLengthMax)) return lengths;
  }
}

function huffmanLengths(weights: readonly number[]): Uint8Array {
  const lengths = new Uint8Array(weights.length);
  let trees = weights
    .map((weight, symbol) => ({ weight, symbols: [symbol] }))
    .filter(({ weight }) => weight > 0);
  if (trees.length === 1) lengths[trees[0].symbols[0]] = 1;
  while (trees.length > 1) {
    trees.sort((a, b) => b.weight - a.weight || b.symbols[0] - a.symbols[0]);
    const [right, left] = trees.slice(-2);
    const symbols = [...left.symbols, ...right.symbols];
    for (const symbol of symbols) lengths[symbol]++;
    trees = [...trees.slice(0, -2), { weight: left.weight + right.weight, symbols }];
  }
  return lengths;
}

/** Canonical codes by class, the first bit of a code lowest: as they lie in the stream. */
export function codesOf(lengths: Uint8Array): Uint32Array {
  const codes = new Uint32Array(classCount);
  let code = 0;
  for (let length = 1; length <= codeLengthMax; length++) {
    for (let c = 0; c < classCount; c++) {
      if (lengths[c] === length) codes[c] = reverseBits(code++, length);
    }
    code *= 2;
  }
  return codes;
}

function reverseBits(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >>> bit) & 1) << (length - 1 - bit);
  return reversed;
}

/** Entries of the decoding table: width of the rest | highest bit of the number, 0 or 1 | length of the code. */
export const widthMask = 31;
export const topShift = 5;
export const lengthShift = 6;
export const tableMask = (1 << codeLengthMax) - 1;

function entryOf(numberClass: number, length: number): number {
  const top = numberClass === 0 ? 0 : 1;
  return restWidth(numberClass) | (top << topShift) | (length << lengthShift);
}

/**
 * By the next 10 bits of a stream: what a number begins with. Null where the lengths are those of no complete
 * code. A code with one class alone is complete by agreement: any bit stands for it.
 */
export function decodingTable(lengths: Uint8Array): Uint16Array | null {
  const table = new Uint16Array(tableMask + 1);
  let usedCount = 0;
  let last = 0;
  let share = 0;
  for (let c = 0; c < classCount; c++) {
    if (lengths[c] === 0) continue;
    if (lengths[c] > codeLengthMax) return null;
    usedCount++;
    last = c;
    share += table.length >>> lengths[c];
  }
  if (usedCount === 1 && lengths[last] === 1) return table.fill(entryOf(last, 1));
  if (share !== table.length) return null;
  const codes = codesOf(lengths);
  for (let c = 0; c < classCount; c++) {
    if (lengths[c] === 0) continue;
    const step = 1 << lengths[c];
    const entry = entryOf(c, lengths[c]);
    for (let at = codes[c]; at < table.length; at += step) table[at] = entry;
  }
  return table;
}

/** Four bits a class, from the lowest of the first word on. */
export function packLengths(words: Uint32Array, at: number, lengths: Uint8Array): void {
  for (let c = 0; c < classCount; c++)
    words[at + (c >>> 3)] |= lengths[c] << ((c & 7) * lengthBits);
}

export function unpackLengths(words: Uint32Array, at: number): Uint8Array {
  const lengths = new Uint8Array(classCount);
  for (let c = 0; c < classCount; c++) {
    lengths[c] = (words[at + (c >>> 3)] >>> ((c & 7) * lengthBits)) & 15;
  }
  return lengths;
}

/** One of the two halves of a class-pack sequence, and how far it is decoded. */
export interface ClassStream {
  /** Words of the block. */
  readonly codesAt: number;
  readonly codeWords: number;
  readonly restsAt: number;
  readonly restWords: number;
  /** Its numbers lie at [from, from + count) of the target. */
  readonly from: number;
  readonly count: number;
  /** Numbers that are decoded, and bits of both streams that they took. */
  done: number;
  codeBit: number;
  restBit: number;
}
