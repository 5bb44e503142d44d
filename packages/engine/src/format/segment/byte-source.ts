import fs from 'node:fs';
import { assert } from '../../base/assert.ts';

/**
 * Where the bytes of a file lie. Reads are synchronous: they happen on threads of the pool, which have
 * nothing else to do meanwhile.
 */
export interface ByteSource {
  readonly size: number;
  /** Bytes [offset, offset + length). Fewer only where the source ends before; the caller checks. */
  read(offset: number, length: number): Uint8Array;
  /** Fills the target from `offset` on and tells how many bytes there were. */
  readInto(target: Uint8Array, offset: number): number;
  /**
   * These bytes will be asked for soon: where they lie on a disk it begins to read them, while the caller goes on.
   * Whether it can is told by `read`.
   */
  readAhead(offset: number, length: number): void;
  /** Until `wake` nothing is read, and nothing of the system is held. */
  rest(): void;
  /** Throws what the file system says. False = these are other bytes than before: the source is closed then. */
  wake(): boolean;
  close(): void;
}

/** A file on this machine, open until `close`. Throws what the file system says when it cannot be read. */
export function fileSource(path: string): ByteSource {
  return new FileSource(path);
}

/** A system call for each so many bytes of what is read ahead. */
const aheadBytes = 256 * 1024;
/** What is read ahead comes to lie in the memory of the system; what comes here nobody looks at. One a thread. */
let ahead: Uint8Array | null = null;

class FileSource implements ByteSource {
  readonly size: number;
  readonly #path: string;
  #descriptor: Descriptor | null;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = new Descriptor(path);
    this.size = this.#descriptor.size();
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    return bytes.subarray(0, this.readInto(bytes, offset));
  }

  readInto(target: Uint8Array, offset: number): number {
    const number = this.#descriptor?.number;
    assert(number !== undefined, () => `segment ${this.#path} is closed`);
    let done = 0;
    while (done < target.length) {
      const rest = target.length - done;
      const count = fs.readSync(number, target, done, rest, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  readAhead(offset: number, length: number): void {
    for (let done = 0; done < length; done += aheadBytes) {
      this.#descriptor?.readAhead(offset + done, Math.min(aheadBytes, length - done));
    }
  }

  rest(): void {
    this.close();
  }

  wake(): boolean {
    if (this.#descriptor !== null) return true;
    this.#descriptor = new Descriptor(this.#path);
    if (this.#descriptor.size() === this.size) return true;
    this.close();
    return false;
  }

  close(): void {
    this.#descriptor?.release();
    this.#descriptor = null;
  }
}

/** Open until it is released and nothing is read ahead any more: its number may be that of another file afterwards. */
class Descriptor {
  readonly number: number;
  #useCount = 1;

  constructor(path: string) {
    this.number = fs.openSync(path, 'r');
  }

  /** Bytes of the file. */
  size(): number {
    try {
      return fs.fstatSync(this.number).size;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  readAhead(offset: number, length: number): void {
    ahead ??= new Uint8Array(aheadBytes);
    this.#useCount++;
    fs.read(this.number, ahead, 0, length, offset, () => this.release());
  }

  release(): void {
    if (--this.#useCount === 0) fs.closeSync(this.number);
  }
}

/** Bytes in memory, which must not change while they are read from. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    readInto: (target, offset) => {
      const found = bytes.subarray(offset, offset + target.length);
      target.set(found);
      return found.length;
    },
    readAhead: () => undefined,
    rest: () => undefined,
    wake: () => true,
    close: () => undefined,
  };
}
