import type { PropertyValue } from '@arbor/schema/property-value';
import { dayMs, type SegmentProperty, type SegmentRows } from '../format/segment/segment-rows.ts';
import type { ValuesInOrder } from '../format/segment/sorted-values.ts';
import { denseTieRanks } from '../store/merge/dense-tie-ranks.ts';
import { sortDay } from './day-order.ts';
import { dropCopies } from './drop-copies.ts';
import type { ImportColumns } from './import-columns.ts';

/** What the numbers in `ImportColumns` mean; lists that only grow. */
export interface ImportNames {
  readonly events: readonly string[];
  readonly properties: readonly string[];
  /** By property: values by code, index 0 is unused. */
  readonly values: readonly (readonly PropertyValue[])[];
  /** Those of a property in the order of segments, where that is worth keeping. */
  readonly inOrder?: (property: number) => ValuesInOrder | undefined;
  /** By shape: its stored properties, in order. */
  readonly shapes: readonly Uint32Array[];
}

/** Who the distinct ids of an import are, by their number. */
export interface ImportUsers {
  readonly ordinals: Uint32Array;
  /** 0 = the id is that of its ordinal, else index into `sentIdTexts`. */
  readonly sentIds: Uint32Array;
  /** Index 0 is "" and unused. */
  readonly sentIdTexts: readonly string[];
}

export interface ImportChunk {
  readonly columns: ImportColumns;
  readonly names: ImportNames;
  readonly users: ImportUsers;
  /** Order of arrival at the edge, as for a batch. */
  readonly sequence: number;
}

/** The rows of each day, ascending by day, in the order of the file. */
export function rowsByDay({
  times,
  rowCount,
}: ImportColumns): { day: number; rows: Uint32Array }[] {
  const days = new Uint16Array(rowCount);
  const counts = new Map<number, number>();
  for (let row = 0; row < rowCount; row++) {
    const day = Math.floor(times[row] / dayMs);
    days[row] = day;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const lists = [...counts].sort(([day], [other]) => day - other);
  const places = new Map(
    lists.map(([day, count]) => [day, { rows: new Uint32Array(count), end: 0 }]),
  );
  let day = -1;
  let list = { rows: new Uint32Array(0), end: 0 };
  for (let row = 0; row < rowCount; row++) {
    if (days[row] !== day) {
      day = days[row];
      list = places.get(day) ?? list;
    }
    list.rows[list.end++] = row;
  }
  return [...places].map(([number, { rows }]) => ({ day: number, rows }));
}

/** What a segment of the day is encoded from. Of copies of an event within the chunk the last stays. */
export function buildDay(chunk: ImportChunk, day: number, rowsOfDay: Uint32Array): SegmentRows {
  const { columns, names, users } = chunk;
  const eventRanks = ranksOf(names.events);
  const dayStart = day * dayMs;
  const keys = { ...columns, eventRanks, ordinals: users.ordinals, dayStart };
  const rows = dropCopies(sortDay(rowsOfDay, keys), columns, users);
  const sentBy = gather(columns.users, rows);
  const rowUsers = gather(users.ordinals, sentBy);
  const times = timesOfDay(columns.times, rows, dayStart);
  return {
    rowCount: rows.length,
    ...eventsOf(gather(columns.events, rows), names.events),
    users: rowUsers,
    times,
    // Later in the file is later to arrive.
    tieRanks: denseTieRanks({ users: rowUsers, times, ranks: rows }),
    batchSequences: Float64Array.of(chunk.sequence),
    batches: new Uint32Array(rows.length),
    sentTimes: new Map(),
    sentIds: gather(users.sentIds, sentBy),
    sentIdTexts: users.sentIdTexts,
    insertIds: insertIds(rows, columns),
    properties: properties(rows, columns, names),
  };
}

/** column[i] for each i. */
function gather(column: Uint32Array, places: Uint32Array): Uint32Array {
  const gathered = new Uint32Array(places.length);
  for (let i = 0; i < places.length; i++) gathered[i] = column[places[i]];
  return gathered;
}

function timesOfDay(times: Float64Array, rows: Uint32Array, dayStart: number): Uint32Array {
  const own = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[i] = times[rows[i]] - dayStart;
  return own;
}

/** By event its place among the names in order. */
function ranksOf(names: readonly string[]): Uint32Array {
  const order = names.map((_, event) => event);
  order.sort((event, other) => (names[event] < names[other] ? -1 : 1));
  const ranks = new Uint32Array(names.length);
  for (const [rank, event] of order.entries()) ranks[event] = rank;
  return ranks;
}

function eventsOf(
  events: Uint32Array,
  names: readonly string[],
): Pick<SegmentRows, 'events' | 'eventStarts'> {
  const found: string[] = [];
  const starts: number[] = [];
  for (let row = 0; row < events.length; row++) {
    if (row > 0 && events[row] === events[row - 1]) continue;
    found.push(names[events[row]]);
    starts.push(row);
  }
  return { events: found, eventStarts: Uint32Array.of(...starts, events.length) };
}

function insertIds(rows: Uint32Array, columns: ImportColumns): SegmentRows['insertIds'] {
  const { insertIdBytes: source, insertIdEnds } = columns;
  const ends = new Uint32Array(rows.length);
  let length = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    length += insertIdEnds[row] - (row === 0 ? 0 : insertIdEnds[row - 1]);
    ends[i] = length;
  }
  const bytes = new Uint8Array(length);
  const words = new DataView(bytes.buffer);
  const sourceWords = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const end = insertIdEnds[row];
    let k = row === 0 ? 0 : insertIdEnds[row - 1];
    // Four bytes at a time: most ids have 16 or 36.
    for (; k + 4 <= end; k += 4, at += 4) {
      words.setInt32(at, sourceWords.getInt32(k, true), true);
    }
    for (; k < end; k++) bytes[at++] = source[k];
  }
  return { bytes, ends };
}

