import { compressSync, uncompressSync } from 'lz4-napi';
import { assert } from '../base/assert.ts';
import { checksum } from '../base/checksum.ts';
import { EngineError } from '../base/errors.ts';
import { engineLimits } from '../base/limits.ts';
import { atOnce, type Steps } from '../base/slices.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { sectionedVersion } from './constants.ts';

/** What a file of sections holds, and how its errors name it. */
export interface SectionedKind {
  readonly magic: number;
  /** For example `users file`. */
  readonly what: string;
  /** The newest version that is read; absent = the first. */
  readonly newestVersion?: number;
}

/** Whose data it is. A covered file belongs to the whole shard: project 0. */
export interface FileOwner {
  readonly project: number;
  readonly shard: number;
}

/** magic, version, project, shard, number of sections: u32 each. */
const headBytes = 20;
/** Raw length, stored length, checksum of the stored bytes: u32 each. */
const entryBytes = 12;
/** LZ4 of so little never pays for the call. */
const compressedMin = 64;

/** Sections are cut at about this many bytes, so that a reader never holds much more than it keeps. */
export const sectionBytesGoal = 1024 * 1024;

/**
 * A file of sections (FORMAT-FILES.md 1): head, one table entry a section, checksum of both, the sections one
 * after the other, each as an LZ4 block where that is smaller. The same sections give the same file.
 */
export function encodeSections(
  kind: SectionedKind,
  owner: FileOwner,
  sections: readonly Uint8Array[],
  version = sectionedVersion,
): Uint8Array {
  return atOnce(encodeSectionSteps(kind, owner, sections, version));
}

/** The same, section by section: one takes some milliseconds. */
export function* encodeSectionSteps(
  kind: SectionedKind,
  owner: FileOwner,
  sections: readonly Uint8Array[],
  version = sectionedVersion,
): Steps<Uint8Array> {
  const stored: Uint8Array[] = [];
  for (const section of sections) {
    stored.push(storedForm(section));
    yield;
  }
  const size = stored.reduce((sum, bytes) => sum + bytes.length + entryBytes, headBytes + 4);
  const writer = new ByteWriter(size);
  writer.u32(kind.magic);
  writer.u32(version);
  writer.u32(owner.project);
  writer.u32(owner.shard);
  writer.u32(sections.length);
  for (const [i, bytes] of stored.entries()) {
    writer.u32(sections[i].length);
    writer.u32(bytes.length);
    writer.u32(checksum(bytes));
  }
  writer.u32(checksum(writer.written));
  for (const bytes of stored) writer.bytes(bytes);
  return writer.written;
}

/** The section itself, or its LZ4 block without the length that lz4-napi puts in front. */
function storedForm(section: Uint8Array): Uint8Array {
  assert(
    section.length <= engineLimits.sectionBytesMax,
    () => `a section of ${section.length} bytes exceeds ${engineLimits.sectionBytesMax}`,
  );
  if (section.length < compressedMin) return section;
  const block = compressSync(Buffer.from(section.buffer, section.byteOffset, section.byteLength));
  return block.length - 4 < section.length ? block.subarray(4) : section;
}

/** Where a section lies in its file, and what tells that it is whole. */
export interface SectionEntry {
  readonly at: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly checksum: number;
}

/** Reads a file of sections: the table when it is opened, each section when it is asked for. */
export class SectionedFile {
  readonly owner: FileOwner;
  readonly version: number;
  readonly #kind: SectionedKind;
  readonly #bytes: Uint8Array;
  readonly #entries: readonly SectionEntry[];

  private constructor(
    kind: SectionedKind,
    bytes: Uint8Array,
    owner: FileOwner,
    version: number,
    entries: readonly SectionEntry[],
  ) {
    this.version = version;
    this.#kind = kind;
    this.#bytes = bytes;
    this.owner = owner;
    this.#entries = entries;
  }

  /**
   * Throws `CORRUPT_FILE` for bytes that are none, `UNSUPPORTED_VERSION` for a newer file, and
   * `WRONG_PROJECT` or `WRONG_SHARD` where it belongs to somebody else.
   */
  static open(kind: SectionedKind, bytes: Uint8Array, expected?: FileOwner): SectionedFile {
    const reader = new ByteReader(bytes, { code: 'CORRUPT_FILE', what: kind.what });
    const magic = reader.u32();
    if (magic !== kind.magic) throw reader.corrupt(`magic is 0x${magic.toString(16)}`, 0);
    const version = reader.u32();
    checkVersion(kind, version);
    const owner = { project: reader.u32(), shard: reader.u32() };
    const count = reader.u32();
    if (count * entryBytes > reader.remaining) {
      throw reader.corrupt(`${count} sections do not fit the ${reader.remaining} bytes left`);
    }
    const entries = readEntries(reader, headBytes + count * entryBytes + 4, count);
    const actual = checksum(bytes.subarray(0, reader.position));
    if (reader.u32() !== actual) throw reader.corrupt('checksum of the head is wrong', 0);
    const end = entries.at(-1);
    if ((end ? end.at + end.storedBytes : reader.position) !== bytes.length) {
      throw reader.corrupt(`${bytes.length} bytes are not what the table of sections adds up to`);
    }
    if (expected) checkOwner(kind, owner, expected);
    return new SectionedFile(kind, bytes, owner, version, entries);
  }

