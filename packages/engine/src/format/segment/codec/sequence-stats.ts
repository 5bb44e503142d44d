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
  /** Far more than half of the numbers are this one, if any number is so frequent. */
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
  const isAscending = ascends(values);
  const { min, max } = isAscending ? endsOf(values) : rangeOf(values);
  const sample = sampleOf(values);
  const counted = countSample(sample, isAscending);
  if (sample.length < values.length) forgetSeams(sample, isAscending, counted.stepClassCounts);
  return { count: values.length, min, max, isAscending, sampleCount: sample.length, ...counted };
}

/** What is counted of a sample. */
type SampleCounts = Pick<
  SequenceStats,
  'runCount' | 'runLengthMax' | 'classCounts' | 'stepClassCounts' | 'majority' | 'majorityCount'
>;

/**
 * Numbers that follow each other mostly have one class, and to add to a count waits for the sum before to be stored:
 * four counts of each class take turns, at places 64 apart.
 */
const laneShift = 6;
const lanes = 4;
/** Counts of steps lie behind those of numbers. */
const stepsAt = lanes << laneShift;

/**
 * One pass, for half the time of one for each count. No branch depends on the numbers: wrongly foreseen, it costs as
 * much as ten of them. Not of an empty sample.
 */
function countSample(sample: Uint32Array, isAscending: boolean): SampleCounts {
  const counts = new Uint32Array(stepsAt * 2);
  const majority = majorityOf(sample);
  const zigzag = isAscending ? 0 : 1;
  let before = sample[0];
  let runCount = 1;
  let runLengthMax = 1;
  let runLength = 0;
  let others = 0;
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i];
    const lane = (i & (lanes - 1)) << laneShift;
    counts[lane | bitWidth(value)]++;
    const difference = (value - before) | 0;
    // As `stepTo` or as `zigzagTo` has it.
    const step = ((difference << zigzag) ^ ((difference >> 31) & -zigzag)) - 1 + zigzag;
    counts[stepsAt | lane | bitWidth(step)]++;
    // All bits set where a run begins, none where it goes on.
    const begins = (difference | -difference) >> 31;
    runCount -= begins;
    runLength = (runLength & ~begins) + 1;
    const longer = runLength - runLengthMax;
    runLengthMax += longer & ~(longer >> 31);
    const other = value ^ majority;
    others += (other | -other) >>> 31;
    before = value;
  }
  const stepClassCounts = addLanes(counts, stepsAt);
  // No step leads to the first number.
  stepClassCounts[bitWidth(zigzag - 1)]--;
  const majorityCount = sample.length - others;
  const classCounts = addLanes(counts, 0);
  return { runCount, runLengthMax, classCounts, stepClassCounts, majority, majorityCount };
}

function addLanes(counts: Uint32Array, from: number): Uint32Array {
  const sums = new Uint32Array(classCount);
  for (let lane = 0; lane < lanes; lane++) {
    for (let c = 0; c < classCount; c++) sums[c] += counts[from + (lane << laneShift) + c];
  }
  return sums;
}

const stepTo = (sample: Uint32Array, i: number): number => (sample[i] - sample[i - 1] - 1) | 0;

function zigzagTo(sample: Uint32Array, i: number): number {
  const step = (sample[i] - sample[i - 1]) | 0;
  return (step << 1) ^ (step >> 31);
}

/** A step from one stretch to the next says nothing, unless it is none. */
function forgetSeams(sample: Uint32Array, isAscending: boolean, counts: Uint32Array): void {
  for (let i = stretchLength; i < sample.length; i += stretchLength) {
    if (sample[i] === sample[i - 1]) continue;
    counts[bitWidth(isAscending ? stepTo(sample, i) : zigzagTo(sample, i))]--;
  }
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

/** Of numbers that ascend. */
function endsOf(values: Uint32Array): { min: number; max: number } {
  return values.length === 0
    ? { min: 0, max: 0 }
    : { min: values[0], max: values[values.length - 1] };
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

/** So many votes find the number that is nearly everywhere; where it is half of all, nobody asks for it. */
const votesMax = 512;

/** Boyer and Moore's vote among some of the numbers: the candidate that is left is the majority, if there is one. */
function majorityOf(values: Uint32Array): number {
  let majority = 0;
  let votes = 0;
  const step = Math.ceil(values.length / votesMax);
  for (let i = 0; i < values.length; i += step) {
    if (votes === 0) majority = values[i];
    votes += values[i] === majority ? 1 : -1;
  }
  return majority;
}
