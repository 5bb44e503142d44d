import { sequenceCodecId } from '../../constants.ts';
import { bitWidth, maxOf } from './bits.ts';
import { classBits, classCount } from './class-code.ts';
import type { SequenceCodec } from './sequence-codec.ts';

/** Below this a list of ranks cannot pay for itself, and each estimate sorts. */
const countMin = 1024;

/**
 * A few numbers most of the time, the others more and more seldom: numbers are replaced by their rank by
 * frequency, which class-pack then makes short. Word 0: id. Word 1: how many different numbers.
 * Nested: these numbers from the most frequent on; the rank of each number.
 */
export const rankedCodec: SequenceCodec = {
  id: sequenceCodecId.ranked,
  name: 'ranked',
  isNesting: true,
  handicap: 1.1,
  estimate(values, { count, min, max }) {
    if (count < countMin || (max - min) * 4 > count) return Infinity;
    const { ranked, counts } = rankByFrequency(values, min, max);
    const classes = new Uint32Array(classCount);
    for (let rank = 0; rank < ranked.length; rank++) {
      classes[bitWidth(rank)] += counts[ranked[rank] - min];
    }
    return 128 + ranked.length * bitWidth(max - min) + classBits(classes, 1);
  },
  encode(writer, values, { stats: { min, max }, nest }) {
    const { ranked } = rankByFrequency(values, min, max);
    const rankOf = new Uint32Array(max - min + 1);
    for (let rank = 0; rank < ranked.length; rank++) rankOf[ranked[rank] - min] = rank;
    const ranks = new Uint32Array(values.length);
    for (let i = 0; i < values.length; i++) ranks[i] = rankOf[values[i] - min];
    writer.push(sequenceCodecId.ranked);
    writer.push(ranked.length);
    nest(ranked);
    nest(ranks);
  },
  decode(reader, target, { nest }) {
    const rankCount = reader.atMost(target.length, 'number of ranks');
    const ranked = new Uint32Array(rankCount);
    nest(ranked);
    nest(target);
    const rankMax = maxOf(target);
    if (rankMax >= rankCount) throw reader.corrupt(`rank ${rankMax} is outside ${rankCount}`);
    lookUp(ranked, target);
  },
};

/** Each number becomes what stands at its place in `list`. */
function lookUp(list: Uint32Array, numbers: Uint32Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = list[numbers[i]];
}

/** Numbers that occur, the most frequent first, the smaller first of those as frequent; counts by number − min. */
function rankByFrequency(
  values: Uint32Array,
  min: number,
  max: number,
): { ranked: Uint32Array; counts: Uint32Array } {
  const counts = new Uint32Array(max - min + 1);
  for (let i = 0; i < values.length; i++) counts[values[i] - min]++;
  // One double a number, so that the sort compares without calling back.
  const keys = new Float64Array(counts.length);
  let keyCount = 0;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] > 0) keys[keyCount++] = -counts[k] * 2 ** 26 + k;
  }
  const sorted = keys.subarray(0, keyCount).sort();
  const ranked = new Uint32Array(keyCount);
  for (let rank = 0; rank < keyCount; rank++) {
    const key = sorted[rank];
    ranked[rank] = key - Math.floor(key / 2 ** 26) * 2 ** 26 + min;
  }
  return { ranked, counts };
}
