import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { ByteReader } from '../byte-reader.ts';
import { eventFlag, personFlag, valueTag } from '../constants.ts';
import { type BatchHeader, readBody, readHeader, rowBatchSource } from './batch-header.ts';
import { readOperation } from './person.ts';
import { readTagged } from './value.ts';

/**
 * A row batch as columns: what the store copies from without an object per event. Everything is
 * checked when it exists: every place lies in its table, so nothing that reads it can fail.
 */
export interface BatchColumns {
  readonly header: BatchHeader;
  readonly strings: readonly string[];
  /** Lists of places of property names. */
  readonly shapes: readonly Uint32Array[];
  readonly events: EventColumns;
  readonly values: ValueColumns;
  readonly persons: readonly DecodedPerson[];
  readonly links: readonly DecodedLink[];
}

/** One entry an event; `…Place` is a place in `strings`. */
export interface EventColumns {
  readonly eventPlaces: Uint32Array;
  readonly times: Float64Array;
  readonly sentTimes: Float64Array;
  readonly distinctIdPlaces: Uint32Array;
  readonly userPlaces: Uint32Array;
  /** Insert id i is insertIdBytes[insertIdStarts[i], insertIdEnds[i]). */
  readonly insertIdBytes: Uint8Array;
  readonly insertIdStarts: Uint32Array;
  readonly insertIdEnds: Uint32Array;
  readonly positions: Uint32Array;
  readonly shapePlaces: Uint32Array;
}

/** The values of all events one after the other, each event's in the order of its shape. */
export interface ValueColumns {
  readonly tags: Uint8Array;
  /** The number, the place of the string, or the place in `nested`. */
  readonly payloads: Float64Array;
  /** Lists and objects. */
  readonly nested: readonly PropertyValue[];
}

export interface DecodedPerson {
  readonly user: string;
  readonly distinctId: string;
  readonly insertId?: string;
  readonly time: number;
  readonly ignoreTime: boolean;
  readonly position: number;
  readonly operations: readonly PersonOperation[];
}

export interface DecodedLink {
  readonly loser: string;
  readonly winner: string;
}

/** Least bytes of one record on the wire: bounds what a forged count can allocate. */
const eventBytesMin = 8;
const personBytesMin = 6;
const linkBytesMin = 2;

/** Reads and checks a whole batch. Twin: encode/row-batch-body.ts. */
export function readBatchColumns(bytes: Uint8Array): BatchColumns {
  const header = readHeader(bytes);
  const reader = new ByteReader(readBody(bytes, header), rowBatchSource);
  const strings = readStrings(reader);
  const shapes = readShapes(reader, strings.length);
  const valueCount = reader.count(1);
  checkCounts(reader, header);
  const context = { reader, strings, shapes, header };
  const { events, values } = readEvents(context, valueCount);
  const persons = Array.from({ length: header.personCount }, () => readPerson(context));
  const links = Array.from({ length: header.linkCount }, () => ({
    loser: strings[reader.index(strings.length)],
    winner: strings[reader.index(strings.length)],
  }));
  reader.finish();
  return { header, strings, shapes, events, values, persons, links };
}

function checkCounts(reader: ByteReader, header: BatchHeader): void {
  const needed =
    header.eventCount * eventBytesMin +
    header.personCount * personBytesMin +
    header.linkCount * linkBytesMin;
  if (needed > reader.remaining) {
    throw reader.corrupt(
      `${header.eventCount} events, ${header.personCount} updates and ${header.linkCount} links do not fit the ${reader.remaining} bytes left`,
    );
  }
}

function readStrings(reader: ByteReader): string[] {
  const lengths = new Uint32Array(reader.count(1));
  for (let i = 0; i < lengths.length; i++) lengths[i] = reader.count(1);
  const strings: string[] = [];
  for (let i = 0; i < lengths.length; i++) strings.push(reader.text(lengths[i]));
  return strings;
}

function readShapes(reader: ByteReader, stringCount: number): Uint32Array[] {
  const count = reader.count(1);
  const shapes: Uint32Array[] = [];
  for (let i = 0; i < count; i++) {
    const names = new Uint32Array(reader.count(1));
    for (let k = 0; k < names.length; k++) names[k] = reader.index(stringCount);
    shapes.push(names);
  }
  return shapes;
}

interface BodyContext {
  readonly reader: ByteReader;
  readonly strings: readonly string[];
  readonly shapes: readonly Uint32Array[];
  readonly header: BatchHeader;
}

