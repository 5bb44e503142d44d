import { assert } from '../../base/assert.ts';
import { blockSize, readGroups, sumOf } from './packed-durations.ts';
import type { DurationList, PackedDurations } from './packed-durations.ts';

/** An ascending list of durations, of which only what is asked for is read. */
export interface DurationReader {
  readonly length: number;
  readonly sum: bigint;
  /** The largest number is at most this; 0 for an empty list. */
  readonly max: number;
  /** How many numbers are at most `limit`. */
  countUpTo(limit: number): number;
  /** All of them. */
  values(): Float64Array;
}

export function durationReader(list: DurationList): DurationReader {
  return isPlain(list) ? new PlainReader(Float64Array.from(list)) : new BlockReader(list);
}

function isPlain(list: DurationList): list is readonly number[] {
  return Array.isArray(list);
}

class PlainReader implements DurationReader {
  readonly sum: bigint;
  readonly #values: Float64Array;

  constructor(values: Float64Array) {
    this.#values = values;
    this.sum = sumOf(values);
  }

  get length(): number {
    return this.#values.length;
  }

  get max(): number {
    return this.#values.at(-1) ?? 0;
  }

  countUpTo(limit: number): number {
    return countUpTo(this.#values, this.#values.length, limit);
  }

  values(): Float64Array {
    return this.#values;
  }
}

class BlockReader implements DurationReader {
  readonly length: number;
  readonly sum: bigint;
  readonly max: number;
  readonly #bytes: Uint8Array;
  /** By block: its first number, and where its bytes begin; one start more than blocks. */
  readonly #firsts: Float64Array;
  readonly #starts: Float64Array;
  /** The block read last: searches end in a block that they come back to. */
  readonly #block = new Float64Array(blockSize);
  #blockIndex = -1;

  constructor({ length, sum, index, values }: PackedDurations) {
    const blockCount = Math.ceil(length / blockSize);
    const pairs = new Float64Array(2 * blockCount);
    readGroups(Buffer.from(index, 'base64'), 0, pairs, pairs.length);
    this.length = length;
    this.sum = BigInt(sum);
    this.#bytes = Buffer.from(values, 'base64');
    this.#firsts = new Float64Array(blockCount);
    this.#starts = new Float64Array(blockCount + 1);
    let first = 0;
    for (let block = 0; block < blockCount; block++) {
      first += pairs[2 * block];
      this.#firsts[block] = first;
      this.#starts[block + 1] = this.#starts[block] + pairs[2 * block + 1];
    }
    const end = this.#starts[blockCount];
    const { length: byteCount } = this.#bytes;
    assert(end === byteCount, () => `packed durations have ${byteCount} bytes, not ${end}`);
    this.max = this.#read(blockCount - 1)[this.#lengthOf(blockCount - 1) - 1];
  }

  countUpTo(limit: number): number {
    const before = countUpTo(this.#firsts, this.#firsts.length, limit) - 1;
    if (before < 0) return 0;
    const block = this.#read(before);
    return before * blockSize + countUpTo(block, this.#lengthOf(before), limit);
  }

  values(): Float64Array {
    const all = new Float64Array(this.length);
    for (let block = 0; block < this.#firsts.length; block++) {
      all.set(this.#read(block).subarray(0, this.#lengthOf(block)), block * blockSize);
    }
    return all;
  }

  #lengthOf(block: number): number {
    return Math.min(blockSize, this.length - block * blockSize);
  }

  #read(index: number): Float64Array {
    const block = this.#block;
    if (this.#blockIndex === index) return block;
    const count = this.#lengthOf(index);
    readGroups(this.#bytes, this.#starts[index], block, count - 1);
    let value = this.#firsts[index];
    for (let i = 0; i < count - 1; i++) {
      const difference = block[i];
      block[i] = value;
      value += difference;
    }
    block[count - 1] = value;
    this.#blockIndex = index;
    return block;
  }
}

/** Of the first `length` numbers, which ascend, how many are at most `limit`. */
function countUpTo(values: Float64Array, length: number, limit: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
