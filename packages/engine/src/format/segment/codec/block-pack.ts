import { sequenceCodecId } from '../../constants.ts';
import { bitWidth, packBits, packedWords, unpackBits } from './bits.ts';
import type { SequenceCodec } from './sequence-codec.ts';
import { rangeOf } from './sequence-stats.ts';

/** Numbers that share a least number and a width: an outlier costs its neighbours only. */
export const blockLength = 256;

const blocksLookedAt = 64;

/**
 * Frame of reference by block of 256 numbers: word 0: id. Nested: the least number of each block; the
 * width of each block. Then the blocks, each from a whole word on.
 */
export const blockPackCodec: SequenceCodec = {
  id: sequenceCodecId.blockPack,
  name: 'block-pack',
  isNesting: true,
  handicap: 1.01,
  estimate(values, { min, max }) {
    if (values.length <= blockLength) return Infinity;
    // Of long sequences some blocks stand for all.
    const step = Math.max(1, Math.floor(values.length / blockLength / blocksLookedAt));
    let bits = 0;
    let seen = 0;
    for (let from = 0; from + blockLength <= values.length; from += step * blockLength) {
      const { width } = measureBlock(values, from, from + blockLength);
      bits += blockLength * width + bitWidth(max - min) + 5;
      seen++;
    }
    return 160 + (bits * values.length) / (blockLength * seen);
  },
  encode(writer, values, { nest }) {
    const { mins, widths } = measureBlocks(values);
    writer.push(sequenceCodecId.blockPack);
    nest(mins);
    nest(widths);
    for (let b = 0; b < mins.length; b++) {
      const start = b * blockLength;
      const end = Math.min(values.length, start + blockLength);
      const at = writer.take(packedWords(end - start, widths[b]));
      packBits(writer.words, at, values, { start, end, min: mins[b], width: widths[b] });
    }
  },
  decode(reader, target, { nest }) {
    const blockCount = Math.ceil(target.length / blockLength);
    const mins = new Uint32Array(blockCount);
    const widths = new Uint32Array(blockCount);
    nest(mins);
    nest(widths);
    for (let b = 0; b < blockCount; b++) {
      const width = widths[b];
      if (width > 32) throw reader.corrupt(`bit width ${width} exceeds 32`);
      const from = b * blockLength;
      const count = Math.min(blockLength, target.length - from);
      const at = reader.take(packedWords(count, width));
      unpackBits(reader.words, at, target, { from, count, min: mins[b], width });
    }
  },
};

function measureBlocks(values: Uint32Array): { mins: Uint32Array; widths: Uint32Array } {
  const count = Math.ceil(values.length / blockLength);
  const mins = new Uint32Array(count);
  const widths = new Uint32Array(count);
  for (let b = 0; b < count; b++) {
    const end = Math.min(values.length, (b + 1) * blockLength);
    const { min, width } = measureBlock(values, b * blockLength, end);
    mins[b] = min;
    widths[b] = width;
  }
  return { mins, widths };
}

function measureBlock(
  values: Uint32Array,
  start: number,
  end: number,
): { min: number; width: number } {
  const { min, max } = rangeOf(values.subarray(start, end));
  return { min, width: bitWidth(max - min) };
}
