import { isUtf8 } from 'node:buffer';
import { isForbiddenId } from '@arbor/schema/forbidden-ids';
import { limits } from '@arbor/schema/limits';
import type { PropertyValue } from '@arbor/schema/property-value';
import { msOfTimeNumber } from '@arbor/schema/time-number';
import { devicePrefix } from '../identity/identifier.ts';
import { PropertyDictionary } from '../store/property-dictionary.ts';
import { ByteInterner, isSame } from './byte-interner.ts';
import { cleanValue, isPlainId } from './clean-value.ts';
import type { ImportColumnsWriter } from './import-columns.ts';
import { EventNames, memberKinds, PropertyNames } from './import-names.ts';
import {
  scanBare,
  type ScanResult,
  type ScanSource,
  scanSource,
  scanString,
  skipSpace,
} from './json-scan.ts';
import { NodeKeys } from './node-keys.ts';
import { isStored, ShapeNodes } from './shape-nodes.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const open = 0x7b;
const close = 0x7d;

const eventKey = scanSource(Buffer.from('"event"'));
const propertiesKey = scanSource(Buffer.from('"properties"'));

/** Bytes of an `$insert_id` (ingestion-api.md 3.2): letters, digits, "-". */
const isInsertIdByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Whole lines of a file. */
export interface Lines {
  /** Each line ends with a newline, the last one may end with the bytes. */
  readonly bytes: Uint8Array;
  /** Number of the first one. */
  readonly line: number;
  /** Ms UTC. Times after it are not for us to judge. */
  readonly now: number;
}

export interface ParserOptions {
  /** Insert id of a line that brings none, as its number and bytes give it. */
  readonly makeInsertId: (line: number, bytes: Uint8Array) => Uint8Array;
  /** Longer lines are odd. */
  readonly lineBytesMax: number;
  /** Called with a line that ingestion must judge. */
  readonly onOdd: (line: number, bytes: Uint8Array) => void;
}

/**
 * Reads lines of `{"event", "properties"}` from their bytes, without making an object or a string of anything
 * that was seen before. Every token is looked up by its bytes; one that is new is parsed by `JSON.parse` and
 * judged once.
 *
 * **Invariant:** a line is taken only if ingestion over HTTP would store exactly what is taken here. Everything
 * else is `odd` and left to it: what it would refuse or repair, records that say who is who, people, and
 * what is not JSON.
 */
export class EventLineParser {
  readonly eventNames = new EventNames();
  readonly propertyNames = new PropertyNames();
  readonly shapes = new ShapeNodes();
  /** Distinct ids as sent, a number each; for ever the same. */
  readonly users = new ByteInterner();
  readonly #options: ParserOptions;
  /** Values of a property by code; made anew by `forgetValues`. */
  #dictionaries: (PropertyDictionary | undefined)[] = [];
  /** Code by token; 0 = ingestion must judge it. */
  readonly #tokens = new ByteInterner();
  /** Event + 1 by token; 0 = odd. */
  readonly #eventTokens = new ByteInterner();
  /** Property by token. */
  readonly #keyTokens = new ByteInterner();
  readonly #nodeKeys = new NodeKeys();

  // The block and the line in hand.
  #scanned: ScanSource = scanSource(new Uint8Array(0));
  readonly #scan: ScanResult = { hash: 0 };
  #now = 0;
  #event = -1;
  #time = -1;
  #user = -1;
  #shape = 0;
  #hasDevice = false;
  #hasUser = false;
  #insertIdStart = -1;
  #insertIdEnd = -1;
  readonly #values = new Uint32Array(limits.propertiesPerEventMax + 1);
  #valueCount = 0;

  constructor(options: ParserOptions) {
    this.#options = options;
  }

  /** By number of the property; undefined = no value was seen. */
  get dictionaries(): readonly (PropertyDictionary | undefined)[] {
    return this.#dictionaries;
  }

  /** Memory of the values known, nearly; their strings cost about as much again. */
  get valueBytes(): number {
    return this.#tokens.byteLength;
  }

  /** Numbers values anew from here on. Columns written before keep the old dictionaries. */
  forgetValues(): void {
    this.#tokens.clear();
    this.#dictionaries = [];
  }

  /** The distinct id of a number. */
  userText(user: number): string {
    return this.users.text(user);
  }

