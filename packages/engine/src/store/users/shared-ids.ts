import { assert } from '../../base/assert.ts';
import { sharedBytes, sharedUint32 } from '../../base/shared-array.ts';
import type { UserIds } from '../../query/scan/project-snapshot.ts';

const firstBytes = 4096;
const firstEnds = 256;
/** Ends are 32 bits. */
const bytesMax = 0xffffffff;

/**
 * Ids by ordinal in shared memory, only ever added to, so whoever remembers how many there were may read
 * them at any later time. Several holders may add to one buffer as long as they add the same; where
 * they part, the second one goes on in a copy.
 */
export class SharedIds {
  readonly #bytes: Uint8Array;
  /** Id o is bytes[ends[o − 1], ends[o]); ordinal 0 is "". */
  readonly #ends: Uint32Array;
  /** The greatest ordinal that anybody added. */
  #written = 0;

  constructor(bytesCapacity = firstBytes, endsCapacity = firstEnds) {
    this.#bytes = sharedBytes(bytesCapacity);
    this.#ends = sharedUint32(endsCapacity);
  }

  /** The first `count` of them. The holder must know that they are its own. */
  upTo(count: number): UserIds {
    return { count, bytes: this.#bytes, ends: this.#ends };
  }

  /** The bytes of an id, as a view. */
  bytesOf(ordinal: number): Uint8Array {
    return this.#bytes.subarray(this.#startOf(ordinal), this.#ends[ordinal]);
  }

  text(ordinal: number): string {
    const start = this.#startOf(ordinal);
    const { buffer, byteOffset } = this.#bytes;
    return Buffer.from(buffer, byteOffset + start, this.#ends[ordinal] - start).toString();
  }

  isEqual(ordinal: number, source: Uint8Array, start: number, end: number): boolean {
    const own = this.#startOf(ordinal);
    if (this.#ends[ordinal] - own !== end - start) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < end - start; i++) if (bytes[own + i] !== source[start + i]) return false;
    return true;
  }

  /** These ids up to `count` with room for more: this buffer, or a copy, an eighth larger than what is asked for. */
  reserved(count: number, moreIds: number, moreBytes: number): SharedIds {
    const bytes = this.#ends[count] + moreBytes;
    const ends = count + 1 + moreIds;
    if (bytes <= this.#bytes.length && ends <= this.#ends.length) return this;
    assert(bytes <= bytesMax, () => `ids of ${bytes} bytes are more than ${bytesMax}`);
    return this.#copy(count, Math.min(bytesMax, Math.ceil(bytes * 1.125)), Math.ceil(ends * 1.125));
  }

  /**
   * These ids up to `ordinal` − 1 and then source[start, end): this buffer, or a copy where it is full or
   * somebody else put another id there. The caller's own last ordinal is `ordinal` − 1.
   */
  with(ordinal: number, source: Uint8Array, start: number, end: number): SharedIds {
    if (ordinal <= this.#written) {
      if (this.isEqual(ordinal, source, start, end)) return this;
      return this.#copy(ordinal - 1).with(ordinal, source, start, end);
    }
    assert(ordinal === this.#written + 1, () => `ordinal ${ordinal} leaves a gap`);
    const at = this.#startOf(ordinal);
    const after = at + end - start;
    if (after > this.#bytes.length || ordinal >= this.#ends.length) {
      assert(after <= bytesMax, () => `ids of ${after} bytes are more than ${bytesMax}`);
      const bytes = Math.min(bytesMax, Math.max(after, this.#bytes.length * 1.5));
      const copy = this.#copy(ordinal - 1, Math.ceil(bytes), Math.ceil(this.#ends.length * 1.5));
      return copy.with(ordinal, source, start, end);
    }
    const bytes = this.#bytes;
    for (let i = 0; i < end - start; i++) bytes[at + i] = source[start + i];
    this.#ends[ordinal] = after;
    this.#written = ordinal;
    return this;
  }

  #startOf(ordinal: number): number {
    return ordinal === 0 ? 0 : this.#ends[ordinal - 1];
  }

  #copy(count: number, bytes = this.#bytes.length, ends = this.#ends.length): SharedIds {
    const copy = new SharedIds(bytes, ends);
    copy.#bytes.set(this.#bytes.subarray(0, this.#ends[count]));
    copy.#ends.set(this.#ends.subarray(0, count + 1));
    copy.#written = count;
    return copy;
  }
}
