import type { PropertyValue } from '@arbor/schema/property-value';
import type { SegmentHead } from '../../../src/format/segment/segment-header.ts';
import type { SegmentRows } from '../../../src/format/segment/segment-rows.ts';

/** What a golden segment holds, as JSON: its head and its rows column by column, in the order of the segment. */
export interface SegmentTwin extends SegmentHead {
  readonly events: readonly { readonly name: string; readonly rowCount: number }[];
  readonly users: readonly number[];
  readonly times: readonly number[];
  readonly tieRanks: readonly number[] | null;
  readonly batchSequences: readonly number[];
  readonly batches: readonly number[];
  /** Row and time as sent. */
  readonly sentTimes: readonly (readonly [number, number])[];
  readonly sentIds: readonly number[];
  readonly sentIdTexts: readonly string[];
  readonly insertIds: readonly string[];
  /** Values by code; codes by row, 0 = absent. -0 is written as {"$double":"-0"}. */
  readonly properties: readonly {
    readonly name: string;
    readonly values: readonly PropertyValue[];
    readonly codes: readonly number[];
  }[];
}

const minusZero = { $double: '-0' };

export function rowsOfTwin(twin: SegmentTwin): SegmentRows {
  const insertIds = twin.insertIds.map((id) => Buffer.from(id, 'utf8'));
  let start = 0;
  let end = 0;
  return {
    rowCount: twin.users.length,
    events: twin.events.map(({ name }) => name),
    eventStarts: Uint32Array.of(0, ...twin.events.map(({ rowCount }) => (start += rowCount))),
    users: Uint32Array.from(twin.users),
    times: Uint32Array.from(twin.times),
    tieRanks: twin.tieRanks && Uint32Array.from(twin.tieRanks),
    batchSequences: Float64Array.from(twin.batchSequences),
    batches: Uint32Array.from(twin.batches),
    sentTimes: new Map(twin.sentTimes),
    sentIds: Uint32Array.from(twin.sentIds),
    sentIdTexts: twin.sentIdTexts,
    insertIds: {
      bytes: new Uint8Array(Buffer.concat(insertIds)),
      ends: Uint32Array.from(insertIds, (bytes) => (end += bytes.length)),
    },
    properties: twin.properties.map(({ name, values, codes }) => ({
      name,
      values: values.map((value) =>
        JSON.stringify(value) === JSON.stringify(minusZero) ? -0 : value,
      ),
      codes: Uint32Array.from(codes),
    })),
  };
}

export function twinOfRows(rows: SegmentRows, head: SegmentHead): SegmentTwin {
  const { ends, bytes } = rows.insertIds;
  return {
    ...head,
    events: rows.events.map((name, e) => ({
      name,
      rowCount: rows.eventStarts[e + 1] - rows.eventStarts[e],
    })),
    users: [...rows.users],
    times: [...rows.times],
    tieRanks: rows.tieRanks && [...rows.tieRanks],
    batchSequences: [...rows.batchSequences],
    batches: [...rows.batches],
    sentTimes: [...rows.sentTimes],
    sentIds: [...rows.sentIds],
    sentIdTexts: rows.sentIdTexts,
    insertIds: Array.from(ends, (end, row) =>
      Buffer.from(bytes.subarray(row === 0 ? 0 : ends[row - 1], end)).toString('utf8'),
    ),
    properties: rows.properties.map(({ name, values, codes }) => ({
      name,
      values: values.map((value) => (Object.is(value, -0) ? minusZero : value)),
      codes: [...codes],
    })),
  };
}