  /**
   * Takes the events of the lines, and leaves the others to `onOdd`; answers the number of the line that follows.
   * Where a line ends is found by parsing it: to look for newlines first costs as much as a tenth of that.
   */
  readLines({ bytes, line, now }: Lines, columns: ImportColumnsWriter): number {
    this.#scanned = scanSource(bytes);
    this.#now = now;
    const { lineBytesMax } = this.#options;
    let number = line;
    for (let start = 0; start < bytes.length; number++) {
      const at = skipSpace(bytes, start, bytes.length);
      const isBlank = at === bytes.length || bytes[at] === newline;
      // Of a line that is too long nothing is read behind its limit: a token of megabytes would be remembered.
      const limit = Math.min(bytes.length, start + lineBytesMax + 1);
      const parsed = isBlank ? at : this.#line(bytes, at, limit);
      let end = parsed;
      if (parsed < 0 || parsed - start > lineBytesMax) {
        end = endOfLine(bytes, start);
        this.#options.onOdd(number, lineOf(bytes, start, end));
      } else if (!isBlank) {
        this.#write(bytes, start, end, number, columns);
      }
      start = end + 1;
    }
    return number;
  }

  /** Reads the line whose first byte is at `at`; place of its newline or the end, −1 = it is odd. */
  #line(source: Uint8Array, at: number, end: number): number {
    this.#event = -1;
    this.#time = -1;
    this.#user = -1;
    this.#shape = -1;
    this.#hasDevice = false;
    this.#hasUser = false;
    this.#insertIdStart = -1;
    this.#valueCount = 0;
    const next = this.#record(source, at, end);
    if (next < 0) return -1;
    if (this.#event < 0 || this.#shape < 0 || this.#time < 0 || this.#user < 0) return -1;
    if (this.#hasUser && (this.#hasDevice || this.#isDevice(this.#user))) return -1;
    return next;
  }

  /** An id of a device stands for the user that the event names, whom only ingestion looks up. */
  #isDevice(user: number): boolean {
    return this.userText(user).startsWith(devicePrefix);
  }

