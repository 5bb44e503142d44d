import { bitWidth } from './bits.ts';
import {
  countFirst,
  kernelNumbersMax,
  putNumbers,
  rangeOfFirst,
  type SampleCounts,
} from './encode-kernel.ts';

/** What the codecs estimate their sizes from. What is counted is known of a sample, and holds of all numbers in proportion. */
export interface SequenceStats extends SampleCounts {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Every number is greater than the one before. */
  readonly isAscending: boolean;
  /** Numbers of the sample. */
  readonly sampleCount: number;
}

/** Numbers that lie together in a sample: as many as a block of block-pack. */
export const stretchLength = 256;
const stretchesMax = 16;
const sampleMax = stretchLength * stretchesMax;

/**
 * Longer sequences than 4096 numbers are judged by 16 stretches of 256 from all over them: ten times as fast as
 * looking at each number, and a choice between codecs needs no more.
 */
export function sequenceStats(values: Uint32Array): SequenceStats {
  const count = values.length;
  const isAscending = ascends(values);
  if (count <= sampleMax) {
    putNumbers(values, 0);
    const { min, max } = isAscending ? endsOf(values) : rangeOfFirst(count);
    const counted = countFirst(count, isAscending);
    return { count, min, max, isAscending, sampleCount: count, ...counted };
  }
  const { min, max } = isAscending ? endsOf(values) : rangeOf(values);
  putSample(values);
  const counted = countFirst(sampleMax, isAscending);
  forgetSeams(values, isAscending, counted.stepClassCounts);
  return { count, min, max, isAscending, sampleCount: sampleMax, ...counted };
}

/** Where a stretch begins. */
function stretchAt(count: number, stretch: number): number {
  return Math.floor((stretch * (count - stretchLength)) / (stretchesMax - 1));
}

function putSample(values: Uint32Array): void {
  for (let s = 0; s < stretchesMax; s++) {
    const from = stretchAt(values.length, s);
    putNumbers(values.subarray(from, from + stretchLength), s * stretchLength);
  }
}

/** A step from one stretch to the next says nothing, unless it is none. */
function forgetSeams(values: Uint32Array, isAscending: boolean, counts: Uint32Array): void {
  for (let s = 1; s < stretchesMax; s++) {
    const before = values[stretchAt(values.length, s - 1) + stretchLength - 1];
    const number = values[stretchAt(values.length, s)];
    if (number === before) continue;
    counts[bitWidth(isAscending ? (number - before - 1) | 0 : zigzag(before, number))]--;
  }
}

function zigzag(before: number, number: number): number {
  const step = (number - before) | 0;
  return (step << 1) ^ (step >> 31);
}

/** Shorter sequences are looked at sooner than copied. */
const kernelCountMin = 128;

/** The least and the greatest of the numbers; 0 of none. */
export function rangeOf(values: Uint32Array): { min: number; max: number } {
  if (values.length < kernelCountMin) return rangeOfFew(values);
  let min = 0xffff_ffff;
  let max = 0;
  for (let from = 0; from < values.length; from += kernelNumbersMax) {
    const piece = values.subarray(from, from + kernelNumbersMax);
    putNumbers(piece, 0);
    const own = rangeOfFirst(piece.length);
    min = Math.min(min, own.min);
    max = Math.max(max, own.max);
  }
  return { min, max };
}

function rangeOfFew(values: Uint32Array): { min: number; max: number } {
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
