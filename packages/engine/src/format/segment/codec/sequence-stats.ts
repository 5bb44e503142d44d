import { bitWidth } from './bits.ts';

/** What the codecs estimate their sizes from: one pass over the numbers. */
export interface SequenceStats {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Stretches of equal numbers. */
  readonly runCount: number;
  readonly runLengthMax: number;
  /** Every number is greater than the one before. */
  readonly isAscending: boolean;
  /** Numbers by the bits they need (0 … 32). */
  readonly classCounts: Uint32Array;
  /** Steps from one number to the next by the bits they need; zigzag unless ascending, where steps are counted minus 1. */
  readonly stepClassCounts: Uint32Array;
  /** More than half of the numbers are this one, if any number is. */
  readonly majority: number;
  readonly majorityCount: number;
}

export function sequenceStats(values: Uint32Array): SequenceStats {
  const classCounts = new Uint32Array(33);
  const zigzagCounts = new Uint32Array(33);
  const stepCounts = new Uint32Array(33);
  const count = values.length;
  let min = count === 0 ? 0 : values[0];
  let max = min;
  let runCount = 0;
  let runStart = 0;
  let runLengthMax = 0;
  let isAscending = true;
  // Boyer and Moore's vote: the candidate that is left is the majority, if there is one.
  let majority = 0;
  let votes = 0;
  let before = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    classCounts[bitWidth(value)]++;
    if (value < min) min = value;
    if (value > max) max = value;
    if (votes === 0) majority = value;
    votes += value === majority ? 1 : -1;
    if (i > 0) {
      const step = (value - before) | 0;
      zigzagCounts[bitWidth((step << 1) ^ (step >> 31))]++;
      if (value > before) stepCounts[bitWidth(value - before - 1)]++;
      else isAscending = false;
    }
    if (i === 0 || value !== before) {
      runCount++;
      if (i - runStart > runLengthMax) runLengthMax = i - runStart;
      runStart = i;
    }
    before = value;
  }
  if (count - runStart > runLengthMax) runLengthMax = count - runStart;
  return {
    count,
    min,
    max,
    runCount,
    runLengthMax,
    isAscending,
    classCounts,
    stepClassCounts: isAscending ? stepCounts : zigzagCounts,
    majority,
    majorityCount: countOf(values, majority),
  };
}

function countOf(values: Uint32Array, wanted: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) count += values[i] === wanted ? 1 : 0;
  return count;
}
