import type { PropertyValue } from '@arbor/schema/property-value';
import type { ByteList } from './byte-list.ts';
import type { ByteSource } from './byte-source.ts';
import { maxOf } from './codec/bits.ts';
import { decodeSequence } from './codec/sequence.ts';
import { type CodeArray, type ColumnMemory, ownMemory } from './column-memory.ts';
import { decodeNested, decodeNumbers, decodeTexts } from './dictionary.ts';
import { decodeInsertIds } from './insert-ids.ts';
import { decodeBatches } from './segment-batches.ts';
import { SegmentColumns } from './segment-columns.ts';
import type { SegmentHead } from './segment-header.ts';
import { type IndexEvent, valueCountOf } from './segment-index.ts';
import type { SegmentRows } from './segment-rows.ts';
import { decodeTimes } from './segment-times.ts';
import { readRows } from './segment-to-rows.ts';
import { constantValues } from './sorted-values.ts';
import { corruptSegment } from './words.ts';

/** What is known of an event of a segment once the file is open. */
export interface SegmentEvent {
  readonly name: string;
  readonly rowCount: number;
  /** Distinct ordinals, 0 included. */
  readonly userCount: number;
  /** Ms since the day began. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Rows by hour of the UTC day. */
  readonly hourCounts: Uint32Array;
  /** Those that some row has, ascending by name. */
  readonly properties: readonly SegmentEventProperty[];
}

export interface SegmentEventProperty {
  readonly name: string;
  /** Rows that have it. */
  readonly presentCount: number;
  /** Least and greatest code of these rows; codes ascend with numbers, and with texts. */
  readonly codeMin: number;
  readonly codeMax: number;
}

/** Columns of one event, its users included. */
export interface WantedBlocks {
  /** Null = of every event. */
  readonly event: string | null;
  readonly times: boolean;
  readonly ties: boolean;
  readonly properties: readonly string[];
}

export interface UserRuns {
  /** Ascending, each once; 0 first where it occurs. */
  readonly users: Uint32Array;
  /** Rows of users[r] are starts[r] … starts[r + 1] − 1; one longer than `users`. */
  readonly starts: Uint32Array;
}

/**
 * An open segment. Opening reads header and index; each column is a read of its own, verified alone, and
 * decoded when it is asked for. Methods take the place of an event in `events`, and the rows they speak of
 * are those of the event. For one thread.
 *
 * Everything throws `CORRUPT_SEGMENT` for damaged bytes; `open` also `UNSUPPORTED_VERSION`, and
 * `WRONG_PROJECT`, `WRONG_SHARD`, `WRONG_DAY` for a segment that is not the expected one.
 */
export class SegmentFile {
  readonly project: number;
  readonly shard: number;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  readonly rowCount: number;
  /** Distinct ordinals of the day, 0 included. */
  readonly userCount: number;
  /** The greatest tie rank of any row. */
  readonly tieRankMax: number;
  /** Ascending by name. */
  readonly events: readonly SegmentEvent[];
  /** Names of all properties, ascending. */
  readonly properties: readonly string[];
  readonly #columns: SegmentColumns;
  readonly #places: ReadonlyMap<string, number>;
  #batchSequences: Float64Array | undefined;

  private constructor(columns: SegmentColumns) {
    const { header, index } = columns;
    this.#columns = columns;
    this.project = header.project;
    this.shard = header.shard;
    this.day = header.day;
    this.rowCount = header.rowCount;
    this.userCount = header.userCount;
    this.tieRankMax = header.tieRankMax;
    this.properties = index.properties.map(({ name }) => name);
    this.#places = new Map(this.properties.map((name, place) => [name, place]));
    this.events = index.events.map((event) => describe(event, this.properties));
  }

  /** Takes over the source: `close` closes it, and so does a failure to open. */
  static open(source: ByteSource, expected?: SegmentHead): SegmentFile {
    try {
      return new SegmentFile(new SegmentColumns(source, expected));
    } catch (error) {
      source.close();
      throw error;
    }
  }

  close(): void {
    this.#columns.close();
  }

  /** Keeps what `open` read, and nothing that was decoded since; the file itself is closed. Until `wake` nothing is read. */
  rest(): void {
    this.#batchSequences = undefined;
    this.#columns.rest();
  }

  /** False = the file is another one than before: it must be opened anew. Throws what the file system says. */
  wake(): boolean {
    return this.#columns.wake();
  }

  /** What is kept of header and index, about. */
  get indexBytes(): number {
    let columnCount = 0;
    for (const { properties } of this.events) columnCount += properties.length;
    return (this.events.length + this.properties.length) * 500 + columnCount * 250;
  }

