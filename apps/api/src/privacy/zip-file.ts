import { crc32, deflateRawSync } from 'node:zlib';

/** One file of an archive, in pieces. */
export interface ZipEntry {
  readonly name: string;
  readonly pieces: AsyncIterable<string>;
}

/** What the format holds without its 64-bit extension. */
const bytesMax = 0xffff_ffff;

const signature = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end: 0x06054b50,
};
const version = 20;
/** Bit 3: sizes come behind the data. Bit 11: names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** 1980-01-01, the first day of the format: when a file was made says nothing here. */
const date = 0x0021;

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/**
 * An archive (PKWARE APPNOTE 6.3.10, 4.3 and 4.4) of files that are read once, written as they are read: memory holds a
 * piece at a time. Every piece is a block of its own, so pieces should have some ten thousand characters. Throws
 * RangeError past 4 GB, which the format without extensions cannot tell.
 */
export async function* zipFile(entries: readonly ZipEntry[]): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for (const { name: text, pieces } of entries) {
    const name = Buffer.from(text);
    const start = offset;
    const header = localHeader(name);
    yield header;
    offset += header.length;
    let crc = 0;
    let size = 0;
    let packed = 0;
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece);
      crc = crc32(bytes, crc);
      size += bytes.length;
      // A sync flush ends the block on a byte, so that the next one follows directly.
      const block = deflateRawSync(bytes, { finishFlush: 2 });
      packed += block.length;
      yield block;
    }
    const last = deflateRawSync(Buffer.alloc(0));
    yield last;
    packed += last.length;
    offset += packed;
    written.push({ name, offset: start, crc, packed, size });
    const descriptor = numbers([
      [signature.descriptor, 4],
      [crc, 4],
      [packed, 4],
      [size, 4],
    ]);
    yield descriptor;
    offset += descriptor.length;
    if (offset > bytesMax || size > bytesMax) {
      throw new RangeError(`an archive holds ${bytesMax} bytes: ask for lines of JSON instead`);
    }
  }
  yield centralDirectory(written, offset);
}

function localHeader(name: Buffer): Buffer {
  const fields = numbers([
    [signature.local, 4],
    [version, 2],
    [flags, 2],
    [deflated, 2],
    [0, 2],
    [date, 2],
    [0, 4],
    [0, 4],
    [0, 4],
    [name.length, 2],
    [0, 2],
  ]);
  return Buffer.concat([fields, name]);
}

function centralDirectory(files: readonly Written[], start: number): Buffer {
  const records = files.map(({ name, offset, crc, packed, size }) =>
    Buffer.concat([
      numbers([
        [signature.central, 4],
        [version, 2],
        [version, 2],
        [flags, 2],
        [deflated, 2],
        [0, 2],
        [date, 2],
        [crc, 4],
        [packed, 4],
        [size, 4],
        [name.length, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [offset, 4],
      ]),
      name,
    ]),
  );
  const length = records.reduce((sum, record) => sum + record.length, 0);
  const end = numbers([
    [signature.end, 4],
    [0, 2],
    [0, 2],
    [files.length, 2],
    [files.length, 2],
    [length, 4],
    [start, 4],
    [0, 2],
  ]);
  return Buffer.concat([...records, end]);
}

/** Little-endian, each of 2 or 4 bytes. */
function numbers(fields: readonly (readonly [number, 2 | 4])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [, width]) => sum + width, 0));
  let at = 0;
  for (const [value, width] of fields) at = bytes.writeUIntLE(value, at, width);
  return bytes;
}