  get sectionCount(): number {
    return this.#entries.length;
  }

  /** Bytes of the section once it is decompressed. */
  rawBytes(index: number): number {
    return this.#entries[index].rawBytes;
  }

  /** A reader over the section, checked and decompressed. Throws `CORRUPT_FILE`. */
  section(index: number): ByteReader {
    const { at, storedBytes } = this.entry(index);
    return readSection(
      this.#kind,
      index,
      this.entry(index),
      this.#bytes.subarray(at, at + storedBytes),
    );
  }

  /** For whoever reads the section later by himself. Throws `CORRUPT_FILE` where there is none. */
  entry(index: number): SectionEntry {
    if (index >= this.#entries.length) {
      throw new EngineError(
        'CORRUPT_FILE',
        `${this.#kind.what}: section ${index} of ${this.#entries.length} is missing`,
      );
    }
    return this.#entries[index];
  }
}

/** A reader over the stored bytes of a section, checked and decompressed. Throws `CORRUPT_FILE`. */
export function readSection(
  { what }: SectionedKind,
  index: number,
  { rawBytes, storedBytes, checksum: expected }: SectionEntry,
  stored: Uint8Array,
): ByteReader {
  const source = { code: 'CORRUPT_FILE', what: `${what}: section ${index}` } as const;
  const reader = new ByteReader(stored, source);
  if (checksum(stored) !== expected) throw reader.corrupt('checksum is wrong');
  if (rawBytes === storedBytes) return reader;
  return new ByteReader(decompress(stored, rawBytes, reader), source);
}

function checkVersion({ what, newestVersion = sectionedVersion }: SectionedKind, version: number) {
  if (version >= sectionedVersion && version <= newestVersion) return;
  const range = newestVersion === sectionedVersion ? '' : ` to ${newestVersion}`;
  throw new EngineError(
    'UNSUPPORTED_VERSION',
    `${what}: version ${version} is not ${sectionedVersion}${range}, which this build reads: upgrade it`,
  );
}

/**
 * What a section may become is bounded before anything is allocated: by the limit, and by what LZ4 can
 * expand to, 255 bytes of output for a byte.
 */
function readEntries(reader: ByteReader, firstAt: number, count: number): SectionEntry[] {
  const entries: SectionEntry[] = [];
  let at = firstAt;
  for (let i = 0; i < count; i++) {
    const rawBytes = reader.u32();
    const storedBytes = reader.u32();
    const isPossible =
      rawBytes <= engineLimits.sectionBytesMax &&
      storedBytes <= rawBytes &&
      rawBytes <= 255 * storedBytes;
    if (!isPossible) {
      throw reader.corrupt(`section ${i}: ${storedBytes} bytes cannot hold ${rawBytes}`);
    }
    entries.push({ at, rawBytes, storedBytes, checksum: reader.u32() });
    at += storedBytes;
  }
  return entries;
}

function checkOwner(kind: SectionedKind, owner: FileOwner, expected: FileOwner): void {
  if (owner.project !== expected.project) {
    throw new EngineError(
      'WRONG_PROJECT',
      `${kind.what}: belongs to project ${owner.project}, not to ${expected.project}`,
    );
  }
  if (owner.shard !== expected.shard) {
    throw new EngineError(
      'WRONG_SHARD',
      `${kind.what}: belongs to shard ${owner.shard}, not to ${expected.shard}`,
    );
  }
}

function decompress(stored: Uint8Array, rawBytes: number, reader: ByteReader): Uint8Array {
  const block = Buffer.allocUnsafe(stored.length + 4);
  block.writeUInt32LE(rawBytes, 0);
  block.set(stored, 4);
  let raw: Uint8Array;
  try {
    raw = uncompressSync(block);
  } catch (cause) {
    throw new EngineError('CORRUPT_FILE', reader.corrupt('is no LZ4 block').message, { cause });
  }
  if (raw.length !== rawBytes) {
    throw reader.corrupt(`has ${raw.length} bytes, ${rawBytes} were announced`);
  }
  return raw;
}
