import { createHash } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { ByteWriter } from './byte-writer.ts';
import { coveredMagic } from './constants.ts';
import {
  encodeSections,
  sectionBytesGoal,
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

const kind: SectionedKind = { magic: coveredMagic, what: 'covered file' };
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

/** `pieces` in the order in which they were covered. */
export function encodeCoveredFile(shard: number, pieces: readonly CoveredPiece[]): Uint8Array {
  const head = new ByteWriter();
  head.varint(pieces.length);
  const sections: Uint8Array[] = [];
  for (const { coveredAt, batches, updates } of pieces) {
    head.f64(coveredAt);
    head.varint(batches.length / digestBytes);
    head.varint(updates.length / digestBytes);
    sections.push(...cut(batches), ...cut(updates));
  }
  return encodeSections(kind, { project: shardWide, shard }, [head.written, ...sections]);
}

function* cut(digests: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < digests.length; at += sectionBytesGoal) {
    yield digests.subarray(at, at + sectionBytesGoal);
  }
}

/** What was encoded. Errors: see `SectionedFile.open`. */
export function decodeCoveredFile(bytes: Uint8Array, shard?: number): CoveredPiece[] {
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
  head.finish();
  if (section !== file.sectionCount) {
    throw head.corrupt(`${file.sectionCount} sections, ${section} were announced`);
  }
  return pieces;
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
 * more than `coveredKeptMs` before `nowMs`, and the oldest beyond `keptMax` digests of either sort.
 */
export function mergeCoveredFiles(
  files: readonly Uint8Array[],
  nowMs: number,
  keptMax = coveredKeptMax,
): Uint8Array {
  const pieces = files.flatMap((bytes) => decodeCoveredFile(bytes));
  const shard = pieces[0]?.shard ?? 0;
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
  return encodeCoveredFile(shard, kept.reverse());
}

function lastOf(digests: Uint8Array, countMax: number): Uint8Array {
  return digests.subarray(Math.max(0, digests.length - countMax * digestBytes));
}
