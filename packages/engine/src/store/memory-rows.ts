import { sharedBytes, sharedUint32 } from '../base/shared-array.ts';
import { dayMs, type SegmentProperty, type SegmentRows } from '../format/segment/segment-rows.ts';
import type { PartEvent } from '../query/scan/project-snapshot.ts';
import type { EventTable } from './event-table.ts';
import { memoryProperty } from './memory-property.ts';

/** Columns that are made one by one. */
interface LazyColumns {
  batches?: { readonly sequences: Float64Array; readonly codes: Uint32Array };
  sentTimes?: ReadonlyMap<number, number>;
  sentIds?: { readonly codes: Uint32Array; readonly texts: readonly string[] };
  insertIds?: SegmentRows['insertIds'];
}

/**
 * Rows of a table that lie on one day, in the order of a segment; each column lies in shared memory and is made when
 * it is first asked for. The table may grow meanwhile: its rows never change.
 */
export class MemoryRows {
  readonly rowCount: number;
  readonly events: readonly PartEvent[];
  readonly #table: EventTable;
  readonly #eventStarts: Uint32Array;
  /** Row of the table by place. */
  readonly #rows: Uint32Array;
  readonly #users: Uint32Array;
  readonly #times: Uint32Array;
  readonly #tieRanks: Uint32Array | null;
  readonly #columns: LazyColumns = {};
  readonly #properties = new Map<string, SegmentProperty | undefined>();

