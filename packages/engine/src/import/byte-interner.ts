import { GrowableUint32 } from '../base/growable.ts';
import { mixHash } from '../base/hash.ts';

/** What hashes of tokens begin with. */
const hashSeed = 0x811c9dc5;

/** The bytes that tokens lie in, twice: by byte, and as words of four. */
export interface ScanSource<Bytes extends Uint8Array = Uint8Array> {
  readonly bytes: Bytes;
  /** Of the same bytes. */
  readonly words: DataView;
}

export function scanSource<Bytes extends Uint8Array>(bytes: Bytes): ScanSource<Bytes> {
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Words of a record before its bytes: the value, the owner, how many bytes. Then these, filled up to whole words. */
const headWords = 3;
/** Of a slot: place of the record, and the hash, so that most other records are passed without a look at them. */
const slotNumbers = 2;
const firstCapacity = 512;
/** Records begin here: place 0 says that a slot is free. */
const firstPlace = 1;

/**
 * Byte strings numbered from 0 in the order in which they were added, each within an `owner` and with a value
 * (numbers of the caller's, not negative). Open addressing over typed arrays: no string is made and nothing is
 * allocated to find one.
 *
 * The tables are larger than the processor's caches, so what finding costs is waiting for memory: once for the slot, and
 * once for the record, whose parts lie together.
 */
export class ByteInterner {
  #words = new Int32Array(0);
  /** The same memory by byte. */
  #bytes = scanSource(new Uint8Array(0));
  #wordCount = 0;
  /** Place of the record by number. */
  #places = new GrowableUint32();
  #slots = new Int32Array(0);

  constructor() {
    this.clear();
  }

  get count(): number {
    return this.#places.length;
  }

  /** Memory. */
  get byteLength(): number {
    return this.#words.byteLength + this.#places.bytes + this.#slots.byteLength;
  }

  /** The value of the token source[start, end); −1 = it was not added. `hash`: what `hashToken` says. */
  find(source: ScanSource, start: number, end: number, hash: number, owner: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const last = slots.length - 1;
    const full = fullHash(hash, owner);
    const length = end - start;
    for (let slot = (full << 1) & last; ; slot = (slot + slotNumbers) & last) {
      const place = slots[slot];
      if (place === 0) return -1;
      if (slots[slot + 1] !== full) continue;
      if (words[place + 2] !== length || words[place + 1] !== owner) continue;
      if (isSame(this.#bytes, (place + headWords) << 2, source, start, length)) return words[place];
    }
  }

  /** Adds a new token, and answers its value: its number, where none is given. The caller made sure that `find` says −1. */
  add(
    source: ScanSource,
    start: number,
    end: number,
    hash: number,
    owner: number,
    value = this.count,
  ): number {
    if ((this.count + 1) * slotNumbers * 2 > this.#slots.length) this.#growSlots();
    const place = this.#append(source.bytes, start, end);
    this.#words[place] = value;
    this.#words[place + 1] = owner;
    this.#words[place + 2] = end - start;
    this.#places.push(place);
    put(this.#slots, place, fullHash(hash, owner));
    return value;
  }

  /** Forgets everything. */
  clear(): void {
    this.#setWords(new Int32Array(1024));
    this.#wordCount = firstPlace;
    this.#places = new GrowableUint32();
    this.#slots = new Int32Array(firstCapacity * 2 * slotNumbers);
  }

  text(number: number): string {
    const start = (this.#places.array[number] + headWords) << 2;
    return Buffer.from(this.#words.buffer, start, this.byteCount(number)).toString('utf8');
  }

  byteCount(number: number): number {
    return this.#words[this.#places.array[number] + 2];
  }

  /** Place of a new record, whose head is not written yet. */
  #append(source: Uint8Array, start: number, end: number): number {
    const place = this.#wordCount;
    this.#wordCount += headWords + ((end - start + 3) >>> 2);
    if (this.#wordCount > this.#words.length) {
      const grown = new Int32Array(this.#wordCount * 2);
      grown.set(this.#words);
      this.#setWords(grown);
    }
    const { bytes } = this.#bytes;
    for (let i = start, at = (place + headWords) << 2; i < end; i++, at++) bytes[at] = source[i];
    return place;
  }

  #setWords(words: Int32Array<ArrayBuffer>): void {
    this.#words = words;
    this.#bytes = scanSource(new Uint8Array(words.buffer));
  }

  /** Doubles the slots, so that at most half of them are taken. */
  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += slotNumbers) {
      if (old[slot] !== 0) put(this.#slots, old[slot], old[slot + 1]);
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

/** Writes the place of a record into the first free slot for its hash. A power of two long. */
function put(slots: Int32Array, place: number, full: number): void {
  const last = slots.length - 1;
  let slot = (full << 1) & last;
  while (slots[slot] !== 0) slot = (slot + slotNumbers) & last;
  slots[slot] = place;
  slots[slot + 1] = full;
}

/** FNV leaves its low bits poor, and owners must fall apart. As a signed number, which V8 keeps in a register. */
function fullHash(hash: number, owner: number): number {
  return mixHash(hash ^ Math.imul(owner, 0x9e3779b1)) | 0;
}

/** A hash of a whole token. */
export function hashToken(source: Uint8Array, start: number, end: number): number {
  let hash = hashSeed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i], 0x01000193);
  return hash;
}
