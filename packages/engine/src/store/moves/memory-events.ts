import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import { setMember } from '../../format/decode/value.ts';
import { dayMs } from '../../format/segment/segment-rows.ts';
import type { EventTable } from '../event-table.ts';
import type { MovedEvent } from './moved-event.ts';

/** The visible events of a few users in a table, by day (since 1970-01-01 UTC). `ids`: id by ordinal. */
export function memoryEvents(
  table: EventTable,
  ids: ReadonlyMap<number, string>,
): Map<number, MovedEvent[]> {
  const found = new Map<number, MovedEvent[]>();
  const users = table.users.array;
  const isWanted = new Uint8Array(Math.max(0, ...ids.keys()) + 1);
  for (const ordinal of ids.keys()) isWanted[ordinal] = 1;
  for (let row = 0; row < table.rowCount; row++) {
    if (isWanted[users[row]] !== 1 || table.isHidden(row)) continue;
    const day = Math.floor(table.times.array[row] / dayMs);
    const own = found.get(day);
    const event = eventAt(table, row, ids.get(users[row]) ?? '');
    if (own === undefined) found.set(day, [event]);
    else own.push(event);
  }
  return found;
}

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

function propertiesAt(table: EventTable, row: number): Properties {
  const properties: { [name: string]: PropertyValue } = {};
  const shape = table.shapes.array[row];
  const start = table.valueStarts.array[row];
  const dictionaries = table.shapeTree.dictionaries(shape);
  for (const [i, name] of table.shapeTree.names(shape).entries()) {
    setMember(properties, name, dictionaries[i].values[table.values.array[start + i]]);
  }
  return properties;
}