  /** `order`: visible rows of the day by (user, time, arrival). */
  constructor(table: EventTable, day: number, order: Uint32Array) {
    this.#table = table;
    this.rowCount = order.length;
    const codes = eventsByName(table, order);
    this.#eventStarts = eventStartsOf(table, order, codes);
    this.#rows = new Uint32Array(order.length);
    const ranks = tieRanksOf(table, order);
    this.#users = sharedUint32(order.length);
    this.#times = sharedUint32(order.length);
    this.#tieRanks = ranks && sharedUint32(order.length);
    this.#place(order, codes, ranks, day * dayMs);
    this.events = codes.map((code, event) => this.#partEvent(table.eventNames[code], event));
  }

  /** The rows with these properties. Columns are made when they are read. */
  segmentRows(properties: ReadonlySet<string> | 'all'): SegmentRows {
    const columns = this.#columns;
    const batches = () => (columns.batches ??= batchColumn(this.#table, this.#rows));
    const sentTimes = () => (columns.sentTimes ??= sentTimeColumn(this.#table, this.#rows));
    const sentIds = () => (columns.sentIds ??= sentIdColumn(this.#table, this.#rows));
    const insertIds = () => (columns.insertIds ??= insertIdColumn(this.#table, this.#rows));
    const list = () => this.#list(properties);
    return {
      rowCount: this.rowCount,
      events: this.events.map(({ name }) => name),
      eventStarts: this.#eventStarts,
      users: this.#users,
      times: this.#times,
      tieRanks: this.#tieRanks,
      get batchSequences() {
        return batches().sequences;
      },
      get batches() {
        return batches().codes;
      },
      get sentTimes() {
        return sentTimes();
      },
      get sentIds() {
        return sentIds().codes;
      },
      get sentIdTexts() {
        return sentIds().texts;
      },
      get insertIds() {
        return insertIds();
      },
      get properties() {
        return list();
      },
    };
  }

  /** How many rows have a time that the edge changed. */
  get oddRowCount(): number {
    this.#columns.sentTimes ??= sentTimeColumn(this.#table, this.#rows);
    return this.#columns.sentTimes.size;
  }

  /** Undefined = no row has it. */
  property(name: string): SegmentProperty | undefined {
    if (!this.#properties.has(name)) {
      this.#properties.set(name, memoryProperty(this.#table, this.#rows, name));
    }
    return this.#properties.get(name);
  }

  /** Where a row of the table stands here; −1 = it does not. */
  placeOf(row: number): number {
    return this.#rows.indexOf(row);
  }

  /** Names of properties that rows may have, ascending. */
  propertyNames(): string[] {
    return Array.from(this.#table.shapeTree.properties(), ([name]) => name).sort();
  }

  /** A stable counting sort by event, in the order of the names. */
  #place(
    order: Uint32Array,
    codes: readonly number[],
    ranks: Uint32Array | null,
    dayStart: number,
  ): void {
    const next = new Uint32Array(this.#table.eventNames.length);
    for (const [event, code] of codes.entries()) next[code] = this.#eventStarts[event];
    const events = this.#table.events.array;
    const users = this.#table.users.array;
    const times = this.#table.times.array;
    const tieRanks = this.#tieRanks;
    for (let i = 0; i < order.length; i++) {
      const row = order[i];
      const place = next[events[row]]++;
      this.#rows[place] = row;
      this.#users[place] = users[row];
      this.#times[place] = times[row] - dayStart;
      if (ranks !== null && tieRanks !== null) tieRanks[place] = ranks[i];
    }
  }

  #partEvent(name: string, event: number): PartEvent {
    const start = this.#eventStarts[event];
    const end = this.#eventStarts[event + 1];
    const users = this.#users;
    let userCount = 0;
    for (let i = start; i < end; i++) if (i === start || users[i] !== users[i - 1]) userCount++;
    return { name, rowCount: end - start, userCount };
  }

  #list(properties: ReadonlySet<string> | 'all'): SegmentProperty[] {
    const names = properties === 'all' ? this.propertyNames() : [...properties].sort();
    return names.flatMap((name) => this.property(name) ?? []);
  }
}

/** Codes of the events that occur, ascending by name. */
function eventsByName(table: EventTable, rows: Uint32Array): number[] {
  const seen = new Uint8Array(table.eventNames.length);
  const events = table.events.array;
  for (let i = 0; i < rows.length; i++) seen[events[rows[i]]] = 1;
  const codes: number[] = [];
  for (let code = 0; code < seen.length; code++) if (seen[code] === 1) codes.push(code);
  return codes.sort((a, b) => (table.eventNames[a] < table.eventNames[b] ? -1 : 1));
}

function eventStartsOf(
  table: EventTable,
  rows: Uint32Array,
  codes: readonly number[],
): Uint32Array {
  const counts = new Uint32Array(table.eventNames.length);
  const events = table.events.array;
  for (let i = 0; i < rows.length; i++) counts[events[rows[i]]]++;
  const starts = new Uint32Array(codes.length + 1);
  for (const [event, code] of codes.entries()) starts[event + 1] = starts[event] + counts[code];
  return starts;
}

/** By place in the order: the place among rows of the same user and time. Null = no two share both. */
function tieRanksOf(table: EventTable, order: Uint32Array): Uint32Array | null {
  const users = table.users.array;
  const times = table.times.array;
  let ranks: Uint32Array | null = null;
  for (let i = 1; i < order.length; i++) {
    const row = order[i];
    const before = order[i - 1];
    if (times[row] !== times[before] || users[row] !== users[before]) continue;
    ranks ??= new Uint32Array(order.length);
    ranks[i] = ranks[i - 1] + 1;
  }
  return ranks;
}

function batchColumn(
  table: EventTable,
  rows: Uint32Array,
): { sequences: Float64Array; codes: Uint32Array } {
  const batches = table.batches.array;
  const found = new Set<number>();
  for (let i = 0; i < rows.length; i++) found.add(table.sequenceOfBatch(batches[rows[i]]));
  const sequences = Float64Array.from(found).sort();
  const places = new Map(Array.from(sequences, (sequence, place) => [sequence, place] as const));
  const codes = sharedUint32(rows.length);
  // Rows of one batch mostly lie apart, but batches are few: a look-up by number is one by index.
  const codeOfBatch: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const batch = batches[rows[i]];
    codes[i] = codeOfBatch[batch] ??= places.get(table.sequenceOfBatch(batch)) ?? 0;
  }
  return { sequences, codes };
}

function sentTimeColumn(table: EventTable, rows: Uint32Array): ReadonlyMap<number, number> {
  const sentTimes = new Map<number, number>();
  if (table.sentTimeCount === 0) return sentTimes;
  for (let i = 0; i < rows.length; i++) {
    const sentTime = table.sentTime(rows[i]);
    if (sentTime !== undefined) sentTimes.set(i, sentTime);
  }
  return sentTimes;
}

function sentIdColumn(
  table: EventTable,
  rows: Uint32Array,
): { codes: Uint32Array; texts: readonly string[] } {
  const codes = sharedUint32(rows.length);
  const texts = [''];
  const codeOf = new Map<number, number>([[0, 0]]);
  for (let i = 0; i < rows.length; i++) {
    const tableCode = table.sentIdCode(rows[i]);
    if (tableCode === 0) continue;
    let code = codeOf.get(tableCode);
    if (code === undefined) {
      code = texts.push(table.sentIdTexts[tableCode]) - 1;
      codeOf.set(tableCode, code);
    }
    codes[i] = code;
  }
  return { codes, texts };
}

function insertIdColumn(table: EventTable, rows: Uint32Array): SegmentRows['insertIds'] {
  const { bytes: source, ends: sourceEnds } = table.insertIds;
  const ends = sharedUint32(rows.length);
  let size = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    size += sourceEnds[row] - (row === 0 ? 0 : sourceEnds[row - 1]);
    ends[i] = size;
  }
  const bytes = sharedBytes(size);
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const end = sourceEnds[row];
    for (let k = row === 0 ? 0 : sourceEnds[row - 1]; k < end; k++) bytes[at++] = source[k];
  }
  return { bytes, ends };
}
