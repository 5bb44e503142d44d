import { sequenceCodecId } from '../../constants.ts';
import type { WordReader, WordWriter } from '../words.ts';
import { bitWidth } from './bits.ts';
import {
  classBits,
  classCount,
  type ClassStream,
  codeLengths,
  codesOf,
  decodingTable,
  lengthShift,
  lengthWords,
  packLengths,
  restWidth,
  tableMask,
  topShift,
  unpackLengths,
  widthMask,
} from './class-code.ts';
import { decodeInPairs, kernelCountMin } from './class-pack-kernel.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/**
 * Numbers of very different sizes: a Huffman code for the bits a number has, then these bits without the
 * highest, which is 1. Near the entropy of gaps between events, which spread evenly over the sizes.
 *
 * Word 0: id. Five words: lengths of the codes. Then for the first half of the numbers (the longer one), and
 * for the second: word: words of codes; word: words of rests. Then codes and rests of the first half, codes
 * and rests of the second. **Why halves:** where a code begins is only known when the one before was looked up.
 * Two streams are followed at once, which takes 3.5 ns a number instead of 5.5 to 9; long sequences are
 * decoded two numbers a look in WebAssembly (class-pack-kernel.ts), in half of that.
 */
export const classPackCodec: SequenceCodec = {
  id: sequenceCodecId.classPack,
  name: 'class-pack',
  isNesting: false,
  // Five times slower than bit-pack: 5 % of the bytes must pay for it.
  handicap: 1.05,
  estimate: (_, { classCounts, count, sampleCount }) => classBits(classCounts, count / sampleCount),
  encode(writer, values) {
    const half = Math.ceil(values.length / 2);
    const halves = [values.subarray(0, half), values.subarray(half)];
    const counts = halves.map(countClasses);
    const lengths = codeLengths(counts[0].map((count, c) => count + counts[1][c]));
    writer.push(sequenceCodecId.classPack);
    const lengthsAt = writer.take(lengthWords);
    packLengths(writer.words, lengthsAt, lengths);
    const sizes = counts.map((own) => streamWords(own, lengths));
    for (const { codeWords, restWords } of sizes) {
      writer.push(codeWords);
      writer.push(restWords);
    }
    halves.forEach((own, h) => {
      writeCodes(writer, own, lengths, sizes[h].codeWords);
      writeRests(writer, own, sizes[h].restWords);
    });
  },
  decode(reader, target) {
    const table = decodingTable(unpackLengths(reader.words, reader.take(lengthWords)));
    if (table === null) throw reader.corrupt('code lengths make no complete code');
    const half = Math.ceil(target.length / 2);
    const halves = readStreams(reader, [half, target.length - half]);
    if (target.length < kernelCountMin) {
      decodeHalves(reader.words, table, halves, target);
    } else {
      decodeInPairs(reader.words, table, halves, target);
      for (const stream of halves) decodeRest(reader.words, table, stream, target);
    }
    for (const { codeBit, codeWords, restBit, restWords } of halves) {
      if (codeBit > 32 * codeWords || restBit > 32 * restWords) {
        throw reader.corrupt('codes end before their numbers do');
      }
    }
  },
};

function readStreams(
  reader: WordReader,
  counts: readonly [number, number],
): readonly [ClassStream, ClassStream] {
  const sizes = counts.map(() => ({ codeWords: reader.next(), restWords: reader.next() }));
  const streamOf = (half: 0 | 1): ClassStream => ({
    codesAt: reader.take(sizes[half].codeWords),
    codeWords: sizes[half].codeWords,
    restsAt: reader.take(sizes[half].restWords),
    restWords: sizes[half].restWords,
    from: half === 0 ? 0 : counts[0],
    count: counts[half],
    done: 0,
    codeBit: 0,
    restBit: 0,
  });
  return [streamOf(0), streamOf(1)];
}

function countClasses(values: Uint32Array): Uint32Array {
  const counts = new Uint32Array(classCount);
  for (let i = 0; i < values.length; i++) counts[32 - Math.clz32(values[i])]++;
  return counts;
}

function streamWords(
  counts: Uint32Array,
  lengths: Uint8Array,
): { codeWords: number; restWords: number } {
  let codeBits = 0;
  let restBits = 0;
  for (let c = 0; c < classCount; c++) {
    codeBits += counts[c] * lengths[c];
    restBits += counts[c] * restWidth(c);
  }
  return { codeWords: Math.ceil(codeBits / 32), restWords: Math.ceil(restBits / 32) };
}

