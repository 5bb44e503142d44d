import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import { setMember } from '../../format/decode/value.ts';
import { dayMs } from '../../format/segment/segment-rows.ts';
import type { EventTable } from '../event-table.ts';
import type { MovedEvent } from './moved-event.ts';

/** A user in a table: his id, and the first of the table's rows that may be asked for. */
export interface MemoryUser {
  readonly id: string;
  readonly firstRow: number;
}

/** The visible events of a few users in a table, by day (since 1970-01-01 UTC). */
export function memoryEvents(
  table: EventTable,
  owners: ReadonlyMap<number, MemoryUser>,
): Map<number, MovedEvent[]> {
  const found = new Map<number, MovedEvent[]>();
  const users = table.users.array;
  const firstRows = new Uint32Array(Math.max(0, ...owners.keys()) + 1).fill(unwanted);
  let start = table.rowCount;
  for (const [ordinal, { firstRow }] of owners) {
    firstRows[ordinal] = firstRow;
    start = Math.min(start, firstRow);
  }
  for (let row = start; row < table.rowCount; row++) {
    if (users[row] >= firstRows.length || row < firstRows[users[row]]) continue;
    if (table.isHidden(row)) continue;
    const day = Math.floor(table.times.array[row] / dayMs);
    const own = found.get(day);
    const event = eventAt(table, row, owners.get(users[row])?.id ?? '');
    if (own === undefined) found.set(day, [event]);
    else own.push(event);
  }
  return found;
}

/** More rows than any table has. */
const unwanted = 0xffff_ffff;

function eventAt(table: EventTable, row: number, id: string): MovedEvent {
  const time = table.times.array[row];
  const sentIdCode = table.sentIdCode(row);
  const { bytes, ends } = table.insertIds;
  const insertId = bytes.subarray(row === 0 ? 0 : ends[row - 1], ends[row]);
  return {
    event: {
      event: table.eventNames[table.events.array[row]],
      time,
      sentTime: table.sentTime(row) ?? time,
      distinctId: sentIdCode === 0 ? id : table.sentIdTexts[sentIdCode],
      insertId: Buffer.from(insertId).toString(),
      properties: propertiesAt(table, row),
    },
    sequence: table.sequenceOfBatch(table.batches.array[row]),
    owner: table.users.array[row],
    tie: table.positions.array[row],
  };
}

/** By name, as segments have them: where an event lies makes no other batch of it. */
function propertiesAt(table: EventTable, row: number): Properties {
  const shape = table.shapes.array[row];
  const start = table.valueStarts.array[row];
  const dictionaries = table.shapeTree.dictionaries(shape);
  const properties: { [name: string]: PropertyValue } = {};
  const names = table.shapeTree.names(shape).map((name, i) => ({ name, i }));
  for (const { name, i } of names.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    setMember(properties, name, dictionaries[i].values[table.values.array[start + i]]);
  }
  return properties;
}
