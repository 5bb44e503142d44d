import { mixHash } from '../base/hash.ts';

/** FNV-1a, continued over a token's bytes while they are scanned; the step is written out in the scans. */
export const hashSeed = 0x811c9dc5;

/** Of an entry: where its bytes begin and end, and its owner. */
const entryNumbers = 3;
/** Of a slot: entry + 1 (0 = free), and the hash, so that most other entries are passed without a look at them. */
const slotNumbers = 2;
const firstCapacity = 512;

/**
 * Byte strings numbered from 0 in the order in which they were added, each within an `owner` (a number of the
 * caller's). Open addressing over typed arrays: no string is made and nothing is allocated to find one, and
 * what is compared lies together, for the tables are larger than the processor's caches.
 */
export class ByteInterner {
  #bytes = new Uint8Array(0);
  #byteCount = 0;
  #entries = new Uint32Array(0);
  #slots = new Uint32Array(0);
  #count = 0;

  constructor() {
    this.clear();
  }

  get count(): number {
    return this.#count;
  }

  /** Memory. */
  get byteLength(): number {
    return this.#bytes.byteLength + this.#entries.byteLength + this.#slots.byteLength;
  }

  /** The number of the token source[start, end); −1 = it was not added. `hash`: of the scans, from `hashSeed`. */
  find(source: Uint8Array, start: number, end: number, hash: number, owner: number): number {
    const slots = this.#slots;
    const entries = this.#entries;
    const bytes = this.#bytes;
    const last = slots.length - 1;
    const full = fullHash(hash, owner);
    const length = end - start;
    for (let slot = (full * slotNumbers) & last; ; slot = (slot + slotNumbers) & last) {
      const entry = slots[slot] - 1;
      if (entry < 0) return -1;
      if (slots[slot + 1] !== full) continue;
      const at = entry * entryNumbers;
      const own = entries[at];
      if (entries[at + 1] - own !== length || entries[at + 2] !== owner) continue;
      let i = 0;
      while (i < length && bytes[own + i] === source[start + i]) i++;
      if (i === length) return entry;
    }
  }

  /** The number of the new token. The caller made sure that `find` says −1. */
  add(source: Uint8Array, start: number, end: number, hash: number, owner: number): number {
    if ((this.#count + 1) * entryNumbers > this.#entries.length) this.#grow();
    this.#append(source, start, end);
    const at = this.#count * entryNumbers;
    this.#entries[at] = this.#byteCount - (end - start);
    this.#entries[at + 1] = this.#byteCount;
    this.#entries[at + 2] = owner;
    place(this.#slots, this.#count, fullHash(hash, owner));
    return this.#count++;
  }

  /** Forgets everything. */
  clear(): void {
    this.#bytes = new Uint8Array(4096);
    this.#byteCount = 0;
    this.#entries = new Uint32Array(firstCapacity * entryNumbers);
    this.#slots = new Uint32Array(firstCapacity * 2 * slotNumbers);
    this.#count = 0;
  }

  text(entry: number): string {
    const { buffer, byteOffset } = this.#bytes;
    const start = this.#entries[entry * entryNumbers];
    const length = this.byteCount(entry);
    return Buffer.from(buffer, byteOffset + start, length).toString('utf8');
  }

  /** Whether source at `at` goes on with the bytes of the token. */
  isAt(entry: number, source: Uint8Array, at: number): boolean {
    const bytes = this.#bytes;
    const start = this.#entries[entry * entryNumbers];
    const length = this.#entries[entry * entryNumbers + 1] - start;
    let i = 0;
    while (i < length && bytes[start + i] === source[at + i]) i++;
    return i === length;
  }

  byteCount(entry: number): number {
    const at = entry * entryNumbers;
    return this.#entries[at + 1] - this.#entries[at];
  }

  #append(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (this.#byteCount + count > this.#bytes.length) {
      const grown = new Uint8Array((this.#byteCount + count) * 2);
      grown.set(this.#bytes.subarray(0, this.#byteCount));
      this.#bytes = grown;
    }
    const bytes = this.#bytes;
    for (let i = 0, at = this.#byteCount; i < count; i++) bytes[at + i] = source[start + i];
    this.#byteCount += count;
  }

  /** Doubles entries and slots together, so that at most half of the slots are taken. */
  #grow(): void {
    const entries = new Uint32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += slotNumbers) {
      if (old[slot] !== 0) place(this.#slots, old[slot] - 1, old[slot + 1]);
    }
  }
}

/** Writes an entry into the first free slot for its hash. A power of two long. */
function place(slots: Uint32Array, entry: number, full: number): void {
  const last = slots.length - 1;
  let slot = (full * slotNumbers) & last;
  while (slots[slot] !== 0) slot = (slot + slotNumbers) & last;
  slots[slot] = entry + 1;
  slots[slot + 1] = full;
}

/** FNV leaves its low bits poor, and owners must fall apart. */
function fullHash(hash: number, owner: number): number {
  return mixHash(hash ^ Math.imul(owner, 0x9e3779b1));
}

/** The hash of a whole token. */
export function hashToken(source: Uint8Array, start: number, end: number): number {
  let hash = hashSeed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i], 0x01000193);
  return hash;
}
