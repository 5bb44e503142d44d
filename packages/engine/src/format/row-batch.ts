import type { PersonOperation } from '@arbor/schema/ingest';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import { compressSync } from 'lz4-napi';
import { checksum } from '../base/checksum.ts';
import { EngineError } from '../base/errors.ts';
import { engineLimits } from '../base/limits.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  bodyIsLz4,
  rowBatchHeaderLayout,
  rowBatchMagic,
  rowBatchVersion,
  valueTag,
} from './constants.ts';
import { type BatchColumns, readBatchColumns } from './decode/batch-columns.ts';
import { headSeed, readHeader } from './decode/batch-header.ts';
import { setMember } from './decode/value.ts';
import { encodeBody } from './encode/row-batch-body.ts';

/**
 * The unit in which data travels from the ETL to the storage processes and lies in the row log: the
 * records of one ingest batch that belong to one shard. Immutable once encoded; the two replicas
 * append the same bytes. FORMAT.md describes the bytes.
 */
export interface RowBatch {
  /** Derived from the ingest batch, so a redelivered job carries the same id. Unique a shard. */
  readonly batchId: string;
  readonly project: number;
  readonly shard: number;
  /** Order of arrival at the edge (`IngestBatch.sequence`): decides ties and which copy is the latest. */
  readonly sequence: number;
  readonly receivedAt: number;
  readonly events: readonly BatchEvent[];
  readonly persons: readonly BatchPersonUpdate[];
  /** Merges that the rows of this shard must know: `loser`'s rows belong to `winner` from now on. */
  readonly links: readonly BatchLink[];
}

export interface BatchEvent {
  readonly event: string;
  readonly time: number;
  /** The time as sent: equal to `time` unless the edge had to change it. Part of the duplicate key. */
  readonly sentTime: number;
  /** As sent: part of the duplicate key. "" = belongs to no user. */
  readonly distinctId: string;
  /** Canonical id; "" where `distinctId` is "". */
  readonly user: string;
  readonly insertId: string;
  /** Position in the ingest batch, so that order survives the split by shard. */
  readonly position: number;
  readonly properties: Properties;
}

export interface BatchPersonUpdate {
  readonly user: string;
  /** As sent: with `insertId` the duplicate key of an update. */
  readonly distinctId: string;
  /** Of the updates with one duplicate key the first to arrive is applied. Absent = it is no copy of any. */
  readonly insertId?: string;
  readonly time: number;
  readonly ignoreTime: boolean;
  readonly position: number;
  readonly operations: readonly PersonOperation[];
}

export interface BatchLink {
  readonly loser: string;
  readonly winner: string;
}

/** What a queue or a log needs to know of a batch without decoding it. */
export interface RowBatchHeader {
  readonly batchId: string;
  readonly project: number;
  readonly shard: number;
  readonly sequence: number;
}

/**
 * The bytes of a batch (FORMAT.md 2). Throws `INVALID_BATCH` for what the format cannot hold; the same
 * batch always gives the same bytes.
 */
export function encodeRowBatch(batch: RowBatch): Uint8Array {
  checkEncodable(batch);
  const body = encodeBody(batch);
  if (body.length > engineLimits.batchBodyBytesMax) {
    throw invalid(
      `${body.length} bytes exceed the ${engineLimits.batchBodyBytesMax} of a row batch: split it`,
    );
  }
  const block = compressSync(body);
  // lz4-napi puts the raw length (u32) before its block: exactly what stands there for a plain body.
  const isSmaller = block.length < body.length + 4;
  const writer = new ByteWriter(rowBatchHeaderLayout.size + batch.batchId.length * 3 + body.length);
  writeHeader(writer, batch, isSmaller ? bodyIsLz4 : 0);
  if (isSmaller) {
    writer.bytes(block);
  } else {
    writer.u32(body.length);
    writer.bytes(body);
  }
  const bytes = writer.written;
  writer.setU32(
    rowBatchHeaderLayout.checksum,
    checksum(bytes.subarray(rowBatchHeaderLayout.project), headSeed(bytes)),
  );
  return bytes;
}

