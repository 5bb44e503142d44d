import fs from 'node:fs';
import { pipeline, type Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';

/** Whole lines of a file, one after the other. */
export interface LineBlock {
  /** Each line ends with a newline, but for the last one of a file that has none there. */
  readonly bytes: Buffer;
  /** So much of the file, as it lies there, was read so far. */
  readonly readBytes: number;
}

/** A line of a block: source[start, end), without its newline. */
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
/** A file whose lines are longer is none of records, and would be read into memory as a whole. */
const lineBytesMax = 64 * 1024 * 1024;

/**
 * Reads a file of lines, packed with gzip or not (its first bytes tell), in a stream: memory does not grow with
 * the file. Throws what reading and unpacking throw, also for a packed file that was cut short.
 */
export async function* readLineBlocks(file: string): AsyncGenerator<LineBlock> {
  let readBytes = 0;
  const content = openFile(file, (bytes) => (readBytes += bytes));
  /** The beginning of a line whose end has not come yet: pieces of the blocks before. */
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const block of content as AsyncIterable<Buffer>) {
    const end = block.lastIndexOf(newline) + 1;
    if (end > 0) {
      let start = 0;
      if (rest.length > 0) {
        // Only the line that blocks cut is copied.
        start = block.indexOf(newline) + 1;
        yield { bytes: Buffer.concat([...rest, block.subarray(0, start)]), readBytes };
      }
      rest = [];
      restBytes = 0;
      if (end > start) yield { bytes: block.subarray(start, end), readBytes };
    }
    if (end < block.length) rest.push(block.subarray(end));
    restBytes += block.length - end;
    if (restBytes > lineBytesMax) {
      throw new Error(
        `a line is longer than ${lineBytesMax} bytes: is this a file of one JSON record a line?`,
      );
    }
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), readBytes };
}

/**
 * Calls `onLine` for each line of a block, the first of which is `line` of the file; answers the number of the
 * line that follows. `\r\n` ends a line too, and nothing else does: JSON may hold U+2028.
 */
export function eachLine(
  { bytes }: LineBlock,
  line: number,
  onLine: (line: FileLine) => void,
): number {
  let number = line;
  for (let start = 0; start < bytes.length;) {
    const next = bytes.indexOf(newline, start);
    const end = next < 0 ? bytes.length : next;
    onLine({ source: bytes, start, end: withoutReturn(bytes, start, end), line: number++ });
    start = end + 1;
  }
  return number;
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
