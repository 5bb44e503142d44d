import { createHash } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { ByteWriter } from './byte-writer.ts';
import { coveredLedgerVersion, coveredMagic, sectionedVersion } from './constants.ts';
import {
  decodeLedgerSection,
  emptyLedger,
  encodeLedger,
  type Ledger,
  type LedgerSection,
  mergeLedgers,
} from './covered-ledger.ts';
import {
  encodeSections,
  readSection,
  sectionBytesGoal,
  type SectionEntry,
  SectionedFile,
  type SectionedKind,
} from './sectioned-file.ts';

/**
 * What a shard must know of batches that left the row log, so that a redelivery changes nothing: a covered
 * file (FORMAT-FILES.md 4). Ids are kept as digests: they are only ever compared.
 */
export interface CoveredPiece {
  readonly shard: number;
  /** When the batches were covered, ms UTC: tells how long they must be remembered. */
  readonly coveredAt: number;
  /** `batchDigest` of each batch, one after the other. */
  readonly batches: Uint8Array;
  /** `updateDigest` of each update of a person that had an insert id. */
  readonly updates: Uint8Array;
}

/** Half of a SHA-256: that two of a million ids share it will not happen. */
export const digestBytes = 16;

/** A covered file as it is opened: the ledger section by section, when it is needed. */
export interface CoveredFile {
  readonly shard: number;
  readonly pieces: readonly CoveredPiece[];
  /** Ascending by their first sequence. */
  readonly ledger: readonly StoredLedgerSection[];
}

export interface StoredLedgerSection extends LedgerSection {
  readonly index: number;
  readonly entry: SectionEntry;
}

const kind: SectionedKind = {
  magic: coveredMagic,
  what: 'covered file',
  newestVersion: coveredLedgerVersion,
};
/** Covered batches belong to the shard, not to one project. */
const shardWide = 0;

/** A redelivery comes within minutes, a replica that was away within days. */
export const coveredKeptMs = 7 * 86_400_000;
/** 16 MiB of digests, 24 MiB in memory. */
export const coveredKeptMax = 1_000_000;

export function batchDigest(batchId: string): Uint8Array {
  return digest(batchId);
}

/** The length tells where the insert id ends, so no two keys give one text. */
export function updateDigest(project: number, distinctId: string, insertId: string): Uint8Array {
  return digest(`${project} ${insertId.length} ${insertId}${distinctId}`);
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest().subarray(0, digestBytes);
}

/** `pieces` in the order in which they were covered; `ledger` of the batches that have updates of people. */
export function encodeCoveredFile(
  shard: number,
  pieces: readonly CoveredPiece[],
  ledger: Ledger = emptyLedger,
): Uint8Array {
  const head = new ByteWriter();
  head.varint(pieces.length);
  const sections: Uint8Array[] = [];
  for (const { coveredAt, batches, updates } of pieces) {
    head.f64(coveredAt);
    head.varint(batches.length / digestBytes);
    head.varint(updates.length / digestBytes);
    sections.push(...cut(batches), ...cut(updates));
  }
  const owner = { project: shardWide, shard };
  if (ledger.sequences.length === 0) {
    return encodeSections(kind, owner, [head.written, ...sections], sectionedVersion);
  }
  const ledgerSections = encodeLedger(ledger);
  head.varint(ledgerSections.length);
  for (const { count, first, bytes } of ledgerSections) {
    head.varint(count);
    head.f64(first);
    sections.push(bytes);
  }
  return encodeSections(kind, owner, [head.written, ...sections], coveredLedgerVersion);
}

function* cut(digests: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < digests.length; at += sectionBytesGoal) {
    yield digests.subarray(at, at + sectionBytesGoal);
  }
}

/** What was encoded. Errors: see `SectionedFile.open`. */
export function decodeCoveredFile(
  bytes: Uint8Array,
  shard?: number,
): { readonly pieces: readonly CoveredPiece[]; readonly ledger: Ledger } {
  const { pieces, ledger } = openCoveredFile(bytes, shard);
  const parts = ledger.map((section) => {
    const { at, storedBytes } = section.entry;
    return readLedger(section, bytes.subarray(at, at + storedBytes));
  });
  const whole = {
    sequences: Float64Array.from(parts.flatMap(({ sequences }) => [...sequences])),
    marks: Buffer.concat(parts.map(({ marks }) => marks)),
  };
  return { pieces, ledger: whole };
}