/** The batch that was encoded. Throws `CORRUPT_BATCH` for any other bytes, `UNSUPPORTED_VERSION` for newer ones. */
export function decodeRowBatch(bytes: Uint8Array): RowBatch {
  const columns = readBatchColumns(bytes);
  const { header, persons, links } = columns;
  return {
    batchId: header.batchId,
    project: header.project,
    shard: header.shard,
    sequence: header.sequence,
    receivedAt: header.receivedAt,
    events: eventsOf(columns),
    persons,
    links,
  };
}

/** The header alone; the checksum over all bytes is verified, the body is not decoded. */
export function rowBatchHeader(bytes: Uint8Array): RowBatchHeader {
  const { batchId, project, shard, sequence } = readHeader(bytes);
  return { batchId, project, shard, sequence };
}

/** Twin: decode/batch-header.ts, which has the table. */
function writeHeader(writer: ByteWriter, batch: RowBatch, flags: number): void {
  writer.u32(rowBatchMagic);
  writer.u8(rowBatchVersion);
  writer.u8(flags);
  writer.u16(Buffer.byteLength(batch.batchId));
  writer.u32(0); // The checksum, once everything stands.
  writer.u32(batch.project);
  writer.u32(batch.shard);
  writer.u32(batch.events.length);
  writer.u32(batch.persons.length);
  writer.u32(batch.links.length);
  writer.f64(batch.sequence);
  writer.f64(batch.receivedAt);
  writer.text(batch.batchId);
}

function checkEncodable(batch: RowBatch): void {
  const isUint32 = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
  const idBytes = Buffer.byteLength(batch.batchId);
  if (idBytes === 0 || idBytes > engineLimits.batchIdBytesMax) {
    throw invalid(
      `batch id has ${idBytes} bytes, allowed are 1 to ${engineLimits.batchIdBytesMax}`,
    );
  }
  if (!isUint32(batch.project) || batch.project === 0) {
    throw invalid(`project ${batch.project} is not a positive integer of 32 bits`);
  }
  if (!isUint32(batch.shard)) throw invalid(`shard ${batch.shard} is not an integer of 32 bits`);
  if (!Number.isSafeInteger(batch.sequence)) {
    throw invalid(`sequence ${batch.sequence} is not a safe integer`);
  }
  if (!Number.isSafeInteger(batch.receivedAt)) {
    throw invalid(`arrival time ${batch.receivedAt} is not a whole number of milliseconds`);
  }
}

function invalid(problem: string): EngineError {
  return new EngineError('INVALID_BATCH', problem);
}

function eventsOf(columns: BatchColumns): BatchEvent[] {
  const { events, header, shapes, strings } = columns;
  const insertIds = Buffer.from(
    events.insertIdBytes.buffer,
    events.insertIdBytes.byteOffset,
    events.insertIdBytes.byteLength,
  );
  const list: BatchEvent[] = [];
  let valueIndex = 0;
  for (let i = 0; i < header.eventCount; i++) {
    const names = shapes[events.shapePlaces[i]];
    list.push({
      event: strings[events.eventPlaces[i]],
      time: events.times[i],
      sentTime: events.sentTimes[i],
      distinctId: strings[events.distinctIdPlaces[i]],
      user: strings[events.userPlaces[i]],
      insertId: insertIds.toString('utf8', events.insertIdStarts[i], events.insertIdEnds[i]),
      position: events.positions[i],
      properties: propertiesOf(columns, names, valueIndex),
    });
    valueIndex += names.length;
  }
  return list;
}

function propertiesOf(columns: BatchColumns, names: Uint32Array, start: number): Properties {
  const properties: { [name: string]: PropertyValue } = {};
  for (let k = 0; k < names.length; k++) {
    setMember(properties, columns.strings[names[k]], valueAt(columns, start + k));
  }
  return properties;
}

function valueAt({ values, strings }: BatchColumns, index: number): PropertyValue {
  const payload = values.payloads[index];
  switch (values.tags[index]) {
    case valueTag.null:
      return null;
    case valueTag.false:
      return false;
    case valueTag.true:
      return true;
    case valueTag.string:
      return strings[payload];
    case valueTag.integer:
    case valueTag.double:
      return payload;
    default:
      return values.nested[payload];
  }
}
