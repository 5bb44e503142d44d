import type { PropertyValue } from '@arbor/schema/property-value';
import { ByteReader } from '../../format/byte-reader.ts';
import { inlineTag, valueTag } from '../../format/constants.ts';
import { readInline } from '../../format/inline-value.ts';
import type { PeopleColumn, PeoplePiece } from '../../format/people-file.ts';
import { isDateText, valueTypes } from '../value-type.ts';
import type { Profile } from './profile.ts';

/** One people file, as profiles are looked up in it. */
export class PeopleLayer {
  readonly ordinals: Uint32Array;
  readonly deleted: Uint8Array;
  readonly columns: ReadonlyMap<string, PeopleColumn>;

  constructor({ ordinals, deleted, columns }: PeoplePiece) {
    this.ordinals = ordinals;
    this.deleted = deleted;
    this.columns = new Map(columns.map((column) => [column.name, column]));
  }

  /** The record of the user; −1 = this layer says nothing about him. */
  recordOf(ordinal: number): number {
    const { ordinals } = this;
    let low = 0;
    let high = ordinals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ordinals[middle] < ordinal) low = middle + 1;
      else high = middle;
    }
    return ordinals[low] === ordinal ? low : -1;
  }

  profile(record: number): Profile | undefined {
    if (this.deleted[record] === 1) return undefined;
    const profile = new Map<string, PropertyValue>();
    for (const [name, column] of this.columns) {
      const code = column.codes[record];
      if (code > 0) profile.set(name, valueOf(column, code));
    }
    return profile;
  }
}

/** The value of a code. Throws `CORRUPT_FILE` for bytes that are none. */
export function valueOf({ name, values }: PeopleColumn, code: number): PropertyValue {
  const { bytes, start, ends } = values;
  const from = code === 1 ? start : ends[code - 2];
  const reader = readerOf(name, bytes, from, ends[code - 1]);
  const value = readInline(reader);
  reader.finish();
  return value;
}

/** Every value in the order of the codes, with one reader for all: there may be as many as people. */
export function* valuesOf({ name, values }: PeopleColumn): Generator<PropertyValue> {
  const reader = readerOf(name, values.bytes, values.start, values.ends.at(-1) ?? values.start);
  for (let i = 0; i < values.ends.length; i++) {
    const value = readInline(reader);
    if (reader.position !== values.ends[i]) throw reader.corrupt(`value ${i} has another end`);
    yield value;
  }
}

function readerOf(name: string, bytes: Uint8Array, start: number, end: number): ByteReader {
  const what = `people file: property ${JSON.stringify(name)}`;
  return new ByteReader(bytes, { code: 'CORRUPT_FILE', what }, start, end);
}

/** By code (from 1 on): index of the type, read from the tags without making the values. */
export function valueTypesOf(column: PeopleColumn): Uint8Array {
  const { bytes, start, ends } = column.values;
  const types = new Uint8Array(ends.length + 1);
  for (let code = 1; code <= ends.length; code++) {
    const at = code === 1 ? start : ends[code - 2];
    types[code] = typeOfTag(bytes[at], column, code);
  }
  return types;
}

function typeOfTag(tag: number, column: PeopleColumn, code: number): number {
  switch (tag) {
    case inlineTag.dateTime:
      return valueTypes.date;
    case inlineTag.string: {
      const text = valueOf(column, code);
      return typeof text === 'string' && isDateText(text) ? valueTypes.date : valueTypes.string;
    }
    case valueTag.true:
    case valueTag.false:
      return valueTypes.boolean;
    case valueTag.null:
      return valueTypes.null;
    case valueTag.list:
      return valueTypes.list;
    case valueTag.object:
      return valueTypes.object;
    default:
      return valueTypes.number;
  }
}
