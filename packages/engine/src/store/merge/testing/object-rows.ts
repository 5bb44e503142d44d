import type { PropertyValue } from '@arbor/schema/property-value';
import { dayMs, type SegmentRows } from '../../../format/segment/segment-rows.ts';
import { PropertyDictionary } from '../../property-dictionary.ts';

/** A row as an object; `arrival` orders rows of one batch. */
export interface ObjectRow {
  readonly event: string;
  readonly user: number;
  readonly day: number;
  /** Ms since the day began. */
  readonly time: number;
  /** Ms UTC; equal to the time unless the edge changed it. */
  readonly sentTime: number;
  readonly sentId: string;
  readonly insertId: string;
  readonly sequence: number;
  readonly arrival: number;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

export const timeOf = (row: ObjectRow): number => row.day * dayMs + row.time;

/** What makes copies of one event. */
export const copyKey = (row: ObjectRow): string =>
  JSON.stringify([row.event, row.sentTime, row.sentId, row.insertId]);

export function compareText(text: string, other: string): number {
  return text < other ? -1 : text > other ? 1 : 0;
}

const byArrival = (row: ObjectRow, other: ObjectRow): number =>
  row.sequence - other.sequence || row.arrival - other.arrival;

/** Rows of one day as a part holds them, built the plain way; of copies the last stays. */
export function segmentRowsOf(
  list: readonly ObjectRow[],
  idOf: (ordinal: number) => string,
): SegmentRows {
  const last = new Map<string, ObjectRow>();
  for (const row of [...list].sort(byArrival)) last.set(copyKey(row), row);
  const rows = [...last.values()].sort(
    (row, other) =>
      compareText(row.event, other.event) ||
      row.user - other.user ||
      row.time - other.time ||
      byArrival(row, other),
  );
  const events = [...new Set(rows.map(({ event }) => event))];
  const eventStarts = [...events, null].map((event) =>
    event === null ? rows.length : rows.findIndex((row) => row.event === event),
  );
  const batchSequences = [...new Set(rows.map(({ sequence }) => sequence))].sort((a, b) => a - b);
  const sentIdTexts = [''];
  const sentIds = rows.map(({ user, sentId }) => {
    if (sentId === idOf(user)) return 0;
    const known = sentIdTexts.indexOf(sentId, 1);
    return known > 0 ? known : sentIdTexts.push(sentId) - 1;
  });
  const insertIds = rows.map(({ insertId }) => Buffer.from(insertId));
  let end = 0;
  return {
    rowCount: rows.length,
    events,
    eventStarts: Uint32Array.from(eventStarts),
    users: Uint32Array.from(rows, ({ user }) => user),
    times: Uint32Array.from(rows, ({ time }) => time),
    tieRanks: tieRanksOf(rows),
    batchSequences: Float64Array.from(batchSequences),
    batches: Uint32Array.from(rows, ({ sequence }) => batchSequences.indexOf(sequence)),
    sentTimes: new Map(
      rows.flatMap((row, i) => (row.sentTime === timeOf(row) ? [] : [[i, row.sentTime]])),
    ),
    sentIds: Uint32Array.from(sentIds),
    sentIdTexts,
    insertIds: {
      bytes: new Uint8Array(Buffer.concat(insertIds)),
      ends: Uint32Array.from(insertIds, (id) => (end += id.length)),
    },
    properties: propertiesOf(rows),
  };
}

function tieRanksOf(rows: readonly ObjectRow[]): Uint32Array | null {
  const ranks = rows.map((row) =>
    rows
      .filter((other) => other.user === row.user && other.time === row.time)
      .sort(byArrival)
      .indexOf(row),
  );
  return ranks.every((rank) => rank === 0) ? null : Uint32Array.from(ranks);
}

function propertiesOf(rows: readonly ObjectRow[]): SegmentRows['properties'] {
  const names = [...new Set(rows.flatMap(({ properties }) => Object.keys(properties)))].sort();
  return names.map((name) => {
    const dictionary = new PropertyDictionary();
    const codes = Uint32Array.from(rows, ({ properties }) => {
      const value = properties[name];
      return value === undefined ? 0 : dictionary.codeOf(value);
    });
    return { name, codes, values: dictionary.values };
  });
}

/** The rows as objects again; `arrival` is the tie rank. */
export function objectRowsOf(
  rows: SegmentRows,
  day: number,
  idOf: (ordinal: number) => string,
): ObjectRow[] {
  return Array.from({ length: rows.rowCount }, (_, row) => {
    const event = rows.eventStarts.findIndex(
      (start, e) => start <= row && row < rows.eventStarts[e + 1],
    );
    const code = rows.sentIds[row];
    const start = row === 0 ? 0 : rows.insertIds.ends[row - 1];
    const insertId = Buffer.from(rows.insertIds.bytes.subarray(start, rows.insertIds.ends[row]));
    const properties = rows.properties.flatMap(({ name, codes, values }) =>
      codes[row] === 0 ? [] : [[name, values[codes[row]]] as const],
    );
    return {
      event: rows.events[event],
      user: rows.users[row],
      day,
      time: rows.times[row],
      sentTime: rows.sentTimes.get(row) ?? day * dayMs + rows.times[row],
      sentId: code === 0 ? idOf(rows.users[row]) : rows.sentIdTexts[code],
      insertId: insertId.toString(),
      sequence: rows.batchSequences[rows.batches[row]],
      arrival: rows.tieRanks?.[row] ?? 0,
      properties: Object.fromEntries(properties),
    };
  });
}
