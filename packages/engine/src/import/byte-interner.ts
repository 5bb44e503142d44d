import { mixHash } from '../base/hash.ts';
import { hashSeed, type ScanSource, scanSource } from './json-scan.ts';

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
  #bytes = scanSource(new Uint8Array(0));
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
    return this.#bytes.bytes.byteLength + this.#entries.byteLength + this.#slots.byteLength;
  }

  /** The number of the token source[start, end); −1 = it was not added. `hash`: of the scans, from `hashSeed`. */
  find(source: ScanSource, start: number, end: number, hash: number, owner: number): number {
    const slots = this.#slots;
    const entries = this.#entries;
    const own = this.#bytes;
    const last = slots.length - 1;
    const full = fullHash(hash, owner);
    const length = end - start;
    for (let slot = (full * slotNumbers) & last; ; slot = (slot + slotNumbers) & last) {
      const entry = slots[slot] - 1;
      if (entry < 0) return -1;
      if (slots[slot + 1] !== full) continue;
      const at = entry * entryNumbers;
      const ownStart = entries[at];
      if (entries[at + 1] - ownStart !== length || entries[at + 2] !== owner) continue;
      if (isSame(own, ownStart, source, start, length)) return entry;
    }
  }

  /** The number of the new token. The caller made sure that `find` says −1. */
  add(source: ScanSource, start: number, end: number, hash: number, owner: number): number {
    if ((this.#count + 1) * entryNumbers > this.#entries.length) this.#grow();
    this.#append(source.bytes, start, end);
    const at = this.#count * entryNumbers;
    this.#entries[at] = this.#byteCount - (end - start);
    this.#entries[at + 1] = this.#byteCount;
    this.#entries[at + 2] = owner;
    place(this.#slots, this.#count, fullHash(hash, owner));
    return this.#count++;
  }

  /** Forgets everything. */
  clear(): void {
    this.#bytes = scanSource(new Uint8Array(4096));
    this.#byteCount = 0;
    this.#entries = new Uint32Array(firstCapacity * entryNumbers);
    this.#slots = new Uint32Array(firstCapacity * 2 * slotNumbers);
    this.#count = 0;
  }

  text(entry: number): string {
    const { buffer, byteOffset } = this.#bytes.bytes;
    const start = this.#entries[entry * entryNumbers];
    const length = this.byteCount(entry);
    return Buffer.from(buffer, byteOffset + start, length).toString('utf8');
  }

  /** Whether source at `at` goes on with the bytes of the token; it must have so many there. */
  isAt(entry: number, source: ScanSource, at: number): boolean {
    const start = this.#entries[entry * entryNumbers];
    const length = this.#entries[entry * entryNumbers + 1] - start;
    return isSame(this.#bytes, start, source, at, length);
  }

  byteCount(entry: number): number {
    const at = entry * entryNumbers;
    return this.#entries[at + 1] - this.#entries[at];
  }

  #append(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (this.#byteCount + count > this.#bytes.bytes.length) {
      const grown = new Uint8Array((this.#byteCount + count) * 2);
      grown.set(this.#bytes.bytes.subarray(0, this.#byteCount));
      this.#bytes = scanSource(grown);
    }
    const { bytes } = this.#bytes;
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

/** Whether `length` bytes are the same in both, which have so many from there on. Four at a time. */
function isSame(
  one: ScanSource,
  at: number,
  other: ScanSource,
  otherAt: number,
  length: number,
): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) {
      if (one.bytes[at + i] !== other.bytes[otherAt + i]) return false;
    }
    return true;
  }
  const { words } = one;
  const { words: otherWords } = other;
  const last = length - 4;
  for (let i = 0; i < last; i += 4) {
    if (words.getInt32(at + i, true) !== otherWords.getInt32(otherAt + i, true)) return false;
  }
  // The last four overlap those before.
  return words.getInt32(at + last, true) === otherWords.getInt32(otherAt + last, true);
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

/** A hash of a whole token, not the one of the scans: for tables that are filled without them. */
export function hashToken(source: Uint8Array, start: number, end: number): number {
  let hash = hashSeed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i], 0x01000193);
  return hash;
}
