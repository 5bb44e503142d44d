import { assert } from '../../base/assert.ts';

/** A piece of shared memory: bytes [offset, offset + bytes) of one slab. */
export interface Extent {
  readonly slab: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Typed arrays of every width may begin where an extent begins. */
export const extentAlignment = 8;

/**
 * Slabs are made when they are first needed, so that a small deployment reserves little. Half a gigabyte:
 * the columns of one event of a day are some megabytes, so little is lost at the end of a slab.
 */
const slabBytesMax = 2 ** 29;

export function alignedBytes(bytes: number): number {
  return Math.ceil(bytes / extentAlignment) * extentAlignment;
}

/**
 * Hands out pieces of shared memory and takes them back. Used instead of a SharedArrayBuffer a column,
 * because those are freed only when the last of several threads collects its garbage: nothing would
 * bound them. Here the bound is kept to the byte, and a column is two numbers on its way to a thread.
 *
 * First fit by address; neighbours that are free become one. Lives on one thread: others are told.
 */
export class Arena {
  readonly #slabs: Slab[] = [];
  readonly #onSlab: (slab: number, buffer: SharedArrayBuffer) => void;
  #unmade: number;
  #usedBytes = 0;

  /** `onSlab` hears of each slab before an extent of it is handed out. */
  constructor(bytes: number, onSlab: (slab: number, buffer: SharedArrayBuffer) => void) {
    this.#unmade = Math.floor(bytes / extentAlignment) * extentAlignment;
    this.#onSlab = onSlab;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Null = no piece of that size is free. */
  allocate(bytes: number): Extent | null {
    const wanted = alignedBytes(bytes);
    if (wanted === 0) return { slab: 0, offset: 0, bytes: 0 };
    for (let slab = 0; ; slab++) {
      if (slab === this.#slabs.length && !this.#makeSlab()) return null;
      const offset = this.#slabs[slab].take(wanted);
      if (offset < 0) continue;
      this.#usedBytes += wanted;
      return { slab, offset, bytes: wanted };
    }
  }

  /** Any part of an extent may be given back alone, at aligned places. */
  free({ slab, offset, bytes }: Extent): void {
    if (bytes === 0) return;
    const aligned = offset % extentAlignment === 0 && bytes % extentAlignment === 0;
    assert(aligned, () => `extent ${offset} + ${bytes} is not aligned`);
    this.#slabs[slab].give(offset, bytes);
    this.#usedBytes -= bytes;
  }

  #makeSlab(): boolean {
    const bytes = Math.min(this.#unmade, slabBytesMax);
    if (bytes === 0) return false;
    this.#unmade -= bytes;
    this.#onSlab(this.#slabs.length, new SharedArrayBuffer(bytes));
    this.#slabs.push(new Slab(bytes));
    return true;
  }
}

/** The free places of one slab, ascending, never adjacent to each other. */
class Slab {
  readonly #offsets: number[];
  readonly #lengths: number[];

  constructor(bytes: number) {
    this.#offsets = [0];
    this.#lengths = [bytes];
  }

  /** −1 = no place is large enough. */
  take(bytes: number): number {
    const lengths = this.#lengths;
    for (let i = 0; i < lengths.length; i++) {
      if (lengths[i] < bytes) continue;
      const offset = this.#offsets[i];
      if (lengths[i] === bytes) {
        this.#offsets.splice(i, 1);
        lengths.splice(i, 1);
      } else {
        this.#offsets[i] += bytes;
        lengths[i] -= bytes;
      }
      return offset;
    }
    return -1;
  }

  give(offset: number, bytes: number): void {
    const offsets = this.#offsets;
    const lengths = this.#lengths;
    const next = firstAfter(offsets, offset);
    const endOfPrevious = next === 0 ? -1 : offsets[next - 1] + lengths[next - 1];
    const isFree =
      endOfPrevious > offset || (next < offsets.length && offset + bytes > offsets[next]);
    assert(!isFree, () => `extent ${offset} + ${bytes} is free already`);
    const joinsPrevious = endOfPrevious === offset;
    const joinsNext = offsets[next] === offset + bytes;
    if (joinsPrevious && joinsNext) {
      lengths[next - 1] += bytes + lengths[next];
      offsets.splice(next, 1);
      lengths.splice(next, 1);
    } else if (joinsPrevious) {
      lengths[next - 1] += bytes;
    } else if (joinsNext) {
      offsets[next] = offset;
      lengths[next] += bytes;
    } else {
      offsets.splice(next, 0, offset);
      lengths.splice(next, 0, bytes);
    }
  }
}

/** Index of the first number above `value` in an ascending list. */
function firstAfter(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