  /** What will be read soon: the disk is told, and nobody waits for it. */
  readAhead(wants: readonly WantedBlocks[]): void {
    const { index } = this.#columns;
    const properties = new Set<number>();
    const refs = this.#columns.dayRefs();
    for (const want of wants) {
      for (const event of index.events) {
        if (want.event !== null && want.event !== event.name) continue;
        refs.push(event.runs, want.times ? event.times : null, want.ties ? event.tieRanks : null);
        for (const { property, codes } of event.columns) {
          if (!want.properties.includes(this.properties[property])) continue;
          refs.push(codes);
          properties.add(property);
        }
      }
    }
    for (const property of properties) {
      const { base, numbers, texts } = index.properties[property];
      refs.push(base, numbers, texts);
    }
    this.#columns.readAhead(refs);
  }

  /** Place of an event in `events`; −1 = no row is of it. */
  eventIndex(name: string): number {
    return this.events.findIndex((event) => event.name === name);
  }

  /** Sequences of the batches that rows came with, ascending. */
  batchSequences(): Float64Array {
    return (this.#batchSequences ??= this.#readBatchSequences());
  }

  #readBatchSequences(): Float64Array {
    const { header, index } = this.#columns;
    const sequences = new Float64Array(header.batchCount);
    if (sequences.length === 0) return sequences;
    const reader = this.#columns.need(index.batchSequences, 'sequences of batches');
    decodeNumbers(reader, sequences, 0, sequences.length);
    return sequences;
  }

  /** As `SegmentRows.sentIdTexts`. */
  sentIdTexts(): string[] {
    const { header, index } = this.#columns;
    if (header.sentIdCount === 0) return [''];
    const reader = this.#columns.need(index.sentIdTexts, 'distinct ids as sent');
    return ['', ...decodeTexts(reader, header.sentIdCount)];
  }

  userRuns(event: number, memory: ColumnMemory = ownMemory): UserRuns {
    const { places, starts } = this.#columns.runs(event);
    const all = this.#columns.users();
    const runCount = places.length;
    // One array for both: that is how threads share them.
    const runs = memory.words(2 * runCount + 1);
    const users = runs.subarray(0, runCount);
    for (let r = 0; r < runCount; r++) users[r] = all[places[r]];
    runs.set(starts, runCount);
    return { users, starts: runs.subarray(runCount) };
  }

  /** Ms since the day began, by row. */
  times(event: number, memory: ColumnMemory = ownMemory): Uint32Array {
    const { name, rowCount, times: ref } = this.#event(event);
    const times = memory.words(rowCount);
    const reader = this.#columns.need(ref, `event "${name}": times`);
    decodeTimes(reader, this.#columns.runs(event), this.#columns.firstTimes(), times);
    reader.release();
    return times;
  }

  /** Null = 0 for every row. */
  tieRanks(event: number, memory: ColumnMemory = ownMemory): Uint32Array | null {
    const { name, rowCount, tieRanks: ref } = this.#event(event);
    if (ref === null) return null;
    const ranks = memory.words(rowCount);
    const what = `event "${name}": tie ranks`;
    this.#columns.sequence(ref, what, ranks);
    if (maxOf(ranks) > this.tieRankMax) {
      throw corruptSegment(`segment: ${what}`, `${maxOf(ranks)} exceeds ${this.tieRankMax}`);
    }
    return ranks;
  }

  /** Index into `batchSequences()`, by row. */
  batches(event: number, memory: ColumnMemory = ownMemory): Uint32Array {
    const { name, rowCount, batches: ref } = this.#event(event);
    const batches = memory.words(rowCount);
    decodeBatches(this.#columns.need(ref, `event "${name}": batches`), batches, {
      batchCount: this.#columns.header.batchCount,
      expect: () => this.#columns.batchByTime().expect(this.times(event)),
    });
    return batches;
  }

  /** Index into `sentIdTexts()` by row, 0 = as the user; null = 0 for every row. */
  sentIds(event: number, memory: ColumnMemory = ownMemory): Uint32Array | null {
    const { rowCount, sentIds: ref } = this.#event(event);
    if (ref === null) return null;
    const ids = memory.words(rowCount);
    this.#columns.sentIds(event, ids);
    return ids;
  }

  /** Time as sent, ms UTC, by row, of the rows whose time the edge changed. */
  sentTimes(event: number): Map<number, number> {
    const { name, rowCount, sentTimes: ref } = this.#event(event);
    const times = new Map<number, number>();
    const reader = this.#columns.reader(ref, `event "${name}": times as sent`);
    if (reader === null) return times;
    const rows = new Uint32Array(reader.atMost(rowCount, 'number of rows'));
    decodeSequence(reader, rows);
    for (const row of rows) {
      if (row >= rowCount) throw reader.corrupt(`row ${row} is outside ${rowCount}`);
      times.set(row, reader.double());
    }
    reader.finish();
    return times;
  }

  /** Insert id of row r: UTF-8, bytes[ends[r − 1], ends[r]). */
  insertIds(event: number): ByteList {
    const { name, rowCount, insertIds: ref } = this.#event(event);
    const reader = this.#columns.reader(ref, `event "${name}": insert ids`);
    if (reader === null) return { bytes: new Uint8Array(0), ends: new Uint32Array(rowCount) };
    return decodeInsertIds(reader, {
      rowCount,
      batches: () => this.batches(event),
      batchSequences: () => this.batchSequences(),
    });
  }

