import { GrowableBytes } from '../../base/growable.ts';
import type { SegmentFile } from './segment-file.ts';
import type { SegmentRows } from './segment-rows.ts';

/** Puts the events of a segment one after the other. Twin of `encodeSegment`. */
export function readRows(file: SegmentFile): SegmentRows {
  const { rowCount, events } = file;
  const eventStarts = new Uint32Array(events.length + 1);
  events.forEach((event, e) => (eventStarts[e + 1] = eventStarts[e] + event.rowCount));
  const rows = {
    users: new Uint32Array(rowCount),
    times: new Uint32Array(rowCount),
    batches: new Uint32Array(rowCount),
    sentIds: new Uint32Array(rowCount),
  };
  let tieRanks: Uint32Array | null = null;
  const sentTimes = new Map<number, number>();
  for (let e = 0; e < events.length; e++) {
    const start = eventStarts[e];
    fillUsers(file, e, rows.users.subarray(start, eventStarts[e + 1]));
    rows.times.set(file.times(e), start);
    rows.batches.set(file.batches(e), start);
    const sentIds = file.sentIds(e);
    if (sentIds) rows.sentIds.set(sentIds, start);
    const ranks = file.tieRanks(e);
    if (ranks) (tieRanks ??= new Uint32Array(rowCount)).set(ranks, start);
    for (const [row, time] of file.sentTimes(e)) sentTimes.set(start + row, time);
  }
  return {
    rowCount,
    events: events.map(({ name }) => name),
    eventStarts,
    ...rows,
    tieRanks,
    sentTimes,
    batchSequences: file.batchSequences(),
    sentIdTexts: file.sentIdTexts(),
    insertIds: joinInsertIds(file, eventStarts),
    properties: file.properties.map((name) => ({
      name,
      codes: joinCodes(file, name, eventStarts),
      values: file.dictionary(name),
    })),
  };
}

function fillUsers(file: SegmentFile, event: number, target: Uint32Array): void {
  const { users, starts } = file.userRuns(event);
  for (let r = 0; r < users.length; r++) target.fill(users[r], starts[r], starts[r + 1]);
}

function joinInsertIds(file: SegmentFile, eventStarts: Uint32Array): SegmentRows['insertIds'] {
  const ends = new Uint32Array(file.rowCount);
  const bytes = new GrowableBytes();
  for (let e = 0; e < file.events.length; e++) {
    const ids = file.insertIds(e);
    for (let row = 0; row < ids.ends.length; row++) {
      ends[eventStarts[e] + row] = bytes.length + ids.ends[row];
    }
    bytes.append(ids.bytes);
  }
  return { bytes: bytes.array.slice(0, bytes.length), ends };
}

function joinCodes(file: SegmentFile, property: string, eventStarts: Uint32Array): Uint32Array {
  const codes = new Uint32Array(file.rowCount);
  for (let e = 0; e < file.events.length; e++) {
    const column = file.column(e, property);
    if (column) codes.set(column, eventStarts[e]);
  }
  return codes;
}
