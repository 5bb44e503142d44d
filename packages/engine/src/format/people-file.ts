import { assert } from '../base/assert.ts';
import { atOnce, type Steps } from '../base/slices.ts';
import { byteBlocks, type ByteBlock, readByteBlock } from './byte-blocks.ts';
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { peopleKeptVersion, peopleMagic, sectionedVersion } from './constants.ts';
import {
  encodeSectionSteps,
  type FileOwner,
  sectionBytesGoal,
  SectionedFile,
  type SectionedKind,
} from './sectioned-file.ts';

/** The narrowest array that holds the codes of a column. */
export type PeopleCodes = Uint8Array | Uint16Array | Uint32Array;

/**
 * Whole profiles of some users of one project in one shard, as columns; in its binary form a people file
 * (FORMAT-FILES.md 3). Of several pieces the later one says everything about a user that it names.
 */
export interface PeoplePiece extends FileOwner {
  /** Of each record, ascending, at least 1. */
  readonly ordinals: Uint32Array;
  /** By record: 1 = the user has no profile any more, whatever an earlier piece says. */
  readonly deleted: Uint8Array;
  /** Ascending by name. */
  readonly columns: readonly PeopleColumn[];
  /** Ascending by ordinal. Absent = none. Of several pieces the later one says what is kept of a user that it names. */
  readonly kept?: readonly KeptProfile[];
}

/** What a user had at the moment when he was merged into another; given back when that is undone. Nothing counts it. */
export interface KeptProfile {
  readonly ordinal: number;
  /** As kept-profile.ts writes and reads it. */
  readonly bytes: Uint8Array;
}

export interface PeopleColumn {
  readonly name: string;
  /** By record: 0 = the profile lacks it, else 1 + index into `values`. */
  readonly codes: PeopleCodes;
  /** Values as `writeInline` writes them (inline-value.ts); bytes from `start` on. */
  readonly values: ByteBlock;
}

const kind: SectionedKind = {
  magic: peopleMagic,
  what: 'people file',
  newestVersion: peopleKeptVersion,
};

export function encodePeopleFile(piece: PeoplePiece): Uint8Array {
  return atOnce(encodePeopleSteps(piece));
}

/** The same in steps of some milliseconds. */
export function* encodePeopleSteps(piece: PeoplePiece): Steps<Uint8Array> {
  const { ordinals, deleted, columns, kept = [] } = piece;
  assert(ordinals.length <= recordsMax, () => `${ordinals.length} records in one people file`);
  const head = new ByteWriter(ordinals.length + 1024);
  writeOrdinals(head, ordinals);
  writeDeleted(head, deleted);
  head.varint(columns.length);
  const sections: Uint8Array[] = [];
  for (const { name, codes, values } of columns) {
    assert(codes.length === ordinals.length, () => `column "${name}" has ${codes.length} codes`);
    const valueSections = sectionsOfValues(values);
    const codeSections = sectionsOfCodes(codes);
    head.varint(Buffer.byteLength(name));
    head.text(name);
    head.varint(values.ends.length);
    head.u8(codes.BYTES_PER_ELEMENT);
    head.varint(valueSections.length);
    head.varint(codeSections.length);
    sections.push(...valueSections, ...codeSections);
    yield;
  }
  if (kept.length > 0) sections.push(...writeKept(head, kept));
  const version = kept.length > 0 ? peopleKeptVersion : sectionedVersion;
  return yield* encodeSectionSteps(kind, piece, [head.written, ...sections], version);
}

/** Number of users, their ordinals as differences, number of sections; the sections are lists of pieces. */
function writeKept(head: ByteWriter, kept: readonly KeptProfile[]): Uint8Array[] {
  const sections = [...byteBlocks(kept.length, (writer, i) => writer.bytes(kept[i].bytes))];
  head.varint(kept.length);
  let last = 0;
  for (const { ordinal } of kept) {
    head.varint(ordinal - last);
    last = ordinal;
  }
  head.varint(sections.length);
  return sections;
}

