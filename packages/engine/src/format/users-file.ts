import { assert } from '../base/assert.ts';
import { byteBlocks, type ByteBlock, readByteBlock } from './byte-blocks.ts';
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { sectionedVersion, usersEditionVersion, usersMagic } from './constants.ts';
import {
  encodeSections,
  type FileOwner,
  SectionedFile,
  type SectionedKind,
} from './sectioned-file.ts';

/**
 * A piece of the user dictionary of one project in one shard, in its binary form a users file
 * (FORMAT-FILES.md 2): the ids of the ordinals `first` … `first + ids.length − 1`, and what became known
 * of users together with them.
 */
export interface UsersPiece extends FileOwner {
  /** At least 1: ordinal 0 is nobody. */
  readonly first: number;
  /** Canonical ids, by ordinal from `first` on. "" = the user was erased, and nobody is found under it. */
  readonly ids: readonly string[];
  readonly links: readonly OrdinalLink[];
  /** Own ordinals that have no event: known by a profile or a link only. Ascending. */
  readonly withoutEvents: readonly number[];
  /** Ordinals of earlier pieces that had no event so far and have one now. Ascending. */
  readonly withFirstEvents: readonly number[];
  /**
   * How often the dictionary of the project was written anew, each time whole: one of a later edition says of users
   * what no earlier file says. Absent = 0, as in pieces that only add to it.
   */
  readonly edition?: number;
}

/** `loser`'s data belongs to `winner`. Both ordinals are at most the last of the piece. */
export interface OrdinalLink {
  readonly loser: number;
  readonly winner: number;
}

const kind: SectionedKind = {
  magic: usersMagic,
  what: 'users file',
  newestVersion: usersEditionVersion,
};
const ordinalMax = 0xffffffff;

export function encodeUsersFile(piece: UsersPiece): Uint8Array {
  const { first, ids, links, withoutEvents, withFirstEvents, edition = 0 } = piece;
  assert(first >= 1, () => `a users file cannot begin with ordinal ${first}`);
  const head = new ByteWriter();
  head.varint(first);
  head.varint(ids.length);
  head.varint(links.length);
  for (const { loser, winner } of links) {
    head.varint(loser);
    head.varint(winner);
  }
  writeAscending(head, withoutEvents);
  writeAscending(head, withFirstEvents);
  if (edition > 0) head.varint(edition);
  const version = edition > 0 ? usersEditionVersion : sectionedVersion;
  const blocks = byteBlocks(ids.length, (writer, i) => writer.text(ids[i]));
  return encodeSections(kind, piece, [head.written, ...blocks], version);
}

/** Count, then the difference of each number from the one before. */
function writeAscending(writer: ByteWriter, numbers: readonly number[]): void {
  writer.varint(numbers.length);
  let last = 0;
  for (const number of numbers) {
    writer.varint(number - last);
    last = number;
  }
}

/** A users file as it is read: everything but the ids at once, the ids block by block. */
export class UsersFile {
  readonly first: number;
  readonly count: number;
  readonly links: readonly OrdinalLink[];
  readonly withoutEvents: Uint32Array;
  readonly withFirstEvents: Uint32Array;
  readonly edition: number;
  readonly #file: SectionedFile;

  private constructor(
    file: SectionedFile,
    head: Pick<
      UsersFile,
      'first' | 'count' | 'links' | 'withoutEvents' | 'withFirstEvents' | 'edition'
    >,
  ) {
    this.#file = file;
    this.first = head.first;
    this.count = head.count;
    this.links = head.links;
    this.withoutEvents = head.withoutEvents;
    this.withFirstEvents = head.withFirstEvents;
    this.edition = head.edition;
  }

  /** Errors: see `SectionedFile.open`. */
  static open(bytes: Uint8Array, expected?: FileOwner): UsersFile {
    const file = SectionedFile.open(kind, bytes, expected);
    const reader = file.section(0);
    const first = reader.varint();
    const count = reader.varint();
    const last = first + count - 1;
    if (first < 1 || last > ordinalMax) {
      throw reader.corrupt(`ordinals ${first} to ${last} are out of range`, 0);
    }
    const links = Array.from({ length: reader.count(2) }, () => ({
      loser: readOrdinal(reader, last),
      winner: readOrdinal(reader, last),
    }));
    const withoutEvents = readAscending(reader, first, last);
    const withFirstEvents = readAscending(reader, 1, first - 1);
    const edition = file.version === sectionedVersion ? 0 : reader.varint();
    reader.finish();
    return new UsersFile(file, { first, count, links, withoutEvents, withFirstEvents, edition });
  }