/** The batches of a ledger's section out of its stored bytes. Throws `CORRUPT_FILE`. */
export function readLedger(section: StoredLedgerSection, stored: Uint8Array): Ledger {
  return decodeLedgerSection(readSection(kind, section.index, section.entry, stored), section);
}

/** The pieces, and where the ledger lies. Errors: see `SectionedFile.open`. */
export function openCoveredFile(bytes: Uint8Array, shard?: number): CoveredFile {
  const expected = shard === undefined ? undefined : { project: shardWide, shard };
  const file = SectionedFile.open(kind, bytes, expected);
  const head = file.section(0);
  const pieceCount = head.count(10);
  const pieces: CoveredPiece[] = [];
  let section = 1;
  for (let i = 0; i < pieceCount; i++) {
    const coveredAt = head.f64();
    const sizes = [head.varint() * digestBytes, head.varint() * digestBytes];
    const [batches, updates] = sizes.map((size) => {
      const sectionCount = Math.ceil(size / sectionBytesGoal);
      const digests = readDigests(file, section, sectionCount, size);
      section += sectionCount;
      return digests;
    });
    pieces.push({ shard: file.owner.shard, coveredAt, batches, updates });
  }
  const ledger: StoredLedgerSection[] = [];
  const ledgerCount = file.version < coveredLedgerVersion ? 0 : head.count(9);
  for (let i = 0; i < ledgerCount; i++, section++) {
    const count = head.varint();
    ledger.push({ count, first: head.f64(), index: section, entry: file.entry(section) });
  }
  head.finish();
  if (section !== file.sectionCount) {
    throw head.corrupt(`${file.sectionCount} sections, ${section} were announced`);
  }
  return { shard: file.owner.shard, pieces, ledger };
}

function readDigests(
  file: SectionedFile,
  first: number,
  sectionCount: number,
  size: number,
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let section = first; section < first + sectionCount; section++) {
    const reader = file.section(section);
    const start = reader.skip(reader.remaining);
    parts.push(reader.bytes.subarray(start));
  }
  const digests = Buffer.concat(parts);
  if (digests.length !== size) {
    throw file.section(0).corrupt(`${digests.length} bytes of digests, ${size} were announced`);
  }
  return digests;
}

/**
 * One covered file out of several, in order, without what need not be remembered any more: pieces covered
 * more than `coveredKeptMs` before `nowMs`, and the oldest beyond `keptMax` digests of either sort. Ledgers stay whole.
 */
export function mergeCoveredFiles(
  files: readonly Uint8Array[],
  nowMs: number,
  keptMax = coveredKeptMax,
): Uint8Array {
  const decoded = files.map((bytes) => decodeCoveredFile(bytes));
  const pieces = decoded.flatMap((file) => file.pieces);
  const ledger = decoded.map((file) => file.ledger).reduce(mergeLedgers, emptyLedger);
  const shard = files.length === 0 ? 0 : openCoveredFile(files[0]).shard;
  const kept: CoveredPiece[] = [];
  const left = { batches: keptMax, updates: keptMax };
  for (const piece of pieces.toReversed()) {
    assert(piece.shard === shard, () => `covered files of shards ${shard} and ${piece.shard}`);
    if (piece.coveredAt < nowMs - coveredKeptMs) continue;
    const batches = lastOf(piece.batches, left.batches);
    const updates = lastOf(piece.updates, left.updates);
    left.batches -= batches.length / digestBytes;
    left.updates -= updates.length / digestBytes;
    if (batches.length + updates.length > 0) kept.push({ ...piece, batches, updates });
  }
  return encodeCoveredFile(shard, kept.reverse(), ledger);
}

function lastOf(digests: Uint8Array, countMax: number): Uint8Array {
  return digests.subarray(Math.max(0, digests.length - countMax * digestBytes));
}