/** Number of records; then runs of ordinals that follow one another: number of runs; gap before and length of each. */
function writeOrdinals(writer: ByteWriter, ordinals: Uint32Array): void {
  const runs: [gap: number, length: number][] = [];
  let end = 0;
  for (const ordinal of ordinals) {
    const last = runs.at(-1);
    if (last && ordinal === end) last[1]++;
    else runs.push([ordinal - end, 1]);
    end = ordinal + 1;
  }
  writer.varint(ordinals.length);
  writer.varint(runs.length);
  for (const [gap, length] of runs) {
    writer.varint(gap);
    writer.varint(length);
  }
}

/** Number of deleted records, then of each how many records stand between it and the one before. */
function writeDeleted(writer: ByteWriter, deleted: Uint8Array): void {
  const records: number[] = [];
  for (let record = 0; record < deleted.length; record++) if (deleted[record]) records.push(record);
  writer.varint(records.length);
  let next = 0;
  for (const record of records) {
    writer.varint(record - next);
    next = record + 1;
  }
}

function sectionsOfValues({ bytes, start, ends }: ByteBlock): Uint8Array[] {
  return byteBlocks(ends.length, (writer, i) => {
    writer.bytes(bytes.subarray(i === 0 ? start : ends[i - 1], ends[i]));
  });
}

function sectionsOfCodes(codes: PeopleCodes): Uint8Array[] {
  const all = new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength);
  const sections: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += sectionBytesGoal) {
    sections.push(all.subarray(at, at + sectionBytesGoal));
  }
  return sections;
}

/** The piece that was encoded, all of it in memory. Errors: see `SectionedFile.open`. */
export function decodePeopleFile(bytes: Uint8Array, expected?: FileOwner): PeoplePiece {
  const file = SectionedFile.open(kind, bytes, expected);
  const head = file.section(0);
  const ordinals = readOrdinals(head);
  const deleted = readDeleted(head, ordinals.length);
  const columns: PeopleColumn[] = [];
  let section = 1;
  for (let left = head.count(5); left > 0; left--) {
    const name = head.text(head.count(1));
    const valueCount = head.varint();
    const width = head.u8();
    const valueEnd = section + head.varint();
    const codeEnd = valueEnd + head.varint();
    const values = readValues(file, { from: section, to: valueEnd, count: valueCount, head });
    const at = { from: valueEnd, to: codeEnd, count: ordinals.length, head };
    columns.push({ name, codes: readCodes(file, { ...at, width, valueCount }), values });
    section = codeEnd;
  }
  const keptOrdinals = file.version === sectionedVersion ? [] : readKeptOrdinals(head);
  const keptEnd = section + (file.version === sectionedVersion ? 0 : head.varint());
  head.finish();
  if (keptEnd !== file.sectionCount) {
    throw head.corrupt(`${file.sectionCount} sections, ${keptEnd} were announced`);
  }
  const whole = { ...file.owner, ordinals, deleted, columns };
  if (keptOrdinals.length === 0) return whole;
  const values = readValues(file, { from: section, to: keptEnd, count: keptOrdinals.length, head });
  return { ...whole, kept: keptOrdinals.map((ordinal, i) => keptProfile(ordinal, values, i)) };
}

function readKeptOrdinals(head: ByteReader): number[] {
  const ordinals: number[] = [];
  let last = 0;
  for (let left = head.count(1); left > 0; left--) {
    const ordinal = last + head.varint();
    if (ordinal === last || ordinal >= 2 ** 32)
      throw head.corrupt('kept ordinals are out of range');
    ordinals.push(ordinal);
    last = ordinal;
  }
  return ordinals;
}

function keptProfile(ordinal: number, { bytes, start, ends }: ByteBlock, i: number): KeptProfile {
  return { ordinal, bytes: bytes.subarray(i === 0 ? start : ends[i - 1], ends[i]) };
}

/** More people than one shard of a project can have: bounds what a forged run of ordinals can allocate. */
const recordsMax = 2 ** 25;

