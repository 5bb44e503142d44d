import { GrowableBytes, GrowableFloat64, GrowableUint32 } from '../base/growable.ts';
import type { ScanSource } from './json-scan.ts';

/** Events as they were read, in the order of the file. Numbers are those of the parser. */
export interface ImportColumns {
  readonly rowCount: number;
  /** Ms UTC. */
  readonly times: Float64Array;
  readonly events: Uint32Array;
  /** Number of the distinct id as sent. */
  readonly users: Uint32Array;
  readonly shapes: Uint32Array;
  /** Codes of all values; those of row r begin at valueStarts[r], in the order of its shape. */
  readonly values: Uint32Array;
  readonly valueStarts: Uint32Array;
  /** That of row r is bytes[ends[r − 1], ends[r]). */
  readonly insertIdBytes: Uint8Array;
  readonly insertIdEnds: Uint32Array;
}

type SharedColumn = GrowableUint32<SharedArrayBuffer>;

const shared = (length: number): Uint32Array<SharedArrayBuffer> =>
  new Uint32Array(new SharedArrayBuffer(length * 4));

/** Takes events in memory that several threads may read: what was written goes to them without a copy. */
export class ImportColumnsWriter {
  readonly times = new GrowableFloat64(
    (length) => new Float64Array(new SharedArrayBuffer(length * 8)),
  );
  readonly events: SharedColumn = new GrowableUint32(shared);
  readonly users: SharedColumn = new GrowableUint32(shared);
  readonly shapes: SharedColumn = new GrowableUint32(shared);
  readonly values: SharedColumn = new GrowableUint32(shared);
  readonly valueStarts: SharedColumn = new GrowableUint32(shared);
  readonly insertIds = new GrowableBytes((length) => new Uint8Array(new SharedArrayBuffer(length)));
  readonly insertIdEnds: SharedColumn = new GrowableUint32(shared);

  #insertIdWords: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));

  /**
   * Makes room for so many rows at once, of ten values and a UUID each: to grow step by step copies everything twice. What
   * is not written takes no memory.
   */
  constructor(rows = 0) {
    this.times.reserve(rows);
    const { events, users, shapes, valueStarts, insertIdEnds } = this;
    for (const column of [events, users, shapes, valueStarts, insertIdEnds]) column.reserve(rows);
    this.values.reserve(rows * 10);
    this.insertIds.reserve(rows * 36);
  }

  get rowCount(): number {
    return this.times.length;
  }

  /** A row, whose values and insert id follow. */
  addEvent(time: number, event: number, user: number, shape: number): void {
    this.times.push(time);
    this.events.push(event);
    this.users.push(user);
    this.shapes.push(shape);
  }

  /** The codes of a row's values: the first so many. */
  addValues(codes: Uint32Array, count: number): void {
    const { values } = this;
    this.valueStarts.push(values.length);
    values.reserve(count);
    const { array } = values;
    const start = values.length;
    for (let i = 0; i < count; i++) array[start + i] = codes[i];
    values.length = start + count;
  }

  /** The insert id of a row: source[start, end). Four bytes at a time, for most ids have 16 or 36. */
  addInsertId({ bytes, words }: ScanSource, start: number, end: number): void {
    const { insertIds } = this;
    insertIds.reserve(end - start);
    const { array } = insertIds;
    if (array.buffer !== this.#insertIdWords.buffer) {
      this.#insertIdWords = new DataView(array.buffer, array.byteOffset, array.byteLength);
    }
    let at = insertIds.length;
    let from = start;
    for (; from + 4 <= end; from += 4, at += 4) {
      this.#insertIdWords.setInt32(at, words.getInt32(from, true), true);
    }
    for (; from < end; from++, at++) array[at] = bytes[from];
    insertIds.length = at;
  }

  /** Begins anew in the same memory: what `written` gave is written over. */
  clear(): void {
    const { times, events, users, shapes, values, valueStarts, insertIds, insertIdEnds } = this;
    times.length = 0;
    insertIds.length = 0;
    for (const column of [events, users, shapes, values, valueStarts, insertIdEnds])
      column.length = 0;
  }

  /** Views of what was written, which hold until it begins anew. */
  written(): ImportColumns {
    return {
      rowCount: this.rowCount,
      times: this.times.array.subarray(0, this.times.length),
      events: piece(this.events),
      users: piece(this.users),
      shapes: piece(this.shapes),
      values: piece(this.values),
      valueStarts: piece(this.valueStarts),
      insertIdBytes: this.insertIds.array.subarray(0, this.insertIds.length),
      insertIdEnds: piece(this.insertIdEnds),
    };
  }
}

const piece = ({ array, length }: SharedColumn): Uint32Array => array.subarray(0, length);
