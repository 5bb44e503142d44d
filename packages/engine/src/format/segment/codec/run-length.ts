import { sequenceCodecId } from '../../constants.ts';
import { bitWidth } from './bits.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/** Word 0: id. Word 1: number of runs. Nested: the number of each run; the length of each run, less 1. */
export const runLengthCodec: SequenceCodec = {
  id: sequenceCodecId.runLength,
  name: 'run-length',
  isNesting: true,
  handicap: 1,
  estimate(values, { runCount, min, max, runLengthMax, sampleCount }) {
    const runs = (runCount * values.length) / sampleCount;
    return 192 + runs * (bitWidth(max - min) + bitWidth(runLengthMax - 1));
  },
  encode(writer, values, { nest }) {
    const runCount = countRuns(values);
    const numbers = new Uint32Array(runCount);
    const lengths = new Uint32Array(runCount);
    let run = 0;
    let start = 0;
    for (let i = 1; i <= values.length; i++) {
      if (i < values.length && values[i] === values[start]) continue;
      numbers[run] = values[start];
      lengths[run++] = i - start - 1;
      start = i;
    }
    writer.push(sequenceCodecId.runLength);
    writer.push(runCount);
    nest(numbers);
    nest(lengths);
  },
  decode(reader, target, { nest }) {
    const runCount = reader.atMost(target.length, 'number of runs');
    const numbers = new Uint32Array(runCount);
    const lengths = new Uint32Array(runCount);
    nest(numbers);
    nest(lengths);
    if (sumOf(lengths) + runCount !== target.length) {
      throw reader.corrupt(`runs do not add up to ${target.length} numbers`);
    }
    repeat(numbers, lengths, target);
  },
};

/** Exact: a sum of doubles. */
function sumOf(values: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

function repeat(numbers: Uint32Array, lengths: Uint32Array, target: Uint32Array): void {
  let at = 0;
  for (let run = 0; run < numbers.length; run++) {
    const number = numbers[run];
    // Most runs are short: a loop beats a call of `fill`.
    for (const end = at + lengths[run]; at <= end; at++) target[at] = number;
  }
}

function countRuns(values: Uint32Array): number {
  let count = 1;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) count++;
  return count;
}
