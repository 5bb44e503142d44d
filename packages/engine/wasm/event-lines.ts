// AssemblyScript, not TypeScript: compiled by test/compile-wasm.ts into src/import/event-lines-wasm.ts.
//
// Reads lines of `{"event", "properties"}` whose tokens were seen before, without JavaScript; what is new is learnt there
// (host.ts). 16 bytes are looked at at a time, and a text of up to 16 bytes is found with two comparisons of 8.
import * as host from './host.ts';
import {
  close,
  colon,
  comma,
  endOfBare,
  endOfString,
  idLength,
  newline,
  open,
  quote,
  skipSpace,
} from './json-tokens.ts';
import { allocate, reallocate } from './memory.ts';
import {
  clearRows,
  insertIdBytesMax,
  insertIdTarget,
  putRow,
  putValue,
  room,
  writtenRows,
} from './rows.ts';
import * as table from './token-table.ts';

export { room, writtenRows };

// Of members; the numbers of `memberKinds` in src/import/import-names.ts.
const kindValue: u32 = 0;
const kindTime: u32 = 1;
const kindDistinctId: u32 = 2;
const kindInsertId: u32 = 3;
const kindIgnored: u32 = 4;
const kindDevice: u32 = 5;
const kindUser: u32 = 6;
const kindOdd: u32 = 7;

/** A number below means seconds (`@arbor/schema/time-number`). */
const secondsBelow: u64 = 100_000_000_000;

