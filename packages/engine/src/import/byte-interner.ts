import { GrowableBytes, GrowableUint32 } from '../base/growable.ts';
import { mixHash } from '../base/hash.ts';

/** FNV-1a, continued over a token's bytes while they are scanned; see `hashStep`. */
export const hashSeed = 0x811c9dc5;

/** Hash after one more byte. Written out in hot loops. */
export const hashStep = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

/**
 * Byte strings numbered from 0 in the order in which they were added, each within an `owner` (a number of the
 * caller's). Open addressing over typed arrays: no string is made and nothing is allocated to find one.
 */
export class ByteInterner {
  readonly #bytes = new GrowableBytes();
  readonly #ends = new GrowableUint32();
  readonly #hashes = new GrowableUint32();
  readonly #owners = new GrowableUint32();
  /** Number + 1, 0 = free. A power of two long. */
  #slots = new Uint32Array(1024);

  get count(): number {
    return this.#ends.length;
  }

  /** Memory, nearly. */
  get byteLength(): number {
    return this.#bytes.bytes + this.#ends.bytes * 3 + this.#slots.byteLength;
  }

  /** The number of the token source[start, end); −1 = it was not added. `hash` by `hashStep` from `hashSeed`. */
  find(source: Uint8Array, start: number, end: number, hash: number, owner: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const full = fullHash(hash, owner);
    for (let slot = full & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = slots[slot] - 1;
      if (this.#hashes.array[entry] !== full || this.#owners.array[entry] !== owner) continue;
      if (this.#isEqual(entry, source, start, end)) return entry;
    }
    return -1;
  }

  /** The number of the new token. The caller made sure that `find` says −1. */
  add(source: Uint8Array, start: number, end: number, hash: number, owner: number): number {
    if ((this.count + 1) * 2 > this.#slots.length) this.#grow();
    const full = fullHash(hash, owner);
    const mask = this.#slots.length - 1;
    let slot = full & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#bytes.append(source, start, end);
    this.#ends.push(this.#bytes.length);
    this.#hashes.push(full);
    this.#owners.push(owner);
    this.#slots[slot] = this.count;
    return this.count - 1;
  }

  /** Forgets everything. */
  clear(): void {
    this.#bytes.length = 0;
    this.#ends.length = 0;
    this.#hashes.length = 0;
    this.#owners.length = 0;
    this.#slots = new Uint32Array(1024);
  }

  text(entry: number): string {
    const { array } = this.#bytes;
    return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString(
      'utf8',
      this.#start(entry),
      this.#ends.array[entry],
    );
  }

  /** Whether source at `at` goes on with the bytes of the token. */
  isAt(entry: number, source: Uint8Array, at: number): boolean {
    const bytes = this.#bytes.array;
    const start = this.#start(entry);
    const length = this.#ends.array[entry] - start;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== source[at + i]) return false;
    return true;
  }

  byteCount(entry: number): number {
    return this.#ends.array[entry] - this.#start(entry);
  }

  #start(entry: number): number {
    return entry === 0 ? 0 : this.#ends.array[entry - 1];
  }

  #isEqual(entry: number, source: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes.array;
    const own = this.#start(entry);
    const length = end - start;
    if (this.#ends.array[entry] - own !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[own + i] !== source[start + i]) return false;
    return true;
  }

  #grow(): void {
    const grown = new Uint32Array(this.#slots.length * 2);
    const mask = grown.length - 1;
    const hashes = this.#hashes.array;
    for (let entry = 0; entry < this.count; entry++) {
      let slot = hashes[entry] & mask;
      while (grown[slot] !== 0) slot = (slot + 1) & mask;
      grown[slot] = entry + 1;
    }
    this.#slots = grown;
  }
}

/** FNV leaves its low bits poor, and owners must fall apart. */
function fullHash(hash: number, owner: number): number {
  return mixHash(hash ^ Math.imul(owner, 0x9e3779b1));
}

/** The hash of a whole token. */
export function hashToken(source: Uint8Array, start: number, end: number): number {
  let hash = hashSeed;
  for (let i = start; i < end; i++) hash = hashStep(hash, source[i]);
  return hash;
}