function readOrdinals(reader: ByteReader): Uint32Array {
  const at = reader.position;
  const count = reader.varint();
  const runCount = reader.count(2);
  if (count > recordsMax) throw reader.corrupt(`${count} records are more than ${recordsMax}`, at);
  const runs = new Float64Array(runCount * 2);
  let total = 0;
  let end = 0;
  for (let run = 0; run < runCount; run++) {
    const start = end + reader.varint();
    const length = reader.varint();
    end = start + length;
    total += length;
    if (start < 1 || length < 1 || end > 2 ** 32) throw reader.corrupt('ordinals are out of range');
    runs.set([start, length], run * 2);
  }
  if (total !== count) throw reader.corrupt(`${total} ordinals, ${count} were announced`);
  const ordinals = new Uint32Array(count);
  let record = 0;
  for (let run = 0; run < runCount; run++) {
    const start = runs[run * 2];
    for (let i = 0; i < runs[run * 2 + 1]; i++) ordinals[record++] = start + i;
  }
  return ordinals;
}

function readDeleted(reader: ByteReader, recordCount: number): Uint8Array {
  const deleted = new Uint8Array(recordCount);
  let next = 0;
  for (let left = reader.count(1); left > 0; left--) {
    const record = next + reader.varint();
    if (record >= recordCount)
      throw reader.corrupt(`record ${record} of ${recordCount} is unknown`);
    deleted[record] = 1;
    next = record + 1;
  }
  return deleted;
}

interface SectionRange {
  readonly from: number;
  readonly to: number;
  /** How many things all of them hold. */
  readonly count: number;
  /** For errors. */
  readonly head: ByteReader;
}

function readValues(file: SectionedFile, { from, to, count, head }: SectionRange): ByteBlock {
  const blocks: ByteBlock[] = [];
  let bytes = 0;
  let seen = 0;
  for (let section = from; section < to; section++) {
    const block = readByteBlock(file.section(section));
    blocks.push(block);
    bytes += (block.ends.at(-1) ?? block.start) - block.start;
    seen += block.ends.length;
  }
  if (seen !== count) throw head.corrupt(`${seen} values, ${count} were announced`);
  return concatBlocks(blocks, bytes, seen);
}

function concatBlocks(blocks: readonly ByteBlock[], byteCount: number, count: number): ByteBlock {
  const bytes = new Uint8Array(byteCount);
  const ends = new Uint32Array(count);
  let at = 0;
  let index = 0;
  for (const block of blocks) {
    const end = block.ends.at(-1) ?? block.start;
    bytes.set(block.bytes.subarray(block.start, end), at);
    for (const blockEnd of block.ends) ends[index++] = blockEnd - block.start + at;
    at += end - block.start;
  }
  return { bytes, start: 0, ends };
}

