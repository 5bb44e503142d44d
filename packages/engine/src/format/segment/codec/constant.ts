import { sequenceCodecId } from '../../constants.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/** Word 0: id. Word 1: the number that all are. */
export const constantCodec: SequenceCodec = {
  id: sequenceCodecId.constant,
  name: 'constant',
  isNesting: false,
  handicap: 1,
  estimate: (_, { min, max }) => (min === max ? 64 : Infinity),
  encode(writer, values) {
    writer.push(sequenceCodecId.constant);
    writer.push(values[0]);
  },
  decode(reader, target) {
    target.fill(reader.next());
  },
};
