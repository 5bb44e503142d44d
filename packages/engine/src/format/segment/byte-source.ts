import fs from 'node:fs';

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
  close(): void;
}

/** A file on this machine, open until `close`. Throws what the file system says when it cannot be read. */
export function fileSource(path: string): ByteSource {
  const descriptor = fs.openSync(path, 'r');
  try {
    return new FileSource(descriptor, fs.fstatSync(descriptor).size);
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

class FileSource implements ByteSource {
  readonly size: number;
  readonly #descriptor: number;
  #isClosed = false;

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.size = size;
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    return bytes.subarray(0, this.readInto(bytes, offset));
  }

  readInto(target: Uint8Array, offset: number): number {
    let done = 0;
    while (done < target.length) {
      const rest = target.length - done;
      const count = fs.readSync(this.#descriptor, target, done, rest, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    fs.closeSync(this.#descriptor);
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
    close: () => undefined,
  };
}
