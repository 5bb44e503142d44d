// AssemblyScript, not TypeScript: part of event-lines.ts. The rows of one block of lines.
import { allocate, release } from './memory.ts';

/** A block of so many bytes has at most one row for each: a line with a time and a distinct id takes more. */
const lineBytesMin: u32 = 32;
export const insertIdBytesMax: u32 = 36;
/** Values of one line; lines with more members are left. */
const valuesMax: u32 = 256;
/** What may be read or written behind an end, and means nothing. */
const slackBytes: u32 = 64;

let roomBytes: u32 = 0;
let block: usize = 0;
let times: usize = 0;
let events: usize = 0;
let users: usize = 0;
let shapes: usize = 0;
let valueStarts: usize = 0;
let insertIdEnds: usize = 0;
let values: usize = 0;
let insertIds: usize = 0;

let rowCount: u32 = 0;
let valueCount: u32 = 0;
let insertIdBytes: u32 = 0;
/** Of the whole chunk, before the block. */
let valueBase: u32 = 0;
let insertIdBase: u32 = 0;

/** 11 times u32: rows, values, bytes of insert ids; addresses of the columns. */
const written: usize = memory.data(44, 4);

/** The address to write a block of so many bytes to, before its lines are read. */
export function room(bytes: u32): usize {
  if (block === 0 || bytes > roomBytes) {
    if (block !== 0) releaseRoom();
    roomBytes = bytes;
    block = allocate(bytes + slackBytes);
    times = allocate(rowsMax() << 3);
    events = allocate(rowsMax() << 2);
    users = allocate(rowsMax() << 2);
    shapes = allocate(rowsMax() << 2);
    valueStarts = allocate(rowsMax() << 2);
    insertIdEnds = allocate(rowsMax() << 2);
    values = allocate(valueRoom());
    insertIds = allocate(insertIdRoom());
  }
  // Nothing that stood there before is read as a part of the last line.
  memory.fill(block + <usize>bytes, 0, slackBytes);
  return block;
}

function releaseRoom(): void {
  release(block, roomBytes + slackBytes);
  release(times, rowsMax() << 3);
  release(events, rowsMax() << 2);
  release(users, rowsMax() << 2);
  release(shapes, rowsMax() << 2);
  release(valueStarts, rowsMax() << 2);
  release(insertIdEnds, rowsMax() << 2);
  release(values, valueRoom());
  release(insertIds, insertIdRoom());
}

function rowsMax(): u32 {
  return roomBytes / lineBytesMin + 1;
}

/** A member takes four bytes at least, and so does its value; those of a line that is left are written, too. */
function valueRoom(): u32 {
  return roomBytes + (valuesMax << 2);
}

function insertIdRoom(): u32 {
  return roomBytes + rowsMax() * insertIdBytesMax + slackBytes;
}

/** Begins anew. */
export function clearRows(ownValueBase: u32, ownInsertIdBase: u32): void {
  rowCount = 0;
  valueCount = 0;
  insertIdBytes = 0;
  valueBase = ownValueBase;
  insertIdBase = ownInsertIdBase;
}

/** The value of the line in hand at this place of its values. Those of a line that is left are written over. */
export function putValue(place: u32, code: u32): void {
  store<u32>(values + ((<usize>(valueCount + place)) << 2), code);
}

/** A row with the values that were put last. Its insert id is the next `idBytes` at `insertIdTarget`. */
export function putRow(
  time: f64,
  event: u32,
  user: u32,
  shape: u32,
  valuesOfRow: u32,
  idBytes: u32,
): void {
  const row = <usize>rowCount;
  rowCount++;
  store<f64>(times + (row << 3), time);
  store<u32>(events + (row << 2), event);
  store<u32>(users + (row << 2), user);
  store<u32>(shapes + (row << 2), shape);
  store<u32>(valueStarts + (row << 2), valueBase + valueCount);
  valueCount += valuesOfRow;
  insertIdBytes += idBytes;
  store<u32>(insertIdEnds + (row << 2), insertIdBase + insertIdBytes);
}

/** Where the insert id of the next row belongs. */
export function insertIdTarget(): usize {
  return insertIds + <usize>insertIdBytes;
}

/** The address of `written`. */
export function writtenRows(): usize {
  store<u32>(written, rowCount);
  store<u32>(written, valueCount, 4);
  store<u32>(written, insertIdBytes, 8);
  store<u32>(written, <u32>times, 12);
  store<u32>(written, <u32>events, 16);
  store<u32>(written, <u32>users, 20);
  store<u32>(written, <u32>shapes, 24);
  store<u32>(written, <u32>valueStarts, 28);
  store<u32>(written, <u32>insertIdEnds, 32);
  store<u32>(written, <u32>values, 36);
  store<u32>(written, <u32>insertIds, 40);
  return written;
}
