import { sequenceCodecId } from '../../constants.ts';
import { bitWidth, packBits, packedWords, unpackBits } from './bits.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/**
 * Frame of reference: word 0: id, width in the parameter. Word 1: the least number. Then the difference of
 * each to it, `width` bits each. With a width of 8, 16 or 32 this is the plain form.
 */
export const bitPackCodec: SequenceCodec = {
  id: sequenceCodecId.bitPack,
  name: 'bit-pack',
  isNesting: false,
  handicap: 1,
  estimate: (_, { count, min, max }) => 64 + 32 * packedWords(count, bitWidth(max - min)),
  encode(writer, values, { stats: { min, max } }) {
    const width = bitWidth(max - min);
    writer.push(sequenceCodecId.bitPack | (width << 8));
    writer.push(min);
    const at = writer.take(packedWords(values.length, width));
    packBits(writer.words, at, values, { start: 0, end: values.length, min, width });
  },
  decode(reader, target, { parameter: width }) {
    if (width > 32) throw reader.corrupt(`bit width ${width} exceeds 32`);
    const min = reader.next();
    const at = reader.take(packedWords(target.length, width));
    unpackBits(reader.words, at, target, { from: 0, count: target.length, min, width });
  },
};
