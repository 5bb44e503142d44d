import { ByteReader } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { type BlockRef, readRef, writeRef } from './block.ts';
import type { SegmentHeader } from './segment-header.ts';
import { dayMs } from './segment-rows.ts';

/** What a reader must know to plan: where every block lies, and what need not be read. */
export interface SegmentIndex {
  readonly batchSequences: BlockRef | null;
  readonly batchThresholds: BlockRef | null;
  readonly sentIdTexts: BlockRef | null;
  /** Which distinct id a user mostly sends. */
  readonly sentIdBase: BlockRef | null;
  readonly users: BlockRef | null;
  readonly firstTimes: BlockRef | null;
  /** Ascending by name. */
  readonly properties: readonly IndexProperty[];
  /** Ascending by name. */
  readonly events: readonly IndexEvent[];
}

export interface IndexProperty {
  readonly name: string;
  /** Bit 0: null, 1: false, 2: true. */
  readonly constants: number;
  readonly numberCount: number;
  readonly textCount: number;
  readonly nestedCount: number;
  readonly numbers: BlockRef | null;
  readonly texts: BlockRef | null;
  readonly nested: BlockRef | null;
  /** What it is by user. */
  readonly base: BlockRef | null;
}

export interface IndexEvent {
  readonly name: string;
  readonly rowCount: number;
  /** Distinct ordinals, 0 included. */
  readonly userCount: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Rows by hour of the UTC day. */
  readonly hourCounts: Uint32Array;
  readonly runs: BlockRef | null;
  readonly times: BlockRef | null;
  readonly tieRanks: BlockRef | null;
  readonly batches: BlockRef | null;
  readonly sentIds: BlockRef | null;
  readonly sentTimes: BlockRef | null;
  readonly insertIds: BlockRef | null;
  /** Ascending by property. */
  readonly columns: readonly IndexColumn[];
}

export interface IndexColumn {
  /** Place in `SegmentIndex.properties`. */
  readonly property: number;
  /** Rows that have it; 1 at least. */
  readonly presentCount: number;
  /** Of the rows that have it. */
  readonly codeMin: number;
  readonly codeMax: number;
  readonly codes: BlockRef | null;
}

const eventRefs = [
  'runs',
  'times',
  'tieRanks',
  'batches',
  'sentIds',
  'sentTimes',
  'insertIds',
] as const;
const dayRefs = [
  'batchSequences',
  'batchThresholds',
  'sentIdTexts',
  'sentIdBase',
  'users',
  'firstTimes',
] as const;

const hours = 24;

/** The table is in FORMAT-SEGMENT.md 3. */
export function writeIndex(index: SegmentIndex): Uint8Array {
  const writer = new ByteWriter();
  for (const name of dayRefs) writeRef(writer, index[name]);
  for (const property of index.properties) {
    writeText(writer, property.name);
    writer.u8(property.constants);
    writer.varint(property.numberCount);
    writer.varint(property.textCount);
    writer.varint(property.nestedCount);
    if (property.numberCount > 0) writeRef(writer, property.numbers);
    if (property.textCount > 0) writeRef(writer, property.texts);
    if (property.nestedCount > 0) writeRef(writer, property.nested);
    writeRef(writer, property.base);
  }
  for (const event of index.events) writeEvent(writer, event);
  return writer.written;
}

function writeText(writer: ByteWriter, text: string): void {
  writer.varint(Buffer.byteLength(text));
  writer.text(text);
}

function writeEvent(writer: ByteWriter, event: IndexEvent): void {
  writeText(writer, event.name);
  writer.varint(event.rowCount);
  writer.varint(event.userCount);
  writer.varint(event.firstTime);
  writer.varint(event.lastTime);
  for (let hour = 0; hour < hours; hour++) writer.varint(event.hourCounts[hour]);
  for (const name of eventRefs) writeRef(writer, event[name]);
  writer.varint(event.columns.length);
  for (const column of event.columns) {
    writer.varint(column.property);
    writer.varint(column.presentCount);
    writer.varint(column.codeMin);
    writer.varint(column.codeMax);
    writeRef(writer, column.codes);
  }
}

interface IndexContext {
  readonly reader: ByteReader;
  readonly header: SegmentHeader;
  /** Where the blocks lie in the file. */
  readonly blocks: { readonly start: number; readonly end: number };
}

/** Least bytes of an event and of a property: bounds what forged counts can allocate. */
const eventBytesMin = 37;
const propertyBytesMin = 6;

/** Twin of `writeIndex`. Raises `CORRUPT_SEGMENT`. */
export function readIndex(
  bytes: Uint8Array,
  header: SegmentHeader,
  blocks: { readonly start: number; readonly end: number },
): SegmentIndex {
  const reader = new ByteReader(bytes, { code: 'CORRUPT_SEGMENT', what: 'segment: index' });
  const context = { reader, header, blocks };
  const { eventCount, propertyCount } = header;
  if (eventCount * eventBytesMin + propertyCount * propertyBytesMin > bytes.length) {
    throw reader.corrupt(
      `${eventCount} events and ${propertyCount} properties do not fit ${bytes.length} bytes`,
    );
  }
  const day = readDayRefs(context);
  const properties = Array.from({ length: propertyCount }, () => readProperty(context));
  const events = Array.from({ length: eventCount }, () => readEvent(context, properties));
  reader.finish();
  const index = { ...day, properties, events };
  checkIndex(context, index);
  return index;
}

