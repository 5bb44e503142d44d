import { sequenceCodecId } from '../../constants.ts';
import type { SequenceCodec } from './sequence-codec.ts';
import { classBits } from './class-code.ts';

/**
 * Ascending numbers, none twice. Word 0: id. Word 1: the first number. Nested, one less than there are
 * numbers: the step from one to the next, less 1.
 */
export const stepsCodec: SequenceCodec = {
  id: sequenceCodecId.steps,
  name: 'steps',
  isNesting: true,
  handicap: 1.02,
  estimate(values, { isAscending, stepClassCounts, sampleCount }) {
    if (!isAscending || values.length < 3) return Infinity;
    return 128 + classBits(stepClassCounts, values.length / sampleCount);
  },
  encode(writer, values, { nest }) {
    const steps = new Uint32Array(values.length - 1);
    for (let i = 0; i < steps.length; i++) steps[i] = values[i + 1] - values[i] - 1;
    writer.push(sequenceCodecId.steps);
    writer.push(values[0]);
    nest(steps);
  },
  decode(reader, target, { nest }) {
    target[0] = reader.next();
    nest(target.subarray(1));
    if (!addSteps(target)) throw reader.corrupt('steps lead beyond 32 bits');
  },
};

/** From the second on: a number becomes the one before + 1 + itself. False = some are beyond 32 bits. */
function addSteps(numbers: Uint32Array): boolean {
  let number = numbers[0] | 0;
  let descents = 0;
  for (let i = 1; i < numbers.length; i++) {
    const next = (number + numbers[i] + 1) | 0;
    // Turned around at the sign, they compare as unsigned.
    descents |= Number((next ^ 0x8000_0000) <= (number ^ 0x8000_0000));
    numbers[i] = next;
    number = next;
  }
  return descents === 0;
}

/**
 * Numbers near the one before. Word 0: id. Word 1: the first number. Nested, one less than there are numbers: the
 * difference to the one before modulo 2^32, as zigzag (0, -1, 1, -2 … are 0, 1, 2, 3 …).
 */
export const zigzagCodec: SequenceCodec = {
  id: sequenceCodecId.zigzag,
  name: 'zigzag',
  isNesting: true,
  handicap: 1.02,
  estimate(values, { isAscending, stepClassCounts, sampleCount }) {
    if (isAscending || values.length < 3) return Infinity;
    return 128 + classBits(stepClassCounts, values.length / sampleCount);
  },
  encode(writer, values, { nest }) {
    const differences = new Uint32Array(values.length - 1);
    for (let i = 0; i < differences.length; i++) {
      const difference = (values[i + 1] - values[i]) | 0;
      differences[i] = (difference << 1) ^ (difference >> 31);
    }
    writer.push(sequenceCodecId.zigzag);
    writer.push(values[0]);
    nest(differences);
  },
  decode(reader, target, { nest }) {
    target[0] = reader.next();
    nest(target.subarray(1));
    addZigzags(target);
  },
};

/** From the second on: a number becomes the one before + itself read as zigzag. */
function addZigzags(numbers: Uint32Array): void {
  let number = numbers[0];
  for (let i = 1; i < numbers.length; i++) {
    const zigzag = numbers[i];
    number = (number + ((zigzag >>> 1) ^ -(zigzag & 1))) | 0;
    numbers[i] = number;
  }
}
