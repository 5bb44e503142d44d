import { checksum } from '../../base/checksum.ts';
import { segmentHeaderLayout } from '../constants.ts';
import { type BlockRef, openBytes, readBlock } from './block.ts';
import type { ByteSource } from './byte-source.ts';
import { maxOf } from './codec/bits.ts';
import { ascends } from './codec/sequence-stats.ts';
import { decodeSequence } from './codec/sequence.ts';
import { decodeColumn } from './column.ts';
import { borrow, giveBack } from './scratch.ts';
import { BatchByTime } from './segment-batches.ts';
import {
  checkExpected,
  readHeader,
  type SegmentHead,
  type SegmentHeader,
} from './segment-header.ts';
import { type IndexEvent, readIndex, type SegmentIndex, valueCountOf } from './segment-index.ts';
import { decodeRuns, type EventRuns, type LazyRuns } from './segment-users.ts';
import { corruptSegment, type WordReader } from './words.ts';

/** The first read is this long: enough for the header and most indexes. */
const firstReadBytes = 64 * 1024;

/** To read so much more takes no longer than another read. */
const aheadGapBytes = 32 * 1024;

/** Properties are kept as they are by user up to this: of a day of a million rows some 15. */
const basesKeptBytesMax = 8 * 1024 * 1024;

/**
 * Decodes what other columns are told from, and keeps it for the next: the users of the day with their first
 * times, what properties are by user, and of the event that was asked for last its runs and some columns.
 */
export class SegmentColumns {
  readonly header: SegmentHeader;
  readonly index: SegmentIndex;
  readonly #source: ByteSource;
  #users: Uint32Array | undefined;
  #firstTimes: Uint32Array | undefined;
  #byTime: BatchByTime | undefined;
  readonly #bases = new Map<number, Uint32Array>();
  #recentEvent = -1;
  #recentRuns: LazyRuns | undefined;
  readonly #recentCodes = new Map<number, Uint32Array>();

  /** Reads header and index, in one read or two. */
  constructor(source: ByteSource, expected: SegmentHead | undefined) {
    const bytes = source.read(0, firstReadBytes);
    this.header = readHeader(bytes, source.size);
    if (expected) checkExpected(this.header, expected);
    this.index = loadIndex(source, bytes, this.header);
    this.#source = source;
  }

  close(): void {
    this.#forget();
    this.#source.close();
  }

  /** Keeps header and index alone until `wake`. */
  rest(): void {
    this.#forget();
    this.#source.rest();
  }

  /** As `ByteSource.wake`. */
  wake(): boolean {
    return this.#source.wake();
  }

  /** Has the source begin to read the blocks, those near to each other at once. */
  readAhead(wanted: readonly (BlockRef | null)[]): void {
    const refs = wanted.filter((ref) => ref !== null).sort((a, b) => a.offset - b.offset);
    for (let i = 0; i < refs.length;) {
      const { offset } = refs[i];
      let end = offset;
      for (; i < refs.length && refs[i].offset <= end + aheadGapBytes; i++) {
        end = Math.max(end, refs[i].offset + refs[i].bytes);
      }
      this.#source.readAhead(offset, end - offset);
    }
  }

  /** What tells about the users of the day, unless it was read. */
  dayRefs(): (BlockRef | null)[] {
    return this.#users === undefined ? [this.index.users, this.index.firstTimes] : [];
  }