  #write(
    source: Uint8Array,
    start: number,
    end: number,
    line: number,
    columns: ImportColumnsWriter,
  ): void {
    columns.addEvent(this.#time, this.#event, this.#user, this.#shape);
    columns.addValues(this.#values, this.#valueCount);
    if (this.#insertIdStart >= 0) {
      columns.addInsertId(this.#scanned, this.#insertIdStart, this.#insertIdEnd);
    } else {
      columns.insertIds.append(this.#options.makeInsertId(line, lineOf(source, start, end)));
    }
    columns.insertIdEnds.push(columns.insertIds.length);
  }

  /** `{"event": …, "properties": {…}}` and nothing else, in any order. Place of what ends the line; −1 = odd. */
  #record(source: Uint8Array, start: number, end: number): number {
    if (source[start] !== open) return -1;
    let at = skipSpace(source, start + 1, end);
    for (;;) {
      if (isAt(this.#scanned, at, end, eventKey)) {
        at = this.#member(source, at + eventKey.bytes.length, end);
        if (at < 0 || this.#event >= 0) return -1;
        at = this.#eventName(source, at, end);
      } else if (isAt(this.#scanned, at, end, propertiesKey)) {
        at = this.#member(source, at + propertiesKey.bytes.length, end);
        if (at < 0 || this.#shape >= 0) return -1;
        at = this.#properties(source, at, end);
      } else {
        return -1;
      }
      if (at < 0) return -1;
      at = skipSpace(source, at, end);
      if (source[at] === close) {
        const last = skipSpace(source, at + 1, end);
        return last === end || source[last] === newline ? last : -1;
      }
      if (source[at] !== comma || at >= end) return -1;
      at = skipSpace(source, at + 1, end);
    }
  }

  /** Place of a member's value, behind the colon; −1 = there is none. */
  #member(source: Uint8Array, at: number, end: number): number {
    if (source[at] === colon && source[at + 1] > 0x20) return at + 1;
    const place = skipSpace(source, at, end);
    if (place >= end || source[place] !== colon) return -1;
    const value = skipSpace(source, place + 1, end);
    return value < end ? value : -1;
  }

  /** Place behind the name; −1 = odd. */
  #eventName(source: Uint8Array, at: number, end: number): number {
    if (source[at] !== quote) return -1;
    const last = scanString(this.#scanned, at + 1, end, this.#scan);
    if (last < 0) return -1;
    const { hash } = this.#scan;
    let number = this.#eventTokens.find(this.#scanned, at + 1, last, hash, 0);
    if (number < 0) {
      const name = textOf(source, at, last + 1);
      number = name === null ? 0 : this.eventNames.number(name) + 1;
      this.#eventTokens.add(this.#scanned, at + 1, last, hash, 0, number);
    }
    this.#event = number - 1;
    return number === 0 ? -1 : last + 1;
  }

  /** Place behind the object of properties; −1 = odd. */
  #properties(source: Uint8Array, start: number, end: number): number {
    if (source[start] !== open) return -1;
    let at = skipSpace(source, start + 1, end);
    let node = 0;
    if (source[at] === close) return -1;
    for (;;) {
      const child = this.#key(source, at, end, node);
      if (child < 0) return -1;
      at = this.#valueAt;
      at = this.#value(source, at, end, child);
      if (at < 0) return -1;
      node = child;
      if (source[at] !== comma && source[at] !== close) at = skipSpace(source, at, end);
      if (at >= end) return -1;
      if (source[at] === close) {
        this.#shape = node;
        return at + 1;
      }
      if (source[at] !== comma) return -1;
      at = source[at + 1] === quote ? at + 1 : skipSpace(source, at + 1, end);
    }
  }

  /** Place of the value behind the key that `#key` read last. */
  #valueAt = 0;

  /** The node of the record with the key at `at`; −1 = odd. */
  #key(source: Uint8Array, at: number, end: number, node: number): number {
    if (at >= end || source[at] !== quote) return -1;
    const predicted = this.shapes.predicted.array[node];
    const behind = this.#nodeKeys.endOfKey(predicted, this.#scanned, at, end);
    if (behind >= 0) {
      this.#valueAt = behind;
      return predicted;
    }
    const last = scanString(this.#scanned, at + 1, end, this.#scan);
    if (last < 0) return -1;
    const property = this.#property(source, at, last);
    if (property < 0) return -1;
    this.#valueAt = this.#member(source, last + 1, end);
    if (this.#valueAt < 0) return -1;
    const child = this.shapes.child(node, property, this.propertyNames.kinds[property]);
    if (this.shapes.kinds.array[child] === memberKinds.odd) return -1;
    this.#nodeKeys.learn(child, source, at, last + 1);
    return child;
  }

  #property(source: Uint8Array, at: number, last: number): number {
    const { hash } = this.#scan;
    const known = this.#keyTokens.find(this.#scanned, at + 1, last, hash, 0);
    if (known >= 0) return known;
    const name = textOf(source, at, last + 1);
    if (name === null) return -1;
    const property = this.propertyNames.number(name);
    return this.#keyTokens.add(this.#scanned, at + 1, last, hash, 0, property);
  }

  /** Takes the value of the last member of `node`; place behind it, −1 = odd. */
  #value(source: Uint8Array, at: number, end: number, node: number): number {
    const kind = this.shapes.kinds.array[node];
    switch (kind) {
      case memberKinds.time:
        return this.#readTime(source, at, end);
      case memberKinds.distinctId:
        return this.#readUser(source, at, end);
      case memberKinds.insertId:
        return this.#readInsertId(source, at, end);
      case memberKinds.odd:
        return -1;
      case memberKinds.device:
        this.#hasDevice = true;
        break;
      case memberKinds.user:
        this.#hasUser = true;
        break;
      default:
    }
    const isText = source[at] === quote;
    const first = isText ? at + 1 : at;
    const last = isText
      ? scanString(this.#scanned, first, end, this.#scan)
      : scanBare(this.#scanned, at, end, this.#scan);
    if (last < 0) return -1;
    // A text and a number may have the same bytes: they have different owners.
    const owner = this.shapes.properties.array[node] * 2 + (isText ? 1 : 0);
    const { hash } = this.#scan;
    const known = this.#tokens.find(this.#scanned, first, last, hash, owner);
    const code = known < 0 ? this.#learn(source, first, last, owner) : known;
    if (code === 0) return -1;
    if (isStored(kind)) this.#values[this.#valueCount++] = code;
    return isText ? last + 1 : last;
  }

  /** The code of the token scanned last, which was not seen before: what it means, once. */
  #learn(source: Uint8Array, first: number, last: number, owner: number): number {
    const property = owner >>> 1;
    const quotes = owner & 1;
    const value = valueOf(source, first - quotes, last + quotes);
    const dictionary = (this.#dictionaries[property] ??= new PropertyDictionary());
    const code = value === undefined ? 0 : dictionary.codeOf(value);
    return this.#tokens.add(this.#scanned, first, last, this.#scan.hash, owner, code);
  }

  #readTime(source: Uint8Array, at: number, end: number): number {
    let number = 0;
    let next = at;
    while (next < end && source[next] >= 0x30 && source[next] <= 0x39) {
      number = number * 10 + source[next++] - 0x30;
    }
    const isWhole = source[next] === comma || source[next] === close;
    const isCanonical = next > at && next - at <= 15 && source[at] !== 0x30;
    if (!isWhole || !isCanonical) {
      next = scanBare(this.#scanned, at, end, this.#scan);
      const value = next < 0 ? undefined : valueOf(source, at, next);
      if (typeof value !== 'number') return -1;
      number = value;
    }
    const ms = msOfTimeNumber(number);
    if (ms === null || ms < limits.importTimeMsMin || ms > this.#now) return -1;
    this.#time = ms;
    return next;
  }

  #readUser(source: Uint8Array, at: number, end: number): number {
    if (source[at] !== quote) return -1;
    const last = scanString(this.#scanned, at + 1, end, this.#scan);
    if (last < 0) return -1;
    const { hash } = this.#scan;
    this.#user = this.users.find(this.#scanned, at + 1, last, hash, 0);
    if (this.#user < 0) {
      const id = textOf(source, at, last + 1);
      // An id with escapes has two spellings, and one id must have one number.
      const isAsSpelled = id !== null && Buffer.byteLength(id) === last - at - 1;
      if (!isAsSpelled || !isPlainId(id) || isForbiddenId(id)) return -1;
      this.#user = this.users.add(this.#scanned, at + 1, last, hash, 0);
    }
    return last + 1;
  }

  #readInsertId(source: Uint8Array, at: number, end: number): number {
    if (source[at] !== quote) return -1;
    let last = at + 1;
    for (const four = end - 4; last < four; last += 4) {
      const isId =
        isInsertIdByte[source[last]] &
        isInsertIdByte[source[last + 1]] &
        isInsertIdByte[source[last + 2]] &
        isInsertIdByte[source[last + 3]];
      if (isId === 0) break;
    }
    while (last < end && isInsertIdByte[source[last]] === 1) last++;
    const length = last - at - 1;
    if (last >= end || source[last] !== quote) return -1;
    if (length === 0 || length > limits.insertIdBytesMax) return -1;
    // Forbidden ids are words and the empty UUID.
    const mayBeForbidden = length <= 9 || (length === 36 && source[at + 1] === 0x30);
    if (mayBeForbidden && isForbiddenId(latin1(source, at + 1, last))) return -1;
    this.#insertIdStart = at + 1;
    this.#insertIdEnd = last;
    return last + 1;
  }
}

/** Place of the newline, or of the end. */
function endOfLine(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(newline, start);
  return end < 0 ? bytes.length : end;
}

/** Without the "\r" of a line that ends with "\r\n". */
function lineOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.subarray(start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end);
}

function isAt(source: ScanSource, at: number, end: number, wanted: ScanSource): boolean {
  const { length } = wanted.bytes;
  return at + length <= end && isSame(wanted, 0, source, at, length);
}

/** A value from its JSON; undefined = ingestion must judge it. */
function valueOf(source: Uint8Array, start: number, end: number): PropertyValue | undefined {
  const bytes = bufferOf(source, start, end);
  if (!isUtf8(bytes)) return undefined;
  try {
    return cleanValue(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined; // Not JSON: ingestion says so, with the number of the line.
  }
}

/** A string from its JSON, quotes included; null = it is none. */
function textOf(source: Uint8Array, start: number, end: number): string | null {
  const bytes = bufferOf(source, start, end);
  if (!isUtf8(bytes)) return null;
  try {
    return JSON.parse(bytes.toString('utf8')) as string;
  } catch {
    return null;
  }
}

function bufferOf(source: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(source.buffer, source.byteOffset + start, end - start);
}

const latin1 = (source: Uint8Array, start: number, end: number): string =>
  bufferOf(source, start, end).toString('latin1');
