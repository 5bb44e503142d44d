import fs from 'node:fs';
import { pipeline, type Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { bulkLimits } from './bulk-limits.ts';

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
  /** The beginning of a line whose end has not come yet: pieces of the blocks before. */
  let rest: Buffer[] = [];
  let line = 0;
  const give = (source: Buffer, start: number, end: number): void => {
    onLine({ source, start, end: withoutReturn(source, start, end), line: ++line });
  };
  for await (const block of content as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
      if (rest.length === 0) {
        give(block, start, end);
      } else {
        // Only the line that blocks cut is copied.
        const whole = Buffer.concat([...rest, block.subarray(start, end)]);
        rest = [];
        give(whole, 0, whole.length);
      }
      start = end + 1;
    }
    if (start < block.length) rest.push(block.subarray(start));
    if (rest.length * blockBytes > bulkLimits.fileLineBytesMax) throw tooLong(line + 1);
    await onBlock(read);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) give(last, 0, last.length);
}

function tooLong(line: number): Error {
  return new Error(
    `line ${line} is longer than ${bulkLimits.fileLineBytesMax} bytes: is this a file of one JSON record a line?`,
  );
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
