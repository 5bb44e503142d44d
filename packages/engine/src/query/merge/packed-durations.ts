import { assert } from '../../base/assert.ts';

/**
 * Ascending whole numbers ≥ 0 (ms) in a form that goes through JSON in few bytes, and whose median and sum
 * are found without reading them all: millions of times to convert come together where partials are merged.
 */
export type DurationList = readonly number[] | PackedDurations;

/**
 * Numbers in blocks of `blockSize`. A block holds the differences from one number to the next, without that
 * of its first one, in 7-bit groups, low ones first; the high bit of a byte says that more follow.
 */
export interface PackedDurations {
  readonly encoding: 'blocks';
  /** How many numbers there are. */
  readonly length: number;
  /** Their exact sum, in decimal. */
  readonly sum: string;
  /** Groups, two a block: its first number less that of the block before it, and how many bytes it has. Base64. */
  readonly index: string;
  /** The blocks. Base64. */
  readonly values: string;
}

/** Numbers a block: one is read in a microsecond, and the index takes a byte for every 50 numbers. */
export const blockSize = 256;
/** Lists up to this length cost less as they are: to send, to write and to read. */
const plainMax = 8;
/** A number below 2^53 has at most eight groups of 7 bits. */
const groupsMax = 8;

/** `values` ascend and are whole numbers from 0 to 2^53 − 1. */
export function packDurations(values: Uint32Array | Float64Array): DurationList {
  if (values.length <= plainMax) return Array.from(values);
  const index = new GroupWriter(2 * Math.ceil(values.length / blockSize));
  const blocks = new GroupWriter(values.length);
  let firstBefore = 0;
  for (let start = 0; start < values.length; start += blockSize) {
    const bytesBefore = blocks.length;
    blocks.addDifferences(values, start, Math.min(start + blockSize, values.length));
    index.add(values[start] - firstBefore);
    index.add(blocks.length - bytesBefore);
    firstBefore = values[start];
  }
  return {
    encoding: 'blocks',
    length: values.length,
    sum: sumOf(values).toString(),
    index: index.text(),
    values: blocks.text(),
  };
}

/** Exact: what a double holds is added as doubles. */
export function sumOf(values: ArrayLike<number>): bigint {
  let total = 0n;
  let part = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value > Number.MAX_SAFE_INTEGER - part) {
      total += BigInt(part);
      part = 0;
    }
    part += value;
  }
  return total + BigInt(part);
}

/** Bytes that grow while groups of 7 bits come in. */
class GroupWriter {
  #bytes: Uint8Array;
  length = 0;

  /** `count`: about how many numbers will come. */
  constructor(count: number) {
    this.#bytes = new Uint8Array(2 * count + 2 * groupsMax);
  }

  add(value: number): void {
    this.#reserve(groupsMax);
    this.length = writeGroups(this.#bytes, this.length, value);
  }

  /** Of numbers start + 1 … end − 1, each less the one before it. */
  addDifferences(values: Uint32Array | Float64Array, start: number, end: number): void {
    this.#reserve((end - start) * groupsMax);
    const bytes = this.#bytes;
    let at = this.length;
    let before = values[start];
    for (let i = start + 1; i < end; i++) {
      const value = values[i];
      const difference = value - before;
      before = value;
      // Most differences have one group or two.
      if (difference < 0x80) bytes[at++] = difference;
      else if (difference < 0x4000) {
        bytes[at++] = (difference & 0x7f) | 0x80;
        bytes[at++] = difference >>> 7;
      } else at = writeGroups(bytes, at, difference);
    }
    this.length = at;
  }

  text(): string {
    return Buffer.from(this.#bytes.buffer, 0, this.length).toString('base64');
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const longer = new Uint8Array(Math.ceil(1.5 * this.#bytes.length) + count);
    longer.set(this.#bytes.subarray(0, this.length));
    this.#bytes = longer;
  }
}

function writeGroups(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** Fills out[0 … count − 1] from the groups that begin at `start`; returns where they end. */
export function readGroups(
  bytes: Uint8Array,
  start: number,
  out: Float64Array,
  count: number,
): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    let byte = bytes[at++];
    let value = byte & 0x7f;
    for (let factor = 128; byte >= 128; factor *= 128) {
      byte = bytes[at++];
      value += (byte & 0x7f) * factor;
    }
    out[i] = value;
  }
  assert(at <= bytes.length, () => `packed durations have ${bytes.length} bytes, read ${at}`);
  return at;
}
