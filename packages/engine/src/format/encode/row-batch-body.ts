import { EngineError } from '../../base/errors.ts';
import { ByteWriter } from '../byte-writer.ts';
import { eventFlag, integerMax, personFlag } from '../constants.ts';
import type { BatchEvent, BatchPersonUpdate, RowBatch } from '../row-batch.ts';
import { writeOperation } from './person.ts';
import { ShapeTable, StringTable } from './string-table.ts';
import { writeValue } from './value.ts';

/**
 * string table · shape table · varint number of event values · events · person updates · links.
 * The tables are known only when everything else is written, so they are put in front at the end.
 * Twin: decode/batch-columns.ts.
 */
export function encodeBody(batch: RowBatch): Buffer {
  const strings = new StringTable();
  const shapes = new ShapeTable();
  const records = new ByteWriter(64 * 1024);
  let valueCount = 0;
  let previousTime = batch.receivedAt;
  for (const event of batch.events) {
    writeEvent({ writer: records, strings, shapes, previousTime }, event);
    valueCount += Object.keys(event.properties).length;
    previousTime = event.time;
  }
  for (const update of batch.persons) {
    writePerson({ writer: records, strings, previousTime: batch.receivedAt }, update);
  }
  for (const link of batch.links) {
    records.varint(strings.place(link.loser));
    records.varint(strings.place(link.winner));
  }
  const body = new ByteWriter(records.length + 16 * 1024);
  strings.write(body);
  shapes.write(body);
  body.varint(valueCount);
  body.bytes(records.written);
  return body.written;
}

interface RecordContext {
  readonly writer: ByteWriter;
  readonly strings: StringTable;
  readonly previousTime: number;
}

/**
 * flags · event · time (from the event before, or from receivedAt) · [sentTime from time] ·
 * distinct id · user · insert id (varint bytes, bytes) · position · shape · values.
 *
 * The insert id stays out of the string table: it is different in every event, so a place would cost
 * bytes and gain nothing, and the store compares its bytes without ever making a string of it.
 */
function writeEvent(
  { writer, strings, shapes, previousTime }: RecordContext & { readonly shapes: ShapeTable },
  event: BatchEvent,
): void {
  checkTime(event.time, 'time');
  checkTime(event.sentTime, 'sent time');
  const hasSentTime = event.sentTime !== event.time;
  const isWide = !isNear(event.time, previousTime) || !isNear(event.sentTime, event.time);
  writer.u8((hasSentTime ? eventFlag.hasSentTime : 0) | (isWide ? eventFlag.wideTimes : 0));
  writer.varint(strings.place(event.event));
  if (isWide) writer.f64(event.time);
  else writer.zigzag(event.time - previousTime);
  if (hasSentTime) {
    if (isWide) writer.f64(event.sentTime);
    else writer.zigzag(event.sentTime - event.time);
  }
  writer.varint(strings.place(event.distinctId));
  writer.varint(strings.place(event.user));
  writer.varint(Buffer.byteLength(event.insertId));
  writer.text(event.insertId);
  writer.varint(checkPosition(event.position));
  const names = Object.keys(event.properties);
  writer.varint(shapes.place(names.map((name) => strings.place(name))));
  for (const name of names) writeValue(writer, strings, event.properties[name]);
}

/**
 * flags · user · distinct id · time (from receivedAt) · [insert id (varint bytes, bytes)] · position ·
 * number of operations · operations.
 */
function writePerson(
  { writer, strings, previousTime }: RecordContext,
  update: BatchPersonUpdate,
): void {
  checkTime(update.time, 'time');
  const isWide = !isNear(update.time, previousTime);
  writer.u8(
    (update.ignoreTime ? personFlag.ignoreTime : 0) |
      (isWide ? personFlag.wideTime : 0) |
      (update.insertId === undefined ? 0 : personFlag.hasInsertId),
  );
  writer.varint(strings.place(update.user));
  writer.varint(strings.place(update.distinctId));
  if (isWide) writer.f64(update.time);
  else writer.zigzag(update.time - previousTime);
  if (update.insertId !== undefined) {
    writer.varint(Buffer.byteLength(update.insertId));
    writer.text(update.insertId);
  }
  writer.varint(checkPosition(update.position));
  writer.varint(update.operations.length);
  for (const operation of update.operations) writeOperation(writer, strings, operation);
}

/** Their difference is exact, and so is its zigzag form. */
function isNear(time: number, other: number): boolean {
  return Math.abs(time - other) <= integerMax;
}

function checkTime(time: number, name: string): void {
  if (!Number.isSafeInteger(time)) {
    throw new EngineError('INVALID_BATCH', `${name} ${time} is not a whole number of milliseconds`);
  }
}

function checkPosition(position: number): number {
  if (!Number.isInteger(position) || position < 0 || position > 0xffffffff) {
    throw new EngineError('INVALID_BATCH', `position ${position} is not an integer of 32 bits`);
  }
  return position;
}