  /** The ids have at most this many bytes together. */
  get idBytesMax(): number {
    let sum = 0;
    for (let section = 1; section < this.#file.sectionCount; section++) {
      sum += this.#file.rawBytes(section);
    }
    return sum;
  }

  /** All ids in order. Throws `CORRUPT_FILE` when they are not as many as the head says. */
  *idBlocks(): Generator<ByteBlock> {
    let seen = 0;
    for (let section = 1; section < this.#file.sectionCount; section++) {
      const block = readByteBlock(this.#file.section(section));
      seen += block.ends.length;
      yield block;
    }
    if (seen !== this.count) {
      throw this.#file.section(0).corrupt(`has ${seen} ids, ${this.count} were announced`);
    }
  }

  /** The piece that was encoded. */
  piece(): UsersPiece {
    const ids: string[] = [];
    for (const { bytes, start, ends } of this.idBlocks()) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let at = start;
      for (const end of ends) {
        ids.push(buffer.toString('utf8', at, end));
        at = end;
      }
    }
    return {
      ...this.#file.owner,
      first: this.first,
      ids,
      links: this.links,
      withoutEvents: [...this.withoutEvents],
      withFirstEvents: [...this.withFirstEvents],
      ...(this.edition > 0 ? { edition: this.edition } : {}),
    };
  }
}

function readOrdinal(reader: ByteReader, last: number): number {
  const at = reader.position;
  const ordinal = reader.varint();
  if (ordinal < 1 || ordinal > last) throw reader.corrupt(`ordinal ${ordinal} is unknown`, at);
  return ordinal;
}

function readAscending(reader: ByteReader, from: number, last: number): Uint32Array {
  const numbers = new Uint32Array(reader.count(1));
  let number = 0;
  for (let i = 0; i < numbers.length; i++) {
    const at = reader.position;
    const step = reader.varint();
    number += step;
    if (step === 0 || number < from || number > last) {
      throw reader.corrupt(`ordinal ${number} is out of order or range`, at);
    }
    numbers[i] = number;
  }
  return numbers;
}

/**
 * One users file out of several that follow one another without a gap, in order. Throws `CORRUPT_FILE` for
 * bytes that are none and for files that do not belong together.
 */
export function mergeUsersFiles(files: readonly Uint8Array[]): Uint8Array {
  return encodeUsersFile(mergedUsersPiece(files));
}

/** What that file says. */
export function mergedUsersPiece(files: readonly Uint8Array[]): UsersPiece {
  const pieces = files.map((bytes) => UsersFile.open(bytes).piece());
  const [start] = pieces;
  assert(start !== undefined, () => 'there are no users files to merge');
  const ids: string[] = [];
  const links: OrdinalLink[] = [];
  const withoutEvents = new Set<number>();
  const withFirstEvents = new Set<number>();
  for (const piece of pieces) {
    const follows =
      piece.first === start.first + ids.length &&
      piece.project === start.project &&
      piece.shard === start.shard;
    assert(follows, () => `users file of ordinals from ${piece.first} on does not follow the last`);
    for (const id of piece.ids) ids.push(id);
    for (const link of piece.links) links.push(link);
    for (const ordinal of piece.withoutEvents) withoutEvents.add(ordinal);
    for (const ordinal of piece.withFirstEvents) {
      if (!withoutEvents.delete(ordinal)) withFirstEvents.add(ordinal);
    }
  }
  const edition = Math.max(...pieces.map((piece) => piece.edition ?? 0));
  return {
    project: start.project,
    shard: start.shard,
    first: start.first,
    ids,
    links,
    withoutEvents: ascending(withoutEvents),
    withFirstEvents: ascending(withFirstEvents),
    ...(edition > 0 ? { edition } : {}),
  };
}

function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
