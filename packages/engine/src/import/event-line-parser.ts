import { isUtf8 } from 'node:buffer';
import { isForbiddenId } from '@arbor/schema/forbidden-ids';
import { limits } from '@arbor/schema/limits';
import type { PropertyValue } from '@arbor/schema/property-value';
import { msOfTimeNumber } from '@arbor/schema/time-number';
import { devicePrefix } from '../identity/identifier.ts';
import { PropertyDictionary } from '../store/property-dictionary.ts';
import { cleanValue, isPlainId } from './clean-value.ts';
import type { ImportColumnsWriter } from './import-columns.ts';
import { EventNames, PropertyNames } from './import-names.ts';
import { LineKernel, type LineHost } from './line-kernel.ts';
import { ShapeNodes } from './shape-nodes.ts';
import { UserTexts } from './user-texts.ts';

/** A file has a few hundred names, unless they are data: then they would fill the heap. */
const namesMax = 1_000_000;

const newline = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;

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
  /** So many beginnings of lists of members are learnt, and so many names of events; a line with others is odd. */
  readonly namesMax?: number;
  /** Called with a line that ingestion must judge. */
  readonly onOdd: (line: number, bytes: Uint8Array) => void;
}

/**
 * Reads lines of `{"event", "properties"}` from their bytes, without making an object or a string of anything
 * that was seen before. Every token is looked up by its bytes, in WebAssembly; one that is new is parsed by `JSON.parse`
 * and judged once, here.
 *
 * **Invariant:** a line is taken only if ingestion over HTTP would store exactly what is taken here. Everything
 * else is `odd` and left to it: what it would refuse or repair, records that say who is who, people, and
 * what is not JSON.
 */
export class EventLineParser implements LineHost {
  readonly eventNames = new EventNames();
  readonly propertyNames = new PropertyNames();
  readonly shapes = new ShapeNodes();
  /** Distinct ids as sent, by number; for ever the same. */
  readonly users = new UserTexts();
  readonly #options: ParserOptions;
  readonly #kernel: LineKernel;
  readonly #namesMax: number;
  /** Values of a property by code; made anew by `forgetValues`. */
  #dictionaries: (PropertyDictionary | undefined)[] = [];
  /** The block in hand. */
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(options: ParserOptions) {
    this.#options = options;
    const { lineBytesMax } = options;
    this.#namesMax = options.namesMax ?? namesMax;
    this.#kernel = new LineKernel(this, { lineBytesMax, timeMsMin: limits.importTimeMsMin });
  }

  /** By number of the property; undefined = no value was seen. */
  get dictionaries(): readonly (PropertyDictionary | undefined)[] {
    return this.#dictionaries;
  }

  /** Memory of the values known, nearly; their strings cost about as much again. */
  get valueBytes(): number {
    return this.#kernel.valueBytes;
  }

  /** Numbers values anew from here on. Columns written before keep the old dictionaries. */
  forgetValues(): void {
    this.#kernel.forgetValues();
    this.#dictionaries = [];
  }

  /**
   * Takes the events of the lines, and leaves the others to `onOdd`; answers the number of the line that follows.
   * Where a line ends is found by parsing it: to look for newlines first costs as much as a tenth of that.
   */
  readLines({ bytes, line, now }: Lines, columns: ImportColumnsWriter): number {
    this.#bytes = bytes;
    const valueBase = columns.values.length;
    const insertIdBase = columns.insertIds.length;
    const { rows, nextLine } = this.#kernel.read({ bytes, line, now, valueBase, insertIdBase });
    columns.append(rows);
    return nextLine;
  }

  learnValue(first: number, last: number, owner: number): number {
    const isText = (owner & 1) === 1;
    const value = isText ? this.#text(first, last) : this.#bare(first, last);
    const clean = value === undefined ? undefined : cleanValue(value);
    if (clean === undefined) return 0;
    const dictionary = (this.#dictionaries[owner >>> 1] ??= new PropertyDictionary());
    return dictionary.codeOf(clean);
  }

  learnMember(node: number, first: number, last: number): number {
    const name = this.#text(first, last);
    if (name === undefined || this.shapes.count >= this.#namesMax) return 0;
    const property = this.propertyNames.number(name);
    const child = this.shapes.child(node, property, this.propertyNames.kinds[property]);
    this.#kernel.describeNode(child, property, this.shapes.kinds.array[child]);
    return child;
  }

  learnEvent(first: number, last: number): number {
    const name = this.#text(first, last);
    if (name === undefined || this.eventNames.list.length >= this.#namesMax) return 0;
    return this.eventNames.number(name) + 1;
  }

  learnUser(first: number, last: number): number {
    const id = this.#text(first, last);
    // An id with escapes has two spellings, and one id must have one number.
    const isAsSpelled = id !== undefined && Buffer.byteLength(id) === last - first;
    if (!isAsSpelled || !isPlainId(id) || isForbiddenId(id)) return 0;
    this.users.push(this.#bytes, first, last);
    return id.startsWith(devicePrefix) ? 2 : 1;
  }

  readTime(first: number, last: number): number {
    const number = this.#bare(first, last);
    return typeof number === 'number' ? (msOfTimeNumber(number) ?? -1) : -1;
  }

  isForbiddenId(first: number, last: number): boolean {
    return isForbiddenId(this.#buffer(first, last).toString('latin1'));
  }

  makeInsertId(line: number, start: number, end: number): Uint8Array {
    return this.#options.makeInsertId(line, lineOf(this.#bytes, start, end));
  }

  leaveLine(line: number, start: number): number {
    const end = endOfLine(this.#bytes, start);
    this.#options.onOdd(line, lineOf(this.#bytes, start, end));
    return end;
  }

  /** A string from what stands between its quotes; undefined = it is no JSON. */
  #text(first: number, last: number): string | undefined {
    const bytes = this.#buffer(first, last);
    // Most have no escapes, and nothing else is to be read.
    if (!bytes.includes(backslash)) return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    return this.#bare(first - 1, last + 1) as string | undefined;
  }

  /** A value of JSON; undefined = it is none. */
  #bare(first: number, last: number): PropertyValue | undefined {
    const bytes = this.#buffer(first, last);
    if (!isUtf8(bytes)) return undefined;
    try {
      return JSON.parse(bytes.toString('utf8')) as PropertyValue;
    } catch {
      return undefined; // Not JSON: ingestion says so, with the number of the line.
    }
  }

  #buffer(first: number, last: number): Buffer {
    const { buffer, byteOffset } = this.#bytes;
    return Buffer.from(buffer, byteOffset + first, last - first);
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
