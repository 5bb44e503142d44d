import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';
import { dayMs, type SegmentRows } from '../segment-rows.ts';

/** One event as an object: what a segment must give back, whatever the numbering of its codes. */
export interface PlainRow {
  readonly event: string;
  readonly user: number;
  readonly time: number;
  readonly tieRank: number;
  readonly sequence: number;
  readonly sentTime: number | null;
  /** Null = as the user. */
  readonly sentId: string | null;
  readonly insertId: string;
  readonly properties: ReadonlyMap<string, PropertyValue>;
}

/** In the order of a segment. */
export function sortPlainRows(rows: readonly PlainRow[]): PlainRow[] {
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return rows.toSorted(
    (a, b) =>
      byText(a.event, b.event) || a.user - b.user || a.time - b.time || a.tieRank - b.tieRank,
  );
}

/** Columns of rows that are in the order of a segment. Values are told apart by `Object.is`, or as JSON. */
export function toSegmentRows(rows: readonly PlainRow[]): SegmentRows {
  const events = [...new Set(rows.map(({ event }) => event))];
  const sequences = [...new Set(rows.map(({ sequence }) => sequence))].sort((a, b) => a - b);
  const sentIdTexts = [
    '',
    ...new Set(rows.flatMap(({ sentId }) => (sentId === null ? [] : [sentId]))),
  ];
  const names = [...new Set(rows.flatMap(({ properties }) => [...properties.keys()]))].sort();
  const insertIds = rows.map(({ insertId }) => Buffer.from(insertId, 'utf8'));
  let end = 0;
  const hasTies = rows.some(({ tieRank }) => tieRank > 0);
  return {
    rowCount: rows.length,
    events,
    eventStarts: Uint32Array.from([
      ...events.map((name) => rows.findIndex(({ event }) => event === name)),
      rows.length,
    ]),
    users: Uint32Array.from(rows, ({ user }) => user),
    times: Uint32Array.from(rows, ({ time }) => time),
    tieRanks: hasTies ? Uint32Array.from(rows, ({ tieRank }) => tieRank) : null,
    batchSequences: Float64Array.from(sequences),
    batches: Uint32Array.from(rows, ({ sequence }) => sequences.indexOf(sequence)),
    sentTimes: new Map(
      rows.flatMap(({ sentTime }, row) => (sentTime === null ? [] : [[row, sentTime]])),
    ),
    sentIds: Uint32Array.from(rows, ({ sentId }) =>
      sentId === null ? 0 : sentIdTexts.indexOf(sentId),
    ),
    sentIdTexts,
    insertIds: {
      bytes: Buffer.concat(insertIds),
      ends: Uint32Array.from(insertIds, (bytes) => (end += bytes.length)),
    },
    properties: names.map((name) => propertyOf(rows, name)),
  };
}

function propertyOf(rows: readonly PlainRow[], name: string): SegmentRows['properties'][number] {
  const values: PropertyValue[] = [null];
  const codes = new Map<string, number>();
  const codeOf = (value: PropertyValue): number => {
    const key = keyOf(value);
    const code = codes.get(key) ?? values.push(value) - 1;
    codes.set(key, code);
    return code;
  };
  return {
    name,
    codes: Uint32Array.from(rows, ({ properties }) => {
      const value = properties.get(name);
      return value === undefined ? 0 : codeOf(value);
    }),
    values,
  };
}

function keyOf(value: PropertyValue): string {
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

/** The way back, row by row. */
export function toPlainRows(rows: SegmentRows): PlainRow[] {
  const { ends, bytes } = rows.insertIds;
  return Array.from({ length: rows.rowCount }, (_, row) => {
    const start = row === 0 ? 0 : ends[row - 1];
    const event = rows.eventStarts.findLastIndex((first) => first <= row);
    return {
      event: rows.events[event],
      user: rows.users[row],
      time: rows.times[row],
      tieRank: rows.tieRanks?.[row] ?? 0,
      sequence: rows.batchSequences[rows.batches[row]],
      sentTime: rows.sentTimes.get(row) ?? null,
      sentId: rows.sentIds[row] === 0 ? null : rows.sentIdTexts[rows.sentIds[row]],
      insertId: Buffer.from(bytes.subarray(start, ends[row])).toString('utf8'),
      properties: new Map(
        rows.properties.flatMap(({ name, codes, values }) =>
          codes[row] === 0 ? [] : [[name, values[codes[row]]]],
        ),
      ),
    };
  });
}

const text = fc.string({ unit: 'grapheme', maxLength: 8 });

/** Few values of each type, so that they meet, and now and then any. */
const value: fc.Arbitrary<PropertyValue> = fc.oneof(
  fc.constantFrom<PropertyValue[]>(
    null,
    true,
    false,
    1,
    '1',
    [1],
    1.5,
    'US',
    'DE',
    '2026-01-01',
    {},
  ),
  fc.integer({ min: -50, max: 50 }),
  fc.integer({ min: 0, max: 5000 }).map((cents) => cents / 100),
  fc.double({ noNaN: true }),
  fc.maxSafeInteger(),
  text,
  fc.array(fc.constantFrom<PropertyValue[]>(1, 'a', null), { maxLength: 3 }),
  fc.dictionary(text, fc.constantFrom<PropertyValue[]>(1, 'a', [true]), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
);

const time = fc.oneof(
  fc.integer({ min: 0, max: dayMs - 1 }),
  fc.integer({ min: 1000, max: 1020 }),
  fc.constantFrom(0, dayMs - 1),
);

const insertId = (sequence: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(''),
    fc.uuid(),
    fc.nat({ max: 2000 }).map((n) => `order-${n}`),
    fc.nat({ max: 3000 }).map((n) => `${sequence.toString(36)}-a1b2c3d4e5f6:${n}`),
    text,
  );

const plainRow: fc.Arbitrary<PlainRow> = fc
  .oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 2 ** 51 }))
  .chain((sequence) =>
    fc.record({
      event: fc.oneof(fc.constantFrom('page_view', 'Buy', '$identify'), text),
      user: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 0xffffffff })),
      time,
      tieRank: fc.constantFrom(0, 0, 0, 1, 2, 70000),
      sequence: fc.constant(sequence),
      sentTime: fc.option(fc.integer({ min: 0, max: 2 ** 45 }), { freq: 8 }),
      sentId: fc.option(fc.oneof(fc.constantFrom('ann', 'bob', 'device:1'), fc.uuid()), {
        freq: 4,
      }),
      insertId: insertId(sequence),
      properties: fc
        .dictionary(fc.oneof(fc.constantFrom('plan', 'price', '__proto__'), text), value, {
          maxKeys: 4,
        })
        .map((members) => new Map(Object.entries(members))),
    }),
  );

/** Rows in the order of a segment. */
export const plainRows = (maxLength: number): fc.Arbitrary<PlainRow[]> =>
  fc.array(plainRow, { maxLength }).map(sortPlainRows);