/** In the order of `dayRefs`. */
function readDayRefs({
  reader,
  blocks,
}: IndexContext): Pick<SegmentIndex, (typeof dayRefs)[number]> {
  return {
    batchSequences: readRef(reader, blocks),
    batchThresholds: readRef(reader, blocks),
    sentIdTexts: readRef(reader, blocks),
    sentIdBase: readRef(reader, blocks),
    users: readRef(reader, blocks),
    firstTimes: readRef(reader, blocks),
  };
}

/** In the order of `eventRefs`. */
function readEventRefs({
  reader,
  blocks,
}: IndexContext): Pick<IndexEvent, (typeof eventRefs)[number]> {
  return {
    runs: readRef(reader, blocks),
    times: readRef(reader, blocks),
    tieRanks: readRef(reader, blocks),
    batches: readRef(reader, blocks),
    sentIds: readRef(reader, blocks),
    sentTimes: readRef(reader, blocks),
    insertIds: readRef(reader, blocks),
  };
}

function readProperty({ reader, header, blocks }: IndexContext): IndexProperty {
  const name = reader.text(reader.varint());
  const constants = reader.u8();
  if (constants > 7) throw reader.corrupt(`constants ${constants} of "${name}" are unknown`);
  const numberCount = reader.varint();
  const textCount = reader.varint();
  const nestedCount = reader.varint();
  const property = {
    name,
    constants,
    numberCount,
    textCount,
    nestedCount,
    numbers: numberCount > 0 ? readRef(reader, blocks) : null,
    texts: textCount > 0 ? readRef(reader, blocks) : null,
    nested: nestedCount > 0 ? readRef(reader, blocks) : null,
    base: readRef(reader, blocks),
  };
  // Every value is that of a row at least.
  if (valueCountOf(property) > header.rowCount) {
    throw reader.corrupt(`"${name}" has more values than ${header.rowCount} rows`);
  }
  return property;
}

/** Codes of a property are 1 to this. */
export function valueCountOf(property: IndexProperty): number {
  const { constants, numberCount, textCount, nestedCount } = property;
  const constantCount = (constants & 1) + ((constants >> 1) & 1) + ((constants >> 2) & 1);
  return constantCount + numberCount + textCount + nestedCount;
}

function readEvent(context: IndexContext, properties: readonly IndexProperty[]): IndexEvent {
  const { reader } = context;
  const name = reader.text(reader.varint());
  const rowCount = reader.varint();
  const userCount = reader.varint();
  const firstTime = reader.varint();
  const lastTime = reader.varint();
  const hourCounts = new Uint32Array(hours);
  let sum = 0;
  for (let hour = 0; hour < hours; hour++) {
    const count = reader.varint();
    sum += count;
    hourCounts[hour] = count;
  }
  if (
    rowCount < 1 ||
    sum !== rowCount ||
    userCount < 1 ||
    userCount > rowCount ||
    firstTime > lastTime ||
    lastTime >= dayMs
  ) {
    throw reader.corrupt(`counts or times of event "${name}" contradict each other`);
  }
  const refs = readEventRefs(context);
  const columns = Array.from({ length: reader.count(5) }, () =>
    readColumn(context, properties, rowCount),
  );
  return { name, rowCount, userCount, firstTime, lastTime, hourCounts, ...refs, columns };
}

function readColumn(
  { reader, blocks }: IndexContext,
  properties: readonly IndexProperty[],
  rowCount: number,
): IndexColumn {
  const property = reader.index(properties.length);
  const presentCount = reader.varint();
  const codeMin = reader.varint();
  const codeMax = reader.varint();
  const codes = readRef(reader, blocks);
  if (
    presentCount < 1 ||
    presentCount > rowCount ||
    codeMin < 1 ||
    codeMin > codeMax ||
    codeMax > valueCountOf(properties[property])
  ) {
    throw reader.corrupt(`column "${properties[property].name}" contradicts itself`);
  }
  return { property, presentCount, codeMin, codeMax, codes };
}

function checkIndex({ reader, header }: IndexContext, { events, properties }: SegmentIndex): void {
  const rowCount = events.reduce((sum, event) => sum + event.rowCount, 0);
  if (rowCount !== header.rowCount) {
    throw reader.corrupt(`events have ${rowCount} rows, the header says ${header.rowCount}`);
  }
  if (events.some(({ userCount }) => userCount > header.userCount)) {
    throw reader.corrupt(`an event has more than the ${header.userCount} users of the day`);
  }
  const ascends = <T>(list: readonly T[], of: (item: T) => string | number): boolean =>
    list.every((item, i) => i === 0 || of(list[i - 1]) < of(item));
  const isInOrder =
    ascends(events, ({ name }) => name) &&
    ascends(properties, ({ name }) => name) &&
    events.every(({ columns }) => ascends(columns, ({ property }) => property));
  if (!isInOrder) throw reader.corrupt('names of events or properties do not ascend');
}
