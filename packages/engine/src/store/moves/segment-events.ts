import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import { setMember } from '../../format/decode/value.ts';
import type { SegmentFile } from '../../format/segment/segment-file.ts';
import { dayMs } from '../../format/segment/segment-rows.ts';
import type { MovedEvent } from './moved-event.ts';

export interface SegmentOfUsers {
  readonly day: number;
  /** Rows that another segment, or one in memory, hides: they are left where they are. */
  readonly hiddenRows: Uint32Array;
  /** Id by ordinal of those whose events are wanted. */
  readonly ids: ReadonlyMap<number, string>;
}

/** The visible events of a few users. Of events that none of them has nothing but the runs is decoded. */
export function segmentEvents(file: SegmentFile, segment: SegmentOfUsers): MovedEvent[] {
  if (!file.activeUsers(noNames).some((user) => segment.ids.has(user))) return [];
  const hidden = new Set(segment.hiddenRows);
  const dictionaries = new Map<string, readonly PropertyValue[]>();
  const found: MovedEvent[] = [];
  let firstRow = 0;
  for (const [index, { rowCount }] of file.events.entries()) {
    const rows = rowsOf(file, index, segment.ids).filter(({ row }) => !hidden.has(firstRow + row));
    if (rows.length > 0) {
      for (const event of eventsOf(file, index, { rows, segment, dictionaries })) found.push(event);
    }
    firstRow += rowCount;
  }
  return found;
}

const noNames: ReadonlySet<string> = new Set();

interface OwnedRow {
  /** Counted from the first of the event. */
  readonly row: number;
  readonly owner: number;
}

function rowsOf(file: SegmentFile, event: number, ids: ReadonlyMap<number, string>): OwnedRow[] {
  const { users, starts } = file.userRuns(event);
  const rows: OwnedRow[] = [];
  for (let run = 0; run < users.length; run++) {
    const owner = users[run];
    if (!ids.has(owner)) continue;
    for (let row = starts[run]; row < starts[run + 1]; row++) rows.push({ row, owner });
  }
  return rows;
}

function eventsOf(
  file: SegmentFile,
  index: number,
  {
    rows,
    segment: { day, ids },
    dictionaries,
  }: {
    readonly rows: readonly OwnedRow[];
    readonly segment: SegmentOfUsers;
    readonly dictionaries: Map<string, readonly PropertyValue[]>;
  },
): MovedEvent[] {
  const { name } = file.events[index];
  const times = file.times(index);
  const ties = file.tieRanks(index);
  const batches = file.batches(index);
  const sequences = file.batchSequences();
  const sentIds = file.sentIds(index);
  const sentIdTexts = sentIds === null ? [] : file.sentIdTexts();
  const sentTimes = file.sentTimes(index);
  const insertIds = file.insertIds(index);
  const insertIdBytes = Buffer.from(insertIds.bytes.buffer, insertIds.bytes.byteOffset);
  const properties = propertiesOf(file, index, rows, dictionaries);
  return rows.map(({ row, owner }, i): MovedEvent => {
    const time = day * dayMs + times[row];
    const code = sentIds === null ? 0 : sentIds[row];
    const start = row === 0 ? 0 : insertIds.ends[row - 1];
    return {
      event: {
        event: name,
        time,
        sentTime: sentTimes.get(row) ?? time,
        distinctId: code === 0 ? (ids.get(owner) ?? '') : sentIdTexts[code],
        insertId: insertIdBytes.toString('utf8', start, insertIds.ends[row]),
        properties: properties[i],
      },
      sequence: sequences[batches[row]],
      owner,
      tie: ties === null ? 0 : ties[row],
    };
  });
}

function propertiesOf(
  file: SegmentFile,
  index: number,
  rows: readonly OwnedRow[],
  dictionaries: Map<string, readonly PropertyValue[]>,
): Properties[] {
  const all = rows.map((): { [name: string]: PropertyValue } => ({}));
  for (const name of file.properties) {
    const codes = file.column(index, name);
    if (codes === undefined) continue;
    let values = dictionaries.get(name);
    if (values === undefined) dictionaries.set(name, (values = file.dictionary(name)));
    for (const [i, { row }] of rows.entries()) {
      if (codes[row] !== 0) setMember(all[i], name, values[codes[row]]);
    }
  }
  return all;
}