  /**
   * Codes of a property by row, 0 = absent, in the narrowest array for all of its values in the segment.
   * Undefined = no row of the event has it.
   */
  column(event: number, property: string, memory: ColumnMemory = ownMemory): CodeArray | undefined {
    const place = this.#places.get(property);
    if (place === undefined || !this.#columns.hasColumn(event, place)) return undefined;
    const codeMax = valueCountOf(this.#columns.index.properties[place]);
    return this.#columns.withCodes(event, place, (codes) => narrowed(codes, codeMax, memory));
  }

  /** Values of a property by code; index 0 is null and unused, and alone for a property that is not here. */
  dictionary(property: string): PropertyValue[] {
    const place = this.#places.get(property);
    const values: PropertyValue[] = [null];
    if (place === undefined) return values;
    const entry = this.#columns.index.properties[place];
    constantValues.forEach((value, bit) => {
      if ((entry.constants & (1 << bit)) !== 0) values.push(value);
    });
    for (const number of this.#numbers(place, 0)) values.push(number);
    const what = `dictionary of "${property}"`;
    if (entry.textCount > 0) {
      const texts = decodeTexts(this.#columns.need(entry.texts, what), entry.textCount);
      for (const text of texts) values.push(text);
    }
    if (entry.nestedCount > 0) {
      const nested = this.#columns.need(entry.nested, what);
      for (const value of decodeNested(nested, entry.nestedCount, what)) values.push(value);
    }
    return values;
  }

  /** Codes of a property, 0 included. */
  valueCount(property: string): number {
    const place = this.#places.get(property);
    return place === undefined ? 1 : valueCountOf(this.#columns.index.properties[place]) + 1;
  }

  /** By code of a property: the number, NaN where the value is none. Reads no texts. */
  numbers(property: string): Float64Array {
    const place = this.#places.get(property);
    if (place === undefined) return new Float64Array(1).fill(NaN);
    const entry = this.#columns.index.properties[place];
    const constants = { ...entry, numberCount: 0, textCount: 0, nestedCount: 0 };
    const first = valueCountOf(constants) + 1;
    const numbers = this.#numbers(place, first);
    const byCode = new Float64Array(valueCountOf(entry) + 1).fill(NaN);
    byCode.set(numbers.subarray(first), first);
    return byCode;
  }

  /** The numbers of a dictionary, from place `first` of the array on. */
  #numbers(place: number, first: number): Float64Array {
    const { name, numberCount, numbers: ref } = this.#columns.index.properties[place];
    const numbers = new Float64Array(first + numberCount);
    if (numberCount === 0) return numbers;
    const reader = this.#columns.need(ref, `dictionary of "${name}"`);
    decodeNumbers(reader, numbers, first, first + numberCount);
    return numbers;
  }

  /** Ordinals that have any event besides those left out, ascending; 0 included where it does. */
  activeUsers(leftOut: ReadonlySet<string>): Uint32Array {
    const all = this.#columns.users();
    if (!this.events.some(({ name }) => leftOut.has(name))) return all.slice();
    const isActive = new Uint8Array(all.length);
    this.events.forEach(({ name }, event) => {
      if (leftOut.has(name)) return;
      const { places } = this.#columns.runs(event);
      for (let r = 0; r < places.length; r++) isActive[places[r]] = 1;
    });
    return all.filter((_, place) => isActive[place] === 1);
  }

  /** Everything: what the segment was made from, for compaction and for tests. */
  rows(): SegmentRows {
    return readRows(this);
  }

  #event(event: number): IndexEvent {
    return this.#columns.index.events[event];
  }
}

function describe(event: IndexEvent, names: readonly string[]): SegmentEvent {
  const { name, rowCount, userCount, firstTime, lastTime, hourCounts } = event;
  const properties = event.columns.map(({ property, presentCount, codeMin, codeMax }) => ({
    name: names[property],
    presentCount,
    codeMin,
    codeMax,
  }));
  return { name, rowCount, userCount, firstTime, lastTime, hourCounts, properties };
}

function narrowed(codes: Uint32Array, codeMax: number, memory: ColumnMemory): CodeArray {
  if (codeMax <= 0xff) return copyTo8(codes, memory.bytes(codes.length));
  if (codeMax <= 0xffff) return copyTo16(codes, memory.halves(codes.length));
  const target = memory.words(codes.length);
  target.set(codes);
  return target;
}

// A loop for each class: `set` between classes calls into the runtime for every number.
function copyTo8(codes: Uint32Array, target: Uint8Array): Uint8Array {
  for (let row = 0; row < codes.length; row++) target[row] = codes[row];
  return target;
}

function copyTo16(codes: Uint32Array, target: Uint16Array): Uint16Array {
  for (let row = 0; row < codes.length; row++) target[row] = codes[row];
  return target;
}
