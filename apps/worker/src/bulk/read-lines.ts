import fs from 'node:fs';
import { pipeline, type Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';

/** A line of the file: source[start, end), without its newline. The bytes are gone after the call. */
export interface FileLine {
  readonly source: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Counted from 1, as editors do. */
  readonly line: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Large enough that a call costs nothing, small enough to stay in the processor's cache. */
const blockBytes = 512 * 1024;

/**
 * Calls `onLine` for every line of a file, packed with gzip or not (its first bytes tell), and waits for
 * `onBlock` after each block of them. `\r\n` ends a line too. Throws what reading and unpacking throw.
 */
export async function readLines(
  file: string,
  options: {
    onLine: (line: FileLine) => void;
    /** Bytes of the file that have been read so far. */
    onBlock: (bytes: number) => Promise<void>;
  },
): Promise<void> {
  const { onLine, onBlock } = options;
  let read = 0;
  const content = openFile(file, (bytes) => (read += bytes));
  let rest: Uint8Array = new Uint8Array(0);
  let line = 0;
  for await (const block of content as AsyncIterable<Buffer>) {
    const source = rest.length === 0 ? block : Buffer.concat([rest, block]);
    let start = 0;
    for (;;) {
      const end = source.indexOf(newline, start);
      if (end < 0) break;
      onLine({ source, start, end: withoutReturn(source, start, end), line: ++line });
      start = end + 1;
    }
    rest = source.subarray(start);
    await onBlock(read);
  }
  const end = withoutReturn(rest, 0, rest.length);
  if (rest.length > 0) onLine({ source: rest, start: 0, end, line: line + 1 });
}

function withoutReturn(source: Uint8Array, start: number, end: number): number {
  return end > start && source[end - 1] === carriageReturn ? end - 1 : end;
}

function openFile(file: string, onBytes: (bytes: number) => void): Readable {
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const source = fs.createReadStream(file, { highWaterMark: blockBytes });
  // The error reaches the reader through the last stream.
  const ignoreError = (): void => undefined;
  if (!isGzip(file)) return pipeline(source, count, ignoreError);
  return pipeline(source, count, zlib.createGunzip({ chunkSize: blockBytes }), ignoreError);
}

function isGzip(file: string): boolean {
  const handle = fs.openSync(file, 'r');
  try {
    const magic = Buffer.alloc(2);
    return fs.readSync(handle, magic, 0, 2, 0) === 2 && magic.readUInt16BE(0) === 0x1f8b;
  } finally {
    fs.closeSync(handle);
  }
}
