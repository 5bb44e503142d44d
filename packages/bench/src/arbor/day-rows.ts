import type { SegmentProperty, SegmentRows } from '@arbor/engine/segment-rows';
import { noItem, type DayColumns } from '../world/day-columns.ts';
import { mix32 } from '../world/random.ts';
import * as words from '../world/vocabulary.ts';

/** Events of one batch, as clients and the import command send them. */
const batchRows = 2000;

export interface DayRowsOptions {
  readonly day: number;
  /** Ordinal by number of the user. */
  readonly ordinals: Uint32Array;
  /** Sequence of the first batch of the day; the batches of a day are numbered on from it. */
  readonly firstSequence: number;
  /** 16 hexadecimal digits an event, which nothing can make small; else the events have no insert id. */
  readonly insertIds: boolean;
}

export const batchCountOf = (rowCount: number): number => Math.ceil(rowCount / batchRows);

/** A day as the segment writer takes it. Rows have no ties: a user's events are at least 1 ms apart. */
export function dayRows(columns: DayColumns, options: DayRowsOptions): SegmentRows {
  const { rowCount } = columns;
  const order = segmentOrder(columns, options.ordinals);
  const batchCount = batchCountOf(rowCount);
  return {
    rowCount,
    ...eventRuns(columns),
    users: order.map((row) => options.ordinals[columns.user[row]]),
    times: order.map((row) => columns.time[row]),
    tieRanks: null,
    batchSequences: Float64Array.from({ length: batchCount }, (_, i) => options.firstSequence + i),
    // Rows come in the order of time, so their place tells the batch.
    batches: order.map((row) => Math.floor(row / batchRows)),
    sentTimes: new Map(),
    sentIds: new Uint32Array(rowCount),
    sentIdTexts: [''],
    insertIds: options.insertIds
      ? insertIds(columns, order, options.day)
      : { bytes: new Uint8Array(0), ends: new Uint32Array(rowCount) },
    properties: properties(columns, order),
  };
}

/** Codes of events in the order of their names, which is that of a segment. */
const eventsByName = words.events
  .map((_, code) => code)
  .sort((a, b) => {
    return words.events[a] < words.events[b] ? -1 : 1;
  });

/** Rows by event, then ordinal, then time: counting sorts, which keep the order in time that the rows have. */
function segmentOrder(columns: DayColumns, ordinals: Uint32Array): Uint32Array {
  const rank = new Uint32Array(words.events.length);
  eventsByName.forEach((code, place) => {
    rank[code] = place;
  });
  const { user, event, rowCount } = columns;
  const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const lowBits = 11;
  const passes: ((row: number) => number)[] = [
    (row) => ordinals[user[row]] & ((1 << lowBits) - 1),
    (row) => ordinals[user[row]] >>> lowBits,
    (row) => rank[event[row]],
  ];
  return passes.reduce(sortedBy, rows);
}

function sortedBy(rows: Uint32Array, keyOf: (row: number) => number): Uint32Array {
  let highest = 0;
  for (const row of rows) highest = Math.max(highest, keyOf(row));
  const starts = new Uint32Array(highest + 2);
  for (const row of rows) starts[keyOf(row) + 1]++;
  for (let key = 0; key <= highest; key++) starts[key + 1] += starts[key];
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) sorted[starts[keyOf(row)]++] = row;
  return sorted;
}

function eventRuns({ event, rowCount }: DayColumns): Pick<SegmentRows, 'events' | 'eventStarts'> {
  const counts = new Uint32Array(words.events.length);
  for (let row = 0; row < rowCount; row++) counts[event[row]]++;
  const present = eventsByName.filter((code) => counts[code] > 0);
  const eventStarts = new Uint32Array(present.length + 1);
  present.forEach((code, place) => {
    eventStarts[place + 1] = eventStarts[place] + counts[code];
  });
  return { events: present.map((code) => words.events[code]), eventStarts };
}

/** Ascending by name. */
function properties(columns: DayColumns, order: Uint32Array): SegmentProperty[] {
  const { browser, url, system, country, isNew, item, plan, price, quantity, referrer } = columns;
  const textOf = (values: readonly string[]) => (code: number) => values[code];
  const aboutItems = (code: number, row: number): number => (item[row] === noItem ? -1 : code);
  const all: [string, ArrayLike<number>, (code: number) => string | number | boolean][] = [
    ['$browser', browser, textOf(words.browsers)],
    ['$current_url', url, textOf(words.urls)],
    ['$os', system, textOf(words.systems)],
    ['country', country, textOf(words.countries)],
    ['is_new', isNew, (code) => code === 1],
    ['item', Int32Array.from(item, aboutItems), textOf(words.items)],
    ['plan', plan, textOf(words.plans)],
    ['price', Int32Array.from(price, aboutItems), (cents) => cents / 100],
    ['quantity', Int32Array.from(quantity, aboutItems), (count) => count],
    ['referrer', referrer, textOf(words.referrers)],
  ];
  return all.map(([name, codes, valueOf]) => property(name, order, codes, valueOf));
}

/** A column with a dictionary of what occurs on the day, in the order of first sight; −1 = no value. */
function property(
  name: string,
  order: Uint32Array,
  worldCodes: ArrayLike<number>,
  valueOf: (code: number) => string | number | boolean,
): SegmentProperty {
  let highest = 0;
  for (let row = 0; row < worldCodes.length; row++) highest = Math.max(highest, worldCodes[row]);
  const dayCodes = new Uint32Array(highest + 1);
  const values: (string | number | boolean | null)[] = [null];
  const codes = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const code = worldCodes[order[place]];
    if (code < 0) continue;
    if (dayCodes[code] === 0) dayCodes[code] = values.push(valueOf(code)) - 1;
    codes[place] = dayCodes[code];
  }
  return { name, codes, values };
}

function insertIds(
  { time, user }: DayColumns,
  order: Uint32Array,
  day: number,
): SegmentRows['insertIds'] {
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  const length = 16;
  const bytes = Buffer.alloc(order.length * length);
  order.forEach((row, place) => {
    const high = mix32(time[row] ^ mix32(user[row] + day * 977));
    const low = mix32(user[row] ^ mix32(time[row] + 1));
    bytes.write(hex(high) + hex(low), place * length, 'latin1');
  });
  return { bytes, ends: order.map((_, place) => (place + 1) * length) };
}
