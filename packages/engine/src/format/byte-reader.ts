import { EngineError, type EngineErrorCode } from '../base/errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What is being read: names the error that damaged bytes raise. */
export interface ByteSource {
  readonly code: EngineErrorCode;
  /** For example `row batch`: the first words of every error text. */
  readonly what: string;
}

/**
 * Reads little-endian bytes from the front to the end. The only place that checks ends: every read
 * either lies inside the bytes or raises the typed error of its source, whatever the bytes say.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;
  readonly end: number;
  readonly #view: DataView;
  readonly #buffer: Buffer;
  readonly #source: ByteSource;

  constructor(bytes: Uint8Array, source: ByteSource, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#source = source;
  }

  /** The typed error for what is found at the position. */
  corrupt(problem: string, at = this.position): EngineError {
    return new EngineError(this.#source.code, `${this.#source.what}: offset ${at}: ${problem}`);
  }

  get remaining(): number {
    return this.end - this.position;
  }

  #take(size: number): number {
    const at = this.position;
    if (size > this.end - at) {
      throw this.corrupt(`needs ${size} bytes, ${this.end - at} are left`);
    }
    this.position = at + size;
    return at;
  }

  u8(): number {
    return this.bytes[this.#take(1)];
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Seven bits a byte, lowest first; at most 2^53 - 1. */
  varint(): number {
    const at = this.position;
    if (at < this.end) {
      // Nearly every varint of a batch is one byte.
      const first = this.bytes[at];
      if (first < 0x80) {
        this.position = at + 1;
        return first;
      }
    }
    return this.#longVarint();
  }

  #longVarint(): number {
    const start = this.position;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 128;
    }
    throw this.corrupt('varint is longer than 53 bits', start);
  }

  /** Signed: 0, -1, 1, -2, … are written as 0, 1, 2, 3, … */
  zigzag(): number {
    const value = this.varint();
    const half = Math.floor(value / 2);
    return value % 2 === 0 ? half : -half - 1;
  }

  /**
   * A number of things that follow, each at least `bytesEach` long. Bounded by the bytes that are
   * left, so a forged count can make nobody allocate more than a small multiple of the input.
   */
  count(bytesEach: number): number {
    const at = this.position;
    const count = this.varint();
    if (count * bytesEach > this.end - this.position) {
      throw this.corrupt(
        `count ${count} does not fit the ${this.end - this.position} bytes left`,
        at,
      );
    }
    return count;
  }

  /** A place in a table of `size` entries. */
  index(size: number): number {
    const at = this.position;
    const index = this.varint();
    if (index >= size) throw this.corrupt(`index ${index} is outside a table of ${size}`, at);
    return index;
  }

  /** Passes over `size` bytes and tells where they begin. */
  skip(size: number): number {
    return this.#take(size);
  }

  /** UTF-8 text of `size` bytes. Bytes that are no UTF-8 are damage. */
  text(size: number): string {
    const at = this.#take(size);
    const bytes = this.bytes;
    let isAscii = true;
    for (let i = at; i < at + size; i++) {
      if (bytes[i] > 0x7f) {
        isAscii = false;
        break;
      }
    }
    if (isAscii) return this.#buffer.toString('latin1', at, at + size);
    try {
      return utf8.decode(bytes.subarray(at, at + size));
    } catch {
      throw this.corrupt(`${size} bytes of text are no UTF-8`, at);
    }
  }

  /** Everything must have been read. */
  finish(): void {
    if (this.position !== this.end) throw this.corrupt(`${this.remaining} bytes too many`);
  }
}