function writeCodes(
  writer: WordWriter,
  values: Uint32Array,
  lengths: Uint8Array,
  wordCount: number,
): void {
  const codes = codesOf(lengths);
  let at = writer.take(wordCount);
  const { words } = writer;
  let word = 0;
  let used = 0;
  for (let i = 0; i < values.length; i++) {
    const c = 32 - Math.clz32(values[i]);
    const code = codes[c];
    const length = lengths[c];
    word |= code << used;
    used += length;
    if (used >= 32) {
      words[at++] = word;
      used -= 32;
      word = used === 0 ? 0 : code >>> (length - used);
    }
  }
  if (used > 0) words[at] = word;
}

function writeRests(writer: WordWriter, values: Uint32Array, wordCount: number): void {
  let at = writer.take(wordCount);
  const { words } = writer;
  let word = 0;
  let used = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < 2) continue;
    const width = bitWidth(value) - 1;
    const rest = value ^ (1 << width);
    word |= rest << used;
    used += width;
    if (used >= 32) {
      words[at++] = word;
      used -= 32;
      word = used === 0 ? 0 : rest >>> (width - used);
    }
  }
  if (used > 0) words[at] = word;
}

/**
 * A number of each half in a turn and no branch between, so that the processor works on both at once. Damaged
 * streams may end early: what is read then lies behind them, in the block or not at all, and is garbage; all ends
 * are compared once, by the caller.
 */
function decodeHalves(
  words: Uint32Array,
  table: Uint16Array,
  [first, second]: readonly [ClassStream, ClassStream],
  target: Uint32Array,
): void {
  const { codesAt, restsAt } = first;
  const otherCodesAt = second.codesAt;
  const otherRestsAt = second.restsAt;
  const half = first.count;
  const pairs = second.count;
  let code = 0;
  let rest = 0;
  let otherCode = 0;
  let otherRest = 0;
  for (let i = 0; i < half; i++) {
    const a = codesAt + (code >>> 5);
    const entry = table[((words[a] >>> code) | ((words[a + 1] << 1) << ~code)) & tableMask];
    code += entry >>> lengthShift;
    const width = entry & widthMask;
    const b = restsAt + (rest >>> 5);
    const bits = (words[b] >>> rest) | ((words[b + 1] << 1) << ~rest);
    rest += width;
    target[i] = (bits & ((1 << width) - 1)) | (((entry >>> topShift) & 1) << width);
    if (i === pairs) break;
    const c = otherCodesAt + (otherCode >>> 5);
    const other =
      table[((words[c] >>> otherCode) | ((words[c + 1] << 1) << ~otherCode)) & tableMask];
    otherCode += other >>> lengthShift;
    const otherWidth = other & widthMask;
    const d = otherRestsAt + (otherRest >>> 5);
    const otherBits = (words[d] >>> otherRest) | ((words[d + 1] << 1) << ~otherRest);
    otherRest += otherWidth;
    target[half + i] =
      (otherBits & ((1 << otherWidth) - 1)) | (((other >>> topShift) & 1) << otherWidth);
  }
  first.codeBit = code;
  first.restBit = rest;
  second.codeBit = otherCode;
  second.restBit = otherRest;
}

/** What is left of one half, as above. */
function decodeRest(
  words: Uint32Array,
  table: Uint16Array,
  stream: ClassStream,
  target: Uint32Array,
): void {
  const { codesAt, restsAt, from, count } = stream;
  let { codeBit, restBit } = stream;
  for (let i = from + stream.done; i < from + count; i++) {
    const a = codesAt + (codeBit >>> 5);
    const entry = table[((words[a] >>> codeBit) | ((words[a + 1] << 1) << ~codeBit)) & tableMask];
    codeBit += entry >>> lengthShift;
    const width = entry & widthMask;
    const b = restsAt + (restBit >>> 5);
    const bits = (words[b] >>> restBit) | ((words[b + 1] << 1) << ~restBit);
    restBit += width;
    target[i] = (bits & ((1 << width) - 1)) | (((entry >>> topShift) & 1) << width);
  }
  stream.done = count;
  stream.codeBit = codeBit;
  stream.restBit = restBit;
}