  #forget(): void {
    this.#turnTo(-1);
    for (const array of [this.#users, this.#firstTimes]) if (array !== undefined) giveBack(array);
    this.#users = undefined;
    this.#firstTimes = undefined;
    this.#byTime = undefined;
    this.#bases.clear();
  }

  /** A block that may be missing: null then. */
  reader(ref: BlockRef | null, what: string): WordReader | null {
    return ref && readBlock(this.#source, ref, `segment: ${what}`);
  }

  /** A block that must be there. */
  need(ref: BlockRef | null, what: string): WordReader {
    if (ref === null) throw corruptSegment(`segment: ${what}`, 'is missing');
    return readBlock(this.#source, ref, `segment: ${what}`);
  }

  /** A block that is one sequence; there is none for no numbers. */
  sequence(ref: BlockRef | null, what: string, target: Uint32Array): Uint32Array {
    if (target.length === 0) return target;
    const reader = this.need(ref, what);
    decodeSequence(reader, target);
    reader.finish();
    reader.release();
    return target;
  }

  /** Ordinals of the day, ascending; to be read until the file is closed. */
  users(): Uint32Array {
    if (this.#users === undefined) {
      const users = borrow(this.header.userCount);
      this.sequence(this.index.users, 'users', users);
      if (!ascends(users)) throw corruptSegment('segment: users', 'do not ascend');
      this.#users = users;
    }
    return this.#users;
  }

  /** Ms since the day began, by place of the user; to be read until the file is closed. */
  firstTimes(): Uint32Array {
    return (this.#firstTimes ??= this.sequence(
      this.index.firstTimes,
      'first times',
      borrow(this.header.userCount),
    ));
  }

  batchByTime(): BatchByTime {
    return (this.#byTime ??= new BatchByTime(
      this.sequence(
        this.index.batchThresholds,
        'thresholds of batches',
        new Uint32Array(this.header.batchCount),
      ),
    ));
  }

  runs(event: number): EventRuns {
    this.#turnTo(event);
    return (this.#recentRuns ??= this.#decodeRuns(this.index.events[event]));
  }

  #decodeRuns({ name, runs, userCount, rowCount }: IndexEvent): LazyRuns {
    const placeCount = this.header.userCount;
    const reader = this.need(runs, `event "${name}": users`);
    const decoded = decodeRuns(reader, { runCount: userCount, rowCount, placeCount });
    reader.release();
    return decoded;
  }

  #turnTo(event: number): void {
    if (this.#recentEvent === event) return;
    this.#recentRuns?.release();
    this.#recentEvent = event;
    this.#recentRuns = undefined;
    for (const codes of this.#recentCodes.values()) giveBack(codes);
    this.#recentCodes.clear();
  }

  hasColumn(event: number, property: number): boolean {
    return this.index.events[event].columns.some((column) => column.property === property);
  }

  /** Codes of a property by row of an event that has it, to be read while `use` runs. */
  withCodes<T>(event: number, property: number, use: (codes: Uint32Array) => T): T {
    const codes = this.#decodeCodes(event, property, new Set());
    const result = use(codes);
    if (this.#recentCodes.get(property) !== codes) giveBack(codes);
    return result;
  }

  #decodeCodes(event: number, property: number, waiting: Set<number>): Uint32Array {
    this.#turnTo(event);
    const kept = this.#recentCodes.get(property);
    if (kept) return kept;
    const { name, rowCount, columns } = this.index.events[event];
    const entry = this.index.properties[property];
    const what = `event "${name}": column "${entry?.name ?? property}"`;
    const column = columns.find((each) => each.property === property);
    if (column === undefined || waiting.has(property)) {
      throw corruptSegment(`segment: ${what}`, 'is missing, or waits for itself');
    }
    waiting.add(property);
    const codes = borrow(rowCount);
    const reader = this.need(column.codes, what);
    decodeColumn(reader, codes, {
      runs: () => this.runs(event),
      base: () => this.#base(property),
      codesOf: (other) => {
        const source = this.#decodeCodes(event, other, waiting);
        this.#recentCodes.set(other, source);
        return source;
      },
    });
    reader.release();
    const max = maxOf(codes);
    if (max > valueCountOf(entry)) {
      throw reader.corrupt(`code ${max} is outside ${valueCountOf(entry)} values`);
    }
    return codes;
  }

  /** Texts of distinct ids by row of an event that has any, 0 = as the user. */
  sentIds(event: number, target: Uint32Array): void {
    const { name, sentIds } = this.index.events[event];
    const what = `event "${name}": distinct ids as sent`;
    const reader = this.need(sentIds, what);
    decodeColumn(reader, target, {
      runs: () => this.runs(event),
      base: () => this.#sentIdBase(),
      codesOf: () => {
        throw reader.corrupt('is told from a property');
      },
    });
    const max = maxOf(target);
    if (max > this.header.sentIdCount) {
      throw reader.corrupt(`text ${max} is outside ${this.header.sentIdCount}`);
    }
  }

  #sentIdBase(): Uint32Array {
    const base = new Uint32Array(this.header.userCount);
    return this.sequence(this.index.sentIdBase, 'distinct ids by user', base);
  }

  #base(property: number): Uint32Array {
    let base = this.#bases.get(property);
    if (base === undefined) {
      const { name, base: ref } = this.index.properties[property];
      base = new Uint32Array(this.header.userCount);
      this.sequence(ref, `property "${name}" by user`, base);
      if ((this.#bases.size + 1) * base.byteLength > basesKeptBytesMax) this.#bases.clear();
      this.#bases.set(property, base);
    }
    return base;
  }
}

function loadIndex(source: ByteSource, begin: Uint8Array, header: SegmentHeader): SegmentIndex {
  const start = segmentHeaderLayout.size;
  const end = start + header.indexBytes;
  const stored = end <= begin.length ? begin.subarray(start, end) : source.read(start, end - start);
  const what = 'segment: index';
  if (stored.length !== header.indexBytes || checksum(stored) !== header.indexChecksum) {
    throw corruptSegment(what, `${stored.length} bytes do not match their checksum`);
  }
  const bytes = openBytes(stored, header.indexFlags, what);
  return readIndex(bytes, header, { start: Math.ceil(end / 8) * 8, end: source.size });
}
