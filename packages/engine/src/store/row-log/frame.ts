import { checksum } from '../../base/checksum.ts';
import {
  frameHeaderBytes,
  frameMagic,
  logHeaderBytes,
  logHeaderCopyBytes,
  logMagic,
  logVersion,
} from '../../format/constants.ts';
import { EngineError } from '../../base/errors.ts';
import { ByteWriter } from '../../format/byte-writer.ts';

/** Head of a row-log file, version 1 (FORMAT.md 3). */
export interface LogHeader {
  readonly shard: number;
  readonly number: number;
  /**
   * Random, and the seed of every frame's checks: customers' data that looks like a frame can never
   * be taken for one when a reader looks for the next frame behind a damaged place.
   */
  readonly salt: number;
  readonly createdAt: number;
}

/**
 * Twice, so that no single damaged byte costs a file:
 * magic u32 · version u32 · shard u32 · file number u32 · salt u32 · created f64 · checksum u32.
 */
export function encodeLogHeader(header: LogHeader): Uint8Array {
  const writer = new ByteWriter(logHeaderBytes);
  for (let copy = 0; copy < 2; copy++) {
    const start = writer.length;
    writer.u32(logMagic);
    writer.u32(logVersion);
    writer.u32(header.shard);
    writer.u32(header.number);
    writer.u32(header.salt);
    writer.f64(header.createdAt);
    writer.u32(checksum(writer.written.subarray(start)));
  }
  return writer.written;
}

/** One copy of the header, or undefined where its bytes are damaged. Throws when it is of a newer version. */
export function decodeLogHeader(bytes: Uint8Array, copy: 0 | 1): LogHeader | undefined {
  const at = copy * logHeaderCopyBytes;
  if (bytes.length < at + logHeaderCopyBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, logHeaderCopyBytes);
  const stored = view.getUint32(logHeaderCopyBytes - 4, true);
  const isIntact =
    view.getUint32(0, true) === logMagic &&
    checksum(bytes.subarray(at, at + logHeaderCopyBytes - 4)) === stored;
  if (!isIntact) return undefined;
  const version = view.getUint32(4, true);
  if (version !== logVersion) {
    throw new EngineError(
      'UNSUPPORTED_VERSION',
      `row log: version ${version} is newer than ${logVersion}, which this build reads: upgrade it`,
    );
  }
  return {
    shard: view.getUint32(8, true),
    number: view.getUint32(12, true),
    salt: view.getUint32(16, true),
    createdAt: view.getFloat64(20, true),
  };
}

/** magic u32 · payload length u32 · check of these eight bytes u32 · check of the payload u32. */
export function frameHeader(payload: Uint8Array, salt: number): Uint8Array {
  const writer = new ByteWriter(frameHeaderBytes);
  writer.u32(frameMagic);
  writer.u32(payload.length);
  writer.u32(checksum(writer.written.subarray(0, 8), salt));
  writer.u32(checksum(payload, salt));
  return writer.written;
}

/** What stands at a place of a log file. */
export type FrameState =
  | { readonly type: 'good'; readonly start: number; readonly end: number }
  /** The header is good, so the end is known; the payload is not what was written. */
  | { readonly type: 'bad_payload'; readonly end: number }
  /** The header is good and the file ends inside the payload. */
  | { readonly type: 'cut' }
  | { readonly type: 'no_frame' };

export function frameAt(bytes: Uint8Array, at: number, salt: number): FrameState {
  if (bytes.length - at < frameHeaderBytes) return { type: 'no_frame' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, frameHeaderBytes);
  const isHeader =
    view.getUint32(0, true) === frameMagic &&
    view.getUint32(8, true) === checksum(bytes.subarray(at, at + 8), salt);
  if (!isHeader) return { type: 'no_frame' };
  const start = at + frameHeaderBytes;
  const end = start + view.getUint32(4, true);
  if (end > bytes.length) return { type: 'cut' };
  const isGood = view.getUint32(12, true) === checksum(bytes.subarray(start, end), salt);
  return isGood ? { type: 'good', start, end } : { type: 'bad_payload', end };
}

const magicBytes = Buffer.alloc(4);
magicBytes.writeUInt32LE(frameMagic);

/** The next place from `from` on where the header of a frame stands; the length of the file if none does. */
export function nextFrame(bytes: Uint8Array, from: number, salt: number): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = buffer.indexOf(magicBytes, from);
  // A false magic costs a check of eight bytes only, so even hostile data cannot make this slow.
  while (at >= 0 && frameAt(bytes, at, salt).type === 'no_frame') {
    at = buffer.indexOf(magicBytes, at + 1);
  }
  return at >= 0 ? at : bytes.length;
}
