import { compressSync, uncompressSync } from 'lz4-napi';
import { checksum } from '../../base/checksum.ts';
import { engineLimits } from '../../base/limits.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { blockIsLz4 } from '../constants.ts';
import type { ByteSource } from './byte-source.ts';
import { borrow } from './scratch.ts';
import { corruptSegment, paddingWords, WordReader, type WordWriter } from './words.ts';

/** Where a block lies in its file. Each can be read and verified alone. */
export interface BlockRef {
  /** A multiple of 8. */
  readonly offset: number;
  /** As stored. */
  readonly bytes: number;
  readonly flags: number;
  /** Of the stored bytes. */
  readonly checksum: number;
}

export interface SealedBytes {
  readonly bytes: Uint8Array;
  readonly flags: number;
}

/** LZ4 must save a sixteenth: it is one more pass over the bytes for every reader. */
const savingMin = 1 / 16;
/** Shorter blocks are not tried: the call costs more than it could save. */
const compressedMin = 512;

/** Of longer blocks two pieces are tried first: LZ4 finds out no faster than 300 MB a second that it cannot help. */
const sampledMin = 32 * 1024;
const samplePieceBytes = 4096;

/** The form in which bytes are stored: the smaller of plain and LZ4. */
export function sealBytes(bytes: Uint8Array): SealedBytes {
  if (bytes.length >= compressedMin && mayShrink(bytes)) {
    const block = compress(bytes);
    if (block.length <= bytes.length * (1 - savingMin)) return { bytes: block, flags: blockIsLz4 };
  }
  return { bytes, flags: 0 };
}

/** Whether two pieces of a long block shrink at all. Not those at its begin: what describes the rest is like nothing else. */
function mayShrink(bytes: Uint8Array): boolean {
  if (bytes.length < sampledMin) return true;
  const sample = new Uint8Array(samplePieceBytes * 2);
  const quarter = bytes.length >>> 2;
  for (const [piece, start] of [quarter, quarter * 3].entries()) {
    sample.set(bytes.subarray(start, start + samplePieceBytes), piece * samplePieceBytes);
  }
  return compress(sample).length < sample.length;
}

const compress = (bytes: Uint8Array): Uint8Array =>
  compressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/**
 * Twin of `sealBytes`. lz4-napi believes the length that stands before the block, up to gigabytes, so it is
 * compared first: with the limit, and with what LZ4 can expand to.
 */
export function openBytes(stored: Uint8Array, flags: number, what: string): Uint8Array {
  if (flags === 0) return stored;
  if (flags !== blockIsLz4) throw corruptSegment(what, `flags ${flags} are unknown`);
  if (stored.length < 4) throw corruptSegment(what, `${stored.length} bytes are no LZ4 block`);
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const length = view.getUint32(0, true);
  // A length byte of an LZ4 match adds at most 255 bytes of output.
  if (length > engineLimits.segmentBlockBytesMax || length > 255 * stored.length) {
    throw corruptSegment(what, `${stored.length} bytes cannot expand to ${length}`);
  }
  let bytes: Uint8Array;
  try {
    bytes = uncompressSync(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength));
  } catch (cause) {
    throw corruptSegment(what, 'is no LZ4 block', cause);
  }
  if (bytes.length !== length) {
    throw corruptSegment(what, `expands to ${bytes.length} bytes, ${length} were announced`);
  }
  return bytes;
}

/** Puts blocks one after the other into a file, each from a multiple of 8 on. */
export class BlockWriter {
  readonly #pieces: Uint8Array[] = [];
  #offset = 0;

  add(writer: WordWriter): BlockRef {
    return this.addSealed(sealBytes(writer.toBytes()));
  }

  addSealed({ bytes, flags }: SealedBytes): BlockRef {
    const offset = this.#offset;
    this.#pieces.push(bytes);
    this.#offset += align8(bytes.length);
    return { offset, bytes: bytes.length, flags, checksum: checksum(bytes) };
  }

  get bytes(): number {
    return this.#offset;
  }

  /** Copies the blocks to where they belong: offset 0 of the blocks is `start` of the target. */
  copyTo(target: Uint8Array, start: number): void {
    let at = start;
    for (const piece of this.#pieces) {
      target.set(piece, at);
      at += align8(piece.length);
    }
  }
}

export function align8(size: number): number {
  return Math.ceil(size / 8) * 8;
}

/** Reads and verifies one block. `what` names it in errors. */
export function readBlock(source: ByteSource, ref: BlockRef, what: string): WordReader {
  if (ref.flags === 0 && ref.bytes % 4 === 0) {
    // Straight to where it is read from. Whoever is through with it early may release it.
    const words = borrow(ref.bytes / 4 + paddingWords);
    words.fill(0, ref.bytes / 4);
    const stored = new Uint8Array(words.buffer, 0, ref.bytes);
    verify(stored, source.readInto(stored, ref.offset), ref, what);
    return new WordReader(words, what);
  }
  const stored = source.read(ref.offset, ref.bytes);
  verify(stored, stored.length, ref, what);
  const bytes = openBytes(stored, ref.flags, what);
  if (bytes.length % 4 !== 0) throw corruptSegment(what, `${bytes.length} bytes are no words`);
  const words = new Uint32Array(bytes.length / 4 + paddingWords);
  new Uint8Array(words.buffer).set(bytes);
  return new WordReader(words, what);
}

/** `count`: bytes that were read. */
function verify(stored: Uint8Array, count: number, ref: BlockRef, what: string): void {
  if (count !== ref.bytes) {
    throw corruptSegment(what, `has ${count} bytes, ${ref.bytes} were announced`);
  }
  const actual = checksum(stored);
  if (actual !== ref.checksum) {
    throw corruptSegment(
      what,
      `checksum is 0x${actual.toString(16)}, the index says 0x${ref.checksum.toString(16)}`,
    );
  }
}

/** Varint bytes, 0 = there is no block; then varint offset / 8, flags, u32 checksum. */
export function writeRef(writer: ByteWriter, ref: BlockRef | null): void {
  writer.varint(ref === null ? 0 : ref.bytes);
  if (ref === null) return;
  writer.varint(ref.offset / 8);
  writer.u8(ref.flags);
  writer.u32(ref.checksum);
}

/** Twin of `writeRef`. Offsets in the index count from where the blocks begin; the result's from the file's begin. */
export function readRef(
  reader: ByteReader,
  { start, end }: { start: number; end: number },
): BlockRef | null {
  const at = reader.position;
  const bytes = reader.varint();
  if (bytes === 0) return null;
  const offset = start + reader.varint() * 8;
  if (offset + bytes > end) {
    throw reader.corrupt(`block of ${bytes} bytes at ${offset} is outside of ${end} bytes`, at);
  }
  return { offset, bytes, flags: reader.u8(), checksum: reader.u32() };
}
