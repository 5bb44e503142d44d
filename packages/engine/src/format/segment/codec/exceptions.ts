import { sequenceCodecId } from '../../constants.ts';
import { bitWidth, maxOf } from './bits.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/**
 * One number nearly everywhere. Word 0: id. Word 1: that number. Word 2: how many are not it. Nested: their
 * positions, ascending (as steps, or as a bitmap); what they are.
 */
export const exceptionsCodec: SequenceCodec = {
  id: sequenceCodecId.exceptions,
  name: 'exceptions',
  isNesting: true,
  handicap: 1.01,
  estimate(values, { count, majorityCount, min, max, sampleCount }) {
    if (majorityCount * 2 <= sampleCount || min === max) return Infinity;
    const exceptionCount = Math.max(1, ((sampleCount - majorityCount) * count) / sampleCount);
    const positionBits = Math.min(exceptionCount * (Math.log2(count / exceptionCount) + 2), count);
    return 256 + positionBits + exceptionCount * bitWidth(max - min);
  },
  encode(writer, values, { stats: { majority }, nest }) {
    const exceptionCount = countOthers(values, majority);
    const positions = new Uint32Array(exceptionCount);
    const numbers = new Uint32Array(exceptionCount);
    let at = 0;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === majority) continue;
      positions[at] = i;
      numbers[at++] = values[i];
    }
    writer.push(sequenceCodecId.exceptions);
    writer.push(majority);
    writer.push(exceptionCount);
    nest(positions);
    nest(numbers);
  },
  decode(reader, target, { nest }) {
    target.fill(reader.next());
    const exceptionCount = reader.atMost(target.length, 'number of exceptions');
    const positions = new Uint32Array(exceptionCount);
    const numbers = new Uint32Array(exceptionCount);
    nest(positions);
    nest(numbers);
    if (maxOf(positions) >= target.length) {
      throw reader.corrupt(`an exception is outside ${target.length} numbers`);
    }
    scatter(numbers, positions, target);
  },
};

function scatter(numbers: Uint32Array, positions: Uint32Array, target: Uint32Array): void {
  for (let i = 0; i < positions.length; i++) target[positions[i]] = numbers[i];
}

function countOthers(values: Uint32Array, majority: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) count += values[i] === majority ? 0 : 1;
  return count;
}
