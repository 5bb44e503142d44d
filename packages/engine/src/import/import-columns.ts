import { GrowableBytes, GrowableFloat64, GrowableUint32 } from '../base/growable.ts';

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

  /** Rows that follow: their places of values and ends of insert ids count from the first row of all. */
  append(rows: ImportColumns): void {
    const { times, insertIds } = this;
    times.reserve(rows.rowCount);
    times.array.set(rows.times, times.length);
    times.length += rows.rowCount;
    insertIds.reserve(rows.insertIdBytes.length);
    insertIds.array.set(rows.insertIdBytes, insertIds.length);
    insertIds.length += rows.insertIdBytes.length;
    append(this.events, rows.events);
    append(this.users, rows.users);
    append(this.shapes, rows.shapes);
    append(this.values, rows.values);
    append(this.valueStarts, rows.valueStarts);
    append(this.insertIdEnds, rows.insertIdEnds);
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

function append(column: SharedColumn, numbers: Uint32Array): void {
  column.reserve(numbers.length);
  column.array.set(numbers, column.length);
  column.length += numbers.length;
}
