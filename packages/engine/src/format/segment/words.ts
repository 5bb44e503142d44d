import { EngineError } from '../../base/errors.ts';
import { giveBack } from './scratch.ts';

/** Everything inside a block is made of 32-bit words, so that decoders read aligned memory. */
const oneDouble = new Float64Array(1);
const itsWords = new Uint32Array(oneDouble.buffer);

export function corruptSegment(what: string, problem: string, cause?: unknown): EngineError {
  return new EngineError('CORRUPT_SEGMENT', `${what}: ${problem}`, { cause });
}

/** Writes words into an array that grows. The twin of WordReader. */
export class WordWriter {
  /** Replaced when it grows: take it again after anything that may have written. */
  words = new Uint32Array(64);
  length = 0;

  push(word: number): void {
    if (this.length === this.words.length) this.#grow(1);
    this.words[this.length++] = word;
  }

  /** Makes `count` words of 0 and tells where they begin. */
  take(count: number): number {
    const at = this.length;
    if (at + count > this.words.length) this.#grow(count);
    this.length = at + count;
    return at;
  }

  double(value: number): void {
    oneDouble[0] = value;
    this.push(itsWords[0]);
    this.push(itsWords[1]);
  }

  /** A word with the number of bytes, then the bytes, filled up with zeros to a whole word. */
  bytes(bytes: Uint8Array): void {
    this.push(bytes.length);
    const at = this.take(Math.ceil(bytes.length / 4));
    new Uint8Array(this.words.buffer).set(bytes, at * 4);
  }

  /** What another writer wrote. */
  append(other: WordWriter): void {
    const at = this.take(other.length);
    this.words.set(other.words.subarray(0, other.length), at);
  }

  /** Copies what was written. */
  toBytes(): Uint8Array {
    return new Uint8Array(this.words.buffer.slice(0, this.length * 4));
  }

  #grow(count: number): void {
    const needed = this.length + count;
    const grown = new Uint32Array(Math.max(needed, this.words.length * 2));
    grown.set(this.words.subarray(0, this.length));
    this.words = grown;
  }
}

/**
 * Words of 0 that follow a block in memory: a decoder of bits loads the word of a bit and the next one, also
 * behind the last bit, and a read outside of an array would make its loop slow for good.
 */
export const paddingWords = 2;

/**
 * Reads the words of one block from front to end, which padding follows. Whatever they say, a read lies
 * inside the block or raises `CORRUPT_SEGMENT`.
 */
export class WordReader {
  readonly words: Uint32Array;
  readonly end: number;
  position = 0;
  readonly #what: string;

  /** `what` names the block in errors. */
  constructor(words: Uint32Array, what: string) {
    this.words = words;
    this.end = words.length - paddingWords;
    this.#what = what;
  }

  corrupt(problem: string): EngineError {
    return corruptSegment(this.#what, `word ${this.position}: ${problem}`);
  }

  next(): number {
    return this.words[this.take(1)];
  }

  /** Passes over `count` words and tells where they begin. */
  take(count: number): number {
    const at = this.position;
    if (count > this.end - at) {
      throw this.corrupt(`needs ${count} words, ${this.end - at} are left`);
    }
    this.position = at + count;
    return at;
  }

  /** A word that is at most `max`. */
  atMost(max: number, name: string): number {
    const value = this.next();
    if (value > max) throw this.corrupt(`${name} ${value} exceeds ${max}`);
    return value;
  }

  double(): number {
    const at = this.take(2);
    itsWords[0] = this.words[at];
    itsWords[1] = this.words[at + 1];
    return oneDouble[0];
  }

  /** Twin of `WordWriter.bytes`; a view. */
  bytes(): Uint8Array {
    const size = this.next();
    const at = this.take(Math.ceil(size / 4));
    return new Uint8Array(this.words.buffer, this.words.byteOffset + at * 4, size);
  }

  /** Gives the memory back for others: nobody may read on, or look at what `bytes` gave. */
  release(): void {
    giveBack(this.words);
  }

  /** Everything must have been read. */
  finish(): void {
    if (this.position !== this.end) {
      throw this.corrupt(`${this.end - this.position} words too many`);
    }
  }
}