function readEvents(
  { reader, strings, shapes, header }: BodyContext,
  valueCount: number,
): { events: EventColumns; values: ValueColumns } {
  const count = header.eventCount;
  const stringCount = strings.length;
  const events = newEventColumns(reader.bytes, count);
  const tags = new Uint8Array(valueCount);
  const payloads = new Float64Array(valueCount);
  const nested: PropertyValue[] = [];
  let value = 0;
  let time = header.receivedAt;
  for (let i = 0; i < count; i++) {
    const flags = reader.u8();
    if (flags > 3) throw reader.corrupt(`event flags ${flags} are unknown`, reader.position - 1);
    events.eventPlaces[i] = reader.index(stringCount);
    time = readTime(reader, time, (flags & eventFlag.wideTimes) !== 0);
    events.times[i] = time;
    events.sentTimes[i] =
      (flags & eventFlag.hasSentTime) === 0
        ? time
        : readTime(reader, time, (flags & eventFlag.wideTimes) !== 0);
    events.distinctIdPlaces[i] = reader.index(stringCount);
    events.userPlaces[i] = reader.index(stringCount);
    const insertIdBytes = reader.varint();
    events.insertIdStarts[i] = reader.skip(insertIdBytes);
    events.insertIdEnds[i] = reader.position;
    events.positions[i] = readPosition(reader);
    const shape = reader.index(shapes.length);
    events.shapePlaces[i] = shape;
    const end = value + shapes[shape].length;
    if (end > valueCount) throw reader.corrupt(`has more than the ${valueCount} values announced`);
    for (; value < end; value++) {
      tags[value] = reader.u8();
      payloads[value] = readPayload(reader, strings, tags[value], nested);
    }
  }
  if (value !== valueCount) throw reader.corrupt(`has ${value} values, announced ${valueCount}`);
  return { events, values: { tags, payloads, nested } };
}

function newEventColumns(insertIdBytes: Uint8Array, count: number): EventColumns {
  return {
    eventPlaces: new Uint32Array(count),
    times: new Float64Array(count),
    sentTimes: new Float64Array(count),
    distinctIdPlaces: new Uint32Array(count),
    userPlaces: new Uint32Array(count),
    insertIdBytes,
    insertIdStarts: new Uint32Array(count),
    insertIdEnds: new Uint32Array(count),
    positions: new Uint32Array(count),
    shapePlaces: new Uint32Array(count),
  };
}

function readTime(reader: ByteReader, base: number, isWide: boolean): number {
  const at = reader.position;
  const time = isWide ? reader.f64() : base + reader.zigzag();
  if (!Number.isSafeInteger(time)) throw reader.corrupt(`time ${time} is out of range`, at);
  return time;
}

function readPosition(reader: ByteReader): number {
  const at = reader.position;
  const position = reader.varint();
  if (position > 0xffffffff) throw reader.corrupt(`position ${position} is out of range`, at);
  return position;
}

function readPayload(
  reader: ByteReader,
  strings: readonly string[],
  tag: number,
  nested: PropertyValue[],
): number {
  switch (tag) {
    case valueTag.string:
      return reader.index(strings.length);
    case valueTag.integer:
      return reader.zigzag();
    case valueTag.double:
      return reader.f64();
    case valueTag.null:
    case valueTag.false:
    case valueTag.true:
      return 0;
    default:
      nested.push(readTagged(reader, strings, tag, 0));
      return nested.length - 1;
  }
}

function readPerson({ reader, strings, header }: BodyContext): DecodedPerson {
  const flags = reader.u8();
  if (flags > 7) throw reader.corrupt(`person flags ${flags} are unknown`, reader.position - 1);
  const user = strings[reader.index(strings.length)];
  const distinctId = strings[reader.index(strings.length)];
  const time = readTime(reader, header.receivedAt, (flags & personFlag.wideTime) !== 0);
  const insertId =
    (flags & personFlag.hasInsertId) === 0 ? undefined : reader.text(reader.varint());
  const position = readPosition(reader);
  const operations: PersonOperation[] = [];
  for (let left = reader.count(1); left > 0; left--)
    operations.push(readOperation(reader, strings));
  const ignoreTime = (flags & personFlag.ignoreTime) !== 0;
  const update = { user, distinctId, time, ignoreTime, position, operations };
  return insertId === undefined ? update : { ...update, insertId };
}