function readCodes(
  file: SectionedFile,
  range: SectionRange & { readonly width: number; readonly valueCount: number },
): PeopleCodes {
  const { from, to, count, head, width, valueCount } = range;
  if (width !== 1 && width !== 2 && width !== 4) throw head.corrupt(`code width ${width}`);
  const parts: Uint8Array[] = [];
  for (let section = from; section < to; section++) {
    const reader = file.section(section);
    const start = reader.skip(reader.remaining);
    parts.push(reader.bytes.subarray(start));
  }
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  if (size !== count * width) {
    throw head.corrupt(`${size} bytes of codes are not ${count} of ${width} bytes`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const codes = codesOver(bytes, width);
  let max = 0;
  for (let record = 0; record < codes.length; record++) max = Math.max(max, codes[record]);
  if (max > valueCount) throw head.corrupt(`code ${max} of ${valueCount} values is unknown`);
  return codes;
}

/** Codes are little-endian, like the machines that Node runs on. */
function codesOver(bytes: Uint8Array<ArrayBuffer>, width: 1 | 2 | 4): PeopleCodes {
  if (width === 1) return bytes;
  return width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
}

/** The narrowest array for codes up to `max`. */
export function narrowCodes(codes: Uint32Array, max: number): PeopleCodes {
  if (max <= 0xff) return Uint8Array.from(codes);
  return max <= 0xffff ? Uint16Array.from(codes) : codes;
}

/**
 * One people file out of several, in the order in which they apply. `isWhole`: nothing comes before them, so
 * who has no profile any more need not be named. Errors: see `decodePeopleFile`.
 */
export function mergePeopleFiles(
  files: readonly Uint8Array[],
  { isWhole = false }: { readonly isWhole?: boolean } = {},
): Uint8Array {
  return encodePeopleFile(
    mergePeoplePieces(
      files.map((bytes) => decodePeopleFile(bytes)),
      { isWhole },
    ),
  );
}

/** The same of pieces; `leftOut`: users of whom nothing stays. */
export function mergePeoplePieces(
  pieces: readonly PeoplePiece[],
  {
    isWhole,
    leftOut = new Set(),
  }: { readonly isWhole: boolean; readonly leftOut?: ReadonlySet<number> },
): PeoplePiece {
  const [first] = pieces;
  assert(first !== undefined, () => 'there are no people files to merge');
  for (const { project, shard } of pieces) {
    const isSame = project === first.project && shard === first.shard;
    assert(
      isSame,
      () => `people files of projects ${first.project} and ${project} cannot be merged`,
    );
  }
  const records = lastRecords(pieces, isWhole).filter(({ ordinal }) => !leftOut.has(ordinal));
  const kept = lastKept(pieces).filter(({ ordinal }) => !leftOut.has(ordinal));
  const names = new Set(pieces.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const columns = [...names]
    .sort()
    .map((name) => mergeColumn(name, pieces, records))
    .filter((column) => column.values.ends.length > 0);
  return {
    project: first.project,
    shard: first.shard,
    ordinals: Uint32Array.from(records, ({ ordinal }) => ordinal),
    deleted: Uint8Array.from(records, ({ piece, record }) => pieces[piece].deleted[record]),
    columns,
    ...(kept.length > 0 ? { kept } : {}),
  };
}

function lastKept(pieces: readonly PeoplePiece[]): KeptProfile[] {
  const last = new Map<number, KeptProfile>();
  for (const { kept = [] } of pieces) for (const one of kept) last.set(one.ordinal, one);
  return [...last.values()].sort((one, other) => one.ordinal - other.ordinal);
}

interface RecordPlace {
  readonly ordinal: number;
  readonly piece: number;
  readonly record: number;
}

/** Of each user the last record, ascending by ordinal. */
function lastRecords(pieces: readonly PeoplePiece[], isWhole: boolean): RecordPlace[] {
  const last = new Map<number, RecordPlace>();
  for (const [piece, { ordinals }] of pieces.entries()) {
    for (const [record, ordinal] of ordinals.entries())
      last.set(ordinal, { ordinal, piece, record });
  }
  return [...last.values()]
    .filter(({ piece, record }) => !isWhole || pieces[piece].deleted[record] === 0)
    .sort((place, other) => place.ordinal - other.ordinal);
}

/** Values are compared as bytes: equal ones that are written differently keep codes of their own. */
function mergeColumn(
  name: string,
  pieces: readonly PeoplePiece[],
  records: readonly RecordPlace[],
): PeopleColumn {
  const codeOfBytes = new Map<string, number>();
  const sources = pieces.map(({ columns }) => columns.find((column) => column.name === name));
  const translated = sources.map(
    (column) => new Uint32Array((column?.values.ends.length ?? 0) + 1),
  );
  const writer = new ByteWriter();
  const ends: number[] = [];
  const codes = new Uint32Array(records.length);
  for (const [i, { piece, record }] of records.entries()) {
    const column = sources[piece];
    const code = column?.codes[record] ?? 0;
    if (!column || code === 0) continue;
    if (translated[piece][code] === 0) {
      const bytes = bytesOf(column, code);
      const key = bytes.toString('latin1');
      let merged = codeOfBytes.get(key);
      if (merged === undefined) {
        writer.bytes(bytes);
        merged = ends.push(writer.length);
        codeOfBytes.set(key, merged);
      }
      translated[piece][code] = merged;
    }
    codes[i] = translated[piece][code];
  }
  const values = { bytes: writer.written.slice(), start: 0, ends: Uint32Array.from(ends) };
  return { name, codes: narrowCodes(codes, ends.length), values };
}

function bytesOf({ values: { bytes, start, ends } }: PeopleColumn, code: number): Buffer {
  const from = code === 1 ? start : ends[code - 2];
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, ends[code - 1] - from);
}
