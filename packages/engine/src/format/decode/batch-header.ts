import { uncompressSync } from 'lz4-napi';
import { checksum } from '../../base/checksum.ts';
import { EngineError } from '../../base/errors.ts';
import { engineLimits } from '../../base/limits.ts';
import { ByteReader, type ByteSource } from '../byte-reader.ts';
import { bodyIsLz4, rowBatchHeaderLayout, rowBatchMagic, rowBatchVersion } from '../constants.ts';

export const rowBatchSource: ByteSource = { code: 'CORRUPT_BATCH', what: 'row batch' };

export interface BatchHeader {
  readonly batchId: string;
  readonly project: number;
  readonly shard: number;
  readonly sequence: number;
  readonly receivedAt: number;
  readonly eventCount: number;
  readonly personCount: number;
  readonly linkCount: number;
  readonly isCompressed: boolean;
  /** Where the length of the body stands; the body follows it. */
  readonly bodyAt: number;
}

/**
 * Offset  size  meaning (FORMAT.md 2)
 *      0     4  magic          16  4  shard          32  8  sequence
 *      4     1  version        20  4  events         40  8  receivedAt
 *      5     1  flags          24  4  persons        48  n  batch id
 *      6     2  batch id bytes 28  4  links         48+n 4  body length, then the body
 *      8     4  checksum of everything from offset 12 on
 *     12     4  project
 */
export function readHeader(bytes: Uint8Array): BatchHeader {
  const reader = new ByteReader(bytes, rowBatchSource);
  checkIntact(reader, bytes);
  const flags = bytes[rowBatchHeaderLayout.flags];
  if ((flags & ~bodyIsLz4) !== 0) {
    throw reader.corrupt(`flags ${flags} are unknown`, rowBatchHeaderLayout.flags);
  }
  reader.position = rowBatchHeaderLayout.batchIdBytes;
  const batchIdBytes = reader.u16();
  reader.position = rowBatchHeaderLayout.project;
  const project = reader.u32();
  const shard = reader.u32();
  const eventCount = reader.u32();
  const personCount = reader.u32();
  const linkCount = reader.u32();
  const sequence = readSafeInteger(reader, 'sequence');
  const receivedAt = readSafeInteger(reader, 'arrival time');
  const batchId = reader.text(batchIdBytes);
  if (batchId === '' || project === 0) throw reader.corrupt('has no batch id or no project', 0);
  return {
    batchId,
    project,
    shard,
    sequence,
    receivedAt,
    eventCount,
    personCount,
    linkCount,
    isCompressed: (flags & bodyIsLz4) !== 0,
    bodyAt: reader.position,
  };
}

/** Magic, checksum and version, in the order in which they can be believed. */
function checkIntact(reader: ByteReader, bytes: Uint8Array): void {
  if (bytes.length < rowBatchHeaderLayout.size) {
    throw reader.corrupt(`${bytes.length} bytes are shorter than a header`, 0);
  }
  const magic = reader.u32();
  if (magic !== rowBatchMagic) throw reader.corrupt(`magic is 0x${magic.toString(16)}`, 0);
  reader.position = rowBatchHeaderLayout.checksum;
  const stored = reader.u32();
  const actual = checksum(bytes.subarray(rowBatchHeaderLayout.project), headSeed(bytes));
  if (stored !== actual) {
    throw reader.corrupt(
      `checksum is 0x${actual.toString(16)}, the header says 0x${stored.toString(16)}`,
      rowBatchHeaderLayout.checksum,
    );
  }
  const version = bytes[rowBatchHeaderLayout.version];
  if (version !== rowBatchVersion) {
    throw new EngineError(
      'UNSUPPORTED_VERSION',
      `row batch: version ${version} is newer than ${rowBatchVersion}, which this build reads: upgrade it`,
    );
  }
}

/** The bytes before the checksum are part of it: a flipped flag must not pass. */
export function headSeed(bytes: Uint8Array): number {
  return checksum(bytes.subarray(0, rowBatchHeaderLayout.checksum));
}

function readSafeInteger(reader: ByteReader, name: string): number {
  const at = reader.position;
  const value = reader.f64();
  if (!Number.isSafeInteger(value)) throw reader.corrupt(`${name} ${value} is no integer`, at);
  return value;
}

/**
 * The body, decompressed if need be. lz4-napi believes the length that stands before the block, up
 * to gigabytes, so it is checked first: against the limit, and against what LZ4 can expand to.
 */
export function readBody(bytes: Uint8Array, header: BatchHeader): Uint8Array {
  const reader = new ByteReader(bytes, rowBatchSource, header.bodyAt);
  const length = reader.u32();
  if (length > engineLimits.batchBodyBytesMax) {
    throw reader.corrupt(
      `body of ${length} bytes exceeds ${engineLimits.batchBodyBytesMax}`,
      header.bodyAt,
    );
  }
  if (!header.isCompressed) {
    const start = reader.skip(length);
    reader.finish();
    return bytes.subarray(start, start + length);
  }
  // A length byte of an LZ4 match adds at most 255 bytes of output.
  if (length > 255 * reader.remaining) {
    throw reader.corrupt(
      `${reader.remaining} bytes cannot expand to ${length}: the length is forged`,
      header.bodyAt,
    );
  }
  return decompress(reader, length, bytes.subarray(header.bodyAt));
}

function decompress(reader: ByteReader, length: number, block: Uint8Array): Uint8Array {
  let body: Uint8Array;
  try {
    body = uncompressSync(block);
  } catch (cause) {
    throw new EngineError('CORRUPT_BATCH', 'row batch: body is no LZ4 block', { cause });
  }
  if (body.length !== length) {
    throw reader.corrupt(`body has ${body.length} bytes, ${length} were announced`);
  }
  return body;
}
