import { GrowableBytes } from '../../base/growable.ts';
import type { SegmentProperty, SegmentRows } from '../../format/segment/segment-rows.ts';

/** These rows (ascending) of a day alone, with everything that they hold. Tie ranks stay as they are: not dense. */
export function pickRows(rows: SegmentRows, picked: Uint32Array): SegmentRows {
  const { events, eventStarts } = eventsOf(rows, picked);
  const sentTimes = new Map<number, number>();
  if (rows.sentTimes.size > 0) {
    picked.forEach((row, i) => {
      const time = rows.sentTimes.get(row);
      if (time !== undefined) sentTimes.set(i, time);
    });
  }
  return {
    rowCount: picked.length,
    events,
    eventStarts,
    users: gather(rows.users, picked),
    times: gather(rows.times, picked),
    tieRanks: rows.tieRanks === null ? null : gather(rows.tieRanks, picked),
    batchSequences: rows.batchSequences,
    batches: gather(rows.batches, picked),
    sentTimes,
    sentIds: gather(rows.sentIds, picked),
    sentIdTexts: rows.sentIdTexts,
    insertIds: insertIdsOf(rows, picked),
    properties: rows.properties.map(({ name, codes, values }): SegmentProperty => {
      return { name, codes: gather(codes, picked), values };
    }),
  };
}

/** column[row] for each row. */
function gather(column: Uint32Array, rows: Uint32Array): Uint32Array {
  const gathered = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) gathered[i] = column[rows[i]];
  return gathered;
}

/** Events that have a row among those picked. */
function eventsOf(
  { events, eventStarts }: SegmentRows,
  picked: Uint32Array,
): Pick<SegmentRows, 'events' | 'eventStarts'> {
  const names: string[] = [];
  const starts: number[] = [];
  let at = 0;
  for (let event = 0; event < events.length; event++) {
    const start = at;
    while (at < picked.length && picked[at] < eventStarts[event + 1]) at++;
    if (at === start) continue;
    names.push(events[event]);
    starts.push(start);
  }
  return { events: names, eventStarts: Uint32Array.from([...starts, picked.length]) };
}

function insertIdsOf({ insertIds }: SegmentRows, picked: Uint32Array): SegmentRows['insertIds'] {
  const bytes = new GrowableBytes();
  const ends = new Uint32Array(picked.length);
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i];
    bytes.append(insertIds.bytes, row === 0 ? 0 : insertIds.ends[row - 1], insertIds.ends[row]);
    ends[i] = bytes.length;
  }
  return { bytes: bytes.array.slice(0, bytes.length), ends };
}
