import { assert } from '../base/assert.ts';

/** Writes little-endian bytes into a buffer that grows. The twin of byte-reader.ts. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 1024) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  get written(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #room(size: number): number {
    const at = this.#length;
    if (at + size > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, at + size));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    this.#length = at + size;
    return at;
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16LE(value, at);
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  f64(value: number): void {
    const at = this.#room(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  /** Writes over four bytes that exist: lengths and checksums that are known later. */
  setU32(at: number, value: number): void {
    this.#buffer.writeUInt32LE(value, at);
  }

  varint(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, () => `varint ${value} is out of range`);
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** The UTF-8 bytes of the text, without a length. A lone surrogate becomes U+FFFD. */
  text(text: string): void {
    const size = Buffer.byteLength(text);
    const at = this.#room(size);
    this.#buffer.write(text, at, size, 'utf8');
  }
}