const eventKey: usize = memory.data<u8>(
  [0x22, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  16,
);
const eventKeyBytes: u32 = 7;
const propertiesKey: usize = memory.data<u8>(
  [0x22, 0x70, 0x72, 0x6f, 0x70, 0x65, 0x72, 0x74, 0x69, 0x65, 0x73, 0x22, 0, 0, 0, 0],
  16,
);
const propertiesKeyBytes: u32 = 12;

// Tables, each 5 times u32.
const users: usize = memory.data(20, 4);
const values: usize = memory.data(20, 4);
const events: usize = memory.data(20, 4);
/** Names of members by node, and the node that each leads to. */
const members: usize = memory.data(20, 4);

/**
 * By node of the shapes (shape-nodes.ts), 8 times u32: the child that was taken last, 0 = none | place among the keys and
 * bytes of its last member's name with quotes and colon, as it is mostly written | kind and property of that member.
 */
let nodes: usize = 0;
let nodesBytes: u32 = 0;
const nodeBits: u32 = 5;
let keys: usize = 0;
let keysBytes: u32 = 0;

// The block and the line in hand.
let block: usize = 0;
let timeMin: f64 = 0;
let timeMax: f64 = 0;
let lineMax: usize = 0;
let event: u32 = 0;
let time: f64 = 0;
let user: i32 = 0;
let shape: u32 = 0;
let hasDevice: bool = false;
let hasUser: bool = false;
let insertIdStart: usize = 0;
let insertIdLength: u32 = 0;
/** Of the values of the line. */
let valuesEnd: u32 = 0;
/** Place of the value behind the key that was read last. */
let valueAt: usize = 0;

/** Once, before everything else: the longest line that is read, and the first time that is taken, ms UTC. */
export function begin(lineBytesMax: u32, timeMsMin: f64): void {
  lineMax = lineBytesMax;
  timeMin = timeMsMin;
  table.initialize(users);
  table.initialize(values);
  table.initialize(events);
  table.initialize(members);
  nodes = allocate(1);
  keys = allocate(1);
  describeNode(0, 0, kindIgnored);
}

/** What was seen of values is new again. */
export function forgetValues(): void {
  table.clear(values);
}

/** Memory that values take. */
export function valueBytes(): u32 {
  return table.bytesOf(values);
}

/** Says of a node what its last member is. */
export function describeNode(node: u32, property: u32, kind: u32): void {
  const bytes = (node + 1) << nodeBits;
  if (bytes > nodesBytes) {
    nodes = reallocate(nodes, nodesBytes, bytes);
    memory.fill(nodes + <usize>nodesBytes, 0, bytes - nodesBytes);
    nodesBytes = bytes;
  }
  const own = nodes + ((<usize>node) << nodeBits);
  store<u32>(own, kind, 12);
  store<u32>(own, property, 16);
}

/**
 * Reads the lines of the block of so many bytes that was written to `room`; its first one has the number `line`. Times up
 * to `now`, ms UTC, are taken. Answers the number of the line that follows.
 */
export function readLines(
  start: usize,
  bytes: u32,
  line: u32,
  now: f64,
  valueBase: u32,
  insertIdBase: u32,
): u32 {
  block = start;
  timeMax = now;
  clearRows(valueBase, insertIdBase);
  const end = start + <usize>bytes;
  let number = line;
  for (let at = start; at < end; number++) {
    const first = skipSpace(at, end);
    // Of a line that is too long nothing is read behind its limit: a token of megabytes would be remembered.
    const limit = min(end, at + lineMax + 1);
    let last = first;
    if (first < end && load<u8>(first) !== newline) {
      last = readLine(first, limit);
      if (last === 0 || last - at > lineMax) {
        last = block + <usize>host.leaveLine(number, place(at));
      } else {
        takeLine(at, last, number);
      }
    }
    at = last + 1;
  }
  return number;
}

function place(at: usize): u32 {
  return <u32>(at - block);
}

/** Reads the line whose first byte is at `at`; place of its newline or the end, 0 = it is odd. */
function readLine(at: usize, end: usize): usize {
  event = 0;
  time = -1;
  user = -1;
  shape = 0;
  hasDevice = false;
  hasUser = false;
  insertIdStart = 0;
  valuesEnd = 0;
  const last = record(at, end);
  if (last === 0 || event === 0 || shape === 0 || time < 0 || user < 0) return 0;
  // An id of a device stands for the user that the event names, whom only ingestion looks up.
  return hasUser && (hasDevice || (user & 1) !== 0) ? 0 : last;
}

function takeLine(start: usize, end: usize, line: u32): void {
  const target = insertIdTarget();
  let length = insertIdLength;
  if (insertIdStart !== 0) {
    v128.store(target, v128.load(insertIdStart));
    v128.store(target, v128.load(insertIdStart, 16), 16);
    v128.store(target, v128.load(insertIdStart, 32), 32);
  } else {
    length = host.makeInsertId(line, place(start), place(end), target);
  }
  putRow(time, event - 1, user >>> 1, shape, valuesEnd, length);
}

/** `{"event": …, "properties": {…}}` and nothing else, in any order. Place of what ends the line; 0 = odd. */
function record(start: usize, end: usize): usize {
  if (load<u8>(start) !== open) return 0;
  let at = skipSpace(start + 1, end);
  while (true) {
    if (table.isSame(eventKey, at, eventKeyBytes)) {
      at = member(at + eventKeyBytes, end);
      if (at === 0 || event !== 0) return 0;
      at = eventName(at, end);
    } else if (table.isSame(propertiesKey, at, propertiesKeyBytes)) {
      at = member(at + propertiesKeyBytes, end);
      if (at === 0 || shape !== 0) return 0;
      at = properties(at, end);
    } else {
      return 0;
    }
    if (at === 0) return 0;
    at = skipSpace(at, end);
    if (at >= end) return 0;
    const byte = <u32>load<u8>(at);
    if (byte === close) {
      const last = skipSpace(at + 1, end);
      return last === end || load<u8>(last) === newline ? last : 0;
    }
    if (byte !== comma) return 0;
    at = skipSpace(at + 1, end);
  }
}

/** Place of a member's value, behind the colon; 0 = there is none. */
function member(at: usize, end: usize): usize {
  const colonAt = skipSpace(at, end);
  if (colonAt >= end || load<u8>(colonAt) !== colon) return 0;
  const value = skipSpace(colonAt + 1, end);
  return value < end ? value : 0;
}

/** Place behind the name; 0 = odd. */
function eventName(at: usize, end: usize): usize {
  if (load<u8>(at) !== quote) return 0;
  const last = endOfString(at + 1, end);
  if (last === 0) return 0;
  const length = <u32>(last - at - 1);
  let number = table.find(events, at + 1, length, 0);
  if (number < 0) {
    number = host.learnEvent(place(at + 1), place(last));
    table.add(events, at + 1, length, 0, number);
  }
  event = number;
  return number === 0 ? 0 : last + 1;
}

/** Place behind the object of properties; 0 = odd. */
function properties(start: usize, end: usize): usize {
  if (load<u8>(start) !== open) return 0;
  let at = skipSpace(start + 1, end);
  let node: u32 = 0;
  while (true) {
    node = nextNode(at, end, node);
    if (node === 0) return 0;
    at = value(valueAt, end, node);
    if (at === 0) return 0;
    at = skipSpace(at, end);
    if (at >= end) return 0;
    const byte = <u32>load<u8>(at);
    if (byte === close) {
      shape = node;
      return at + 1;
    }
    if (byte !== comma) return 0;
    at = skipSpace(at + 1, end);
  }
}

/** The node of the record with the key at `at`; 0 = odd. */
function nextNode(at: usize, end: usize, node: u32): u32 {
  const child = load<u32>(nodes + ((<usize>node) << nodeBits));
  if (child !== 0) {
    const own = nodes + ((<usize>child) << nodeBits);
    const length = load<u32>(own, 8);
    const behind = at + <usize>length;
    const isExpected =
      table.isSame(keys + <usize>load<u32>(own, 4), at, length) &&
      behind < end &&
      load<u8>(behind) > 0x20;
    if (isExpected) {
      valueAt = behind;
      return child;
    }
  }
  return otherNode(at, end, node);
}

function otherNode(at: usize, end: usize, node: u32): u32 {
  if (at >= end || load<u8>(at) !== quote) return 0;
  const last = endOfString(at + 1, end);
  if (last === 0) return 0;
  valueAt = member(last + 1, end);
  if (valueAt === 0) return 0;
  const length = <u32>(last - at - 1);
  let child = table.find(members, at + 1, length, node);
  if (child < 0) {
    child = host.learnMember(node, place(at + 1), place(last));
    if (child === 0) return 0;
    table.add(members, at + 1, length, node, child);
    expectKey(child, at, length + 2);
  }
  if (load<u32>(nodes + ((<usize>child) << nodeBits), 12) === kindOdd) return 0;
  store<u32>(nodes + ((<usize>node) << nodeBits), child);
  return child;
}

/** The key with its quotes was met at the node, and is expected there from here on. */
function expectKey(node: u32, at: usize, length: u32): void {
  const own = nodes + ((<usize>node) << nodeBits);
  if (load<u32>(own, 8) !== 0) return;
  const end = keysBytes + length + 1;
  keys = reallocate(keys, keysBytes + table.slackBytes, end + table.slackBytes);
  memory.copy(keys + <usize>keysBytes, at, length);
  store<u8>(keys + <usize>(end - 1), <u8>colon);
  store<u32>(own, keysBytes, 4);
  store<u32>(own, length + 1, 8);
  keysBytes = end;
}

/** Takes the value of the last member of `node`; place behind it, 0 = odd. */
function value(at: usize, end: usize, node: u32): usize {
  const own = nodes + ((<usize>node) << nodeBits);
  const kind = load<u32>(own, 12);
  if (kind === kindTime) return readTime(at, end);
  if (kind === kindDistinctId) return readUser(at, end);
  if (kind === kindInsertId) return readInsertId(at, end);
  if (kind === kindDevice) hasDevice = true;
  if (kind === kindUser) hasUser = true;
  const isText = load<u8>(at) === quote;
  const first = isText ? at + 1 : at;
  const last = isText ? endOfString(first, end) : endOfBare(first, end);
  if (last === 0) return 0;
  // A text and a number may have the same bytes: they have different owners.
  const owner = load<u32>(own, 16) * 2 + u32(isText);
  const length = <u32>(last - first);
  let code = table.find(values, first, length, owner);
  if (code < 0) {
    code = host.learnValue(place(first), place(last), owner);
    table.add(values, first, length, owner, code);
  }
  if (code === 0) return 0;
  if (kind === kindValue || kind === kindDevice || kind === kindUser) putValue(valuesEnd++, code);
  return isText ? last + 1 : last;
}

function readTime(at: usize, end: usize): usize {
  let number: u64 = 0;
  let last = at;
  for (; last < end; last++) {
    const digit = <u32>load<u8>(last) - 0x30;
    if (digit > 9) break;
    number = number * 10 + digit;
  }
  const length = last - at;
  const byte = <u32>load<u8>(last);
  const isWhole = byte === comma || byte === close;
  if (isWhole && length > 0 && length <= 15 && load<u8>(at) !== 0x30) {
    time = <f64>(number < secondsBelow ? number * 1000 : number);
  } else {
    last = endOfBare(at, end);
    if (last === 0) return 0;
    time = host.readTime(place(at), place(last));
  }
  return time >= timeMin && time <= timeMax ? last : 0;
}

function readUser(at: usize, end: usize): usize {
  if (load<u8>(at) !== quote) return 0;
  const last = endOfString(at + 1, end);
  if (last === 0) return 0;
  const length = <u32>(last - at - 1);
  user = table.find(users, at + 1, length, 0);
  if (user < 0) {
    const kind = host.learnUser(place(at + 1), place(last));
    if (kind === 0) return 0;
    user = (table.countOf(users) << 1) | (kind - 1);
    table.add(users, at + 1, length, 0, user);
  }
  return last + 1;
}

function readInsertId(at: usize, end: usize): usize {
  if (load<u8>(at) !== quote) return 0;
  const first = at + 1;
  const length = idLength(first, insertIdBytesMax + 1);
  const last = first + length;
  if (length === 0 || length > insertIdBytesMax || last >= end || load<u8>(last) !== quote)
    return 0;
  // Forbidden ids are words and the empty UUID.
  const mayBeForbidden = length <= 9 || (length === 36 && load<u8>(first) === 0x30);
  if (mayBeForbidden && host.isForbiddenId(place(first), place(last))) return 0;
  insertIdStart = first;
  insertIdLength = <u32>length;
  return last + 1;
}