/** Every event of an import says so, as ingestion makes it say. */
const importMark = '$import';

/** Rows whose values go to their columns together: these stay in the fastest cache meanwhile. */
const stretchRows = 512;

/**
 * Ascending by name. The values of a row lie together, and rows in the order of a segment lie anywhere in the file: of a
 * stretch of rows of one shape, the first value of each is waited for at once, and then the others are at hand.
 */
function properties(
  rows: Uint32Array,
  columns: ImportColumns,
  names: ImportNames,
): SegmentProperty[] {
  const columnOf: Uint32Array[] = [];
  const { shapes, values, valueStarts } = columns;
  const starts = new Uint32Array(stretchRows);
  let shape = -1;
  let targets: Uint32Array[] = [];
  for (let from = 0, end = 0; from < rows.length; from = end) {
    if (shapes[rows[from]] !== shape) {
      // Seldom: rows of one event mostly have one shape.
      shape = shapes[rows[from]];
      targets = Array.from(
        names.shapes[shape],
        (property) => (columnOf[property] ??= new Uint32Array(rows.length)),
      );
    }
    const endMax = Math.min(rows.length, from + stretchRows);
    for (end = from; end < endMax && shapes[rows[end]] === shape; end++) {
      starts[end - from] = valueStarts[rows[end]];
    }
    for (let k = 0; k < targets.length; k++) {
      copyValues(targets[k], { from, end }, values, starts, k);
    }
  }
  const found: SegmentProperty[] = columnOf.flatMap((codes, property) => ({
    name: names.properties[property],
    codes,
    values: names.values[property],
    inOrder: names.inOrder?.(property),
  }));
  found.push({
    name: importMark,
    codes: new Uint32Array(rows.length).fill(1),
    values: [null, true],
  });
  return found.sort((property, other) => (property.name < other.name ? -1 : 1));
}

/** target[from, end) = values[start + k] for the starts, which are those of the rows from `from` on. */
function copyValues(
  target: Uint32Array,
  { from, end }: { readonly from: number; readonly end: number },
  values: Uint32Array,
  starts: Uint32Array,
  k: number,
): void {
  for (let i = from; i < end; i++) target[i] = values[starts[i - from] + k];
}
