import { bitWidth } from './bits.ts';
import { classCount } from './class-code.ts';

/** What the codecs estimate their sizes from. */
export interface SequenceStats {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Every number is greater than the one before. */
  readonly isAscending: boolean;
  /** The rest is known of so many of the numbers, and holds of all of them in proportion. */
  readonly sampleCount: number;
  /** Stretches of equal numbers. */
  readonly runCount: number;
  readonly runLengthMax: number;
  /** Numbers by the bits they need (0 … 32). */
  readonly classCounts: Uint32Array;
  /**
   * Steps from one number to the next by the bits they need: where all ascend, steps less 1, else differences
   * as zigzag.
   */
  readonly stepClassCounts: Uint32Array;
  /** More than half of the numbers are this one, if any number is. */
  readonly majority: number;
  readonly majorityCount: number;
}

/** Numbers that lie together in a sample: as many as a block of block-pack. */
export const stretchLength = 256;
const stretchesMax = 16;

/**
 * Longer sequences than 4096 numbers are judged by 16 stretches of 256 from all over them: ten times as fast as
 * looking at each number, and a choice between codecs needs no more.
 */
export function sequenceStats(values: Uint32Array): SequenceStats {
  const { min, max } = rangeOf(values);
  const isAscending = ascends(values);
  const sample = sampleOf(values);
  const stepClassCounts = new Uint32Array(classCount);
  const classCounts = new Uint32Array(classCount);
  let runCount = 0;
  let runStart = 0;
  let runLengthMax = 0;
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i];
    classCounts[bitWidth(value)]++;
    if (i > 0 && value === sample[i - 1]) {
      stepClassCounts[0]++;
      continue;
    }
    runCount++;
    if (i - runStart > runLengthMax) runLengthMax = i - runStart;
    runStart = i;
    if (i === 0) continue;
    const step = (value - sample[i - 1]) | 0;
    // A step between stretches says nothing.
    if (sample.length < values.length && i % stretchLength === 0) continue;
    stepClassCounts[bitWidth(isAscending ? step - 1 : (step << 1) ^ (step >> 31))]++;
  }
  return {
    count: values.length,
    min,
    max,
    isAscending,
    sampleCount: sample.length,
    runCount,
    runLengthMax: Math.max(runLengthMax, sample.length - runStart),
    classCounts,
    stepClassCounts,
    ...majorityOf(sample),
  };
}

export function rangeOf(values: Uint32Array): { min: number; max: number } {
  let min = values.length === 0 ? 0 : values[0];
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** Whether every number is greater than the one before. */
export function ascends(values: Uint32Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] <= values[i - 1]) return false;
  return true;
}

function sampleOf(values: Uint32Array): Uint32Array {
  const sampleMax = stretchLength * stretchesMax;
  if (values.length <= sampleMax) return values;
  const sample = new Uint32Array(sampleMax);
  for (let s = 0; s < stretchesMax; s++) {
    const from = Math.floor((s * (values.length - stretchLength)) / (stretchesMax - 1));
    sample.set(values.subarray(from, from + stretchLength), s * stretchLength);
  }
  return sample;
}

/** Boyer and Moore's vote: the candidate that is left is the majority, if there is one. */
function majorityOf(values: Uint32Array): { majority: number; majorityCount: number } {
  let majority = 0;
  let votes = 0;
  for (let i = 0; i < values.length; i++) {
    if (votes === 0) majority = values[i];
    votes += values[i] === majority ? 1 : -1;
  }
  let majorityCount = 0;
  for (let i = 0; i < values.length; i++) majorityCount += values[i] === majority ? 1 : 0;
  return { majority, majorityCount };
}
