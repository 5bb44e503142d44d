import type { PropertyValue } from '@arbor/schema/property-value';
import { EngineError } from '../base/errors.ts';
import { engineLimits } from '../base/limits.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { inlineTag, integerMax, valueTag } from './constants.ts';
import { setMember } from './decode/value.ts';

/**
 * A value that stands alone, without a table of strings (FORMAT-FILES.md 1.2): a tag byte, then what the tag
 * asks for. A text that is a date and time, as every profile has one in `$last_seen`, is a number of seconds.
 * Throws `INVALID_BATCH` for what is nested too deep.
 */
export function writeInline(writer: ByteWriter, value: PropertyValue, depth = 0): void {
  if (typeof value === 'string') {
    writeText(writer, value);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (value === null) {
    writer.u8(valueTag.null);
  } else if (typeof value === 'boolean') {
    writer.u8(value ? valueTag.true : valueTag.false);
  } else {
    writeNested(writer, value, depth);
  }
}

function writeText(writer: ByteWriter, text: string): void {
  const seconds = secondsOf(text);
  if (seconds === undefined) {
    writer.u8(inlineTag.string);
    writeSized(writer, text);
  } else {
    writer.u8(inlineTag.dateTime);
    writer.zigzag(seconds);
  }
}

function writeSized(writer: ByteWriter, text: string): void {
  writer.varint(Buffer.byteLength(text));
  writer.text(text);
}

function writeNumber(writer: ByteWriter, value: number): void {
  const isInteger =
    Number.isInteger(value) && Math.abs(value) <= integerMax && !Object.is(value, -0);
  writer.u8(isInteger ? valueTag.integer : valueTag.double);
  if (isInteger) writer.zigzag(value);
  else writer.f64(value);
}

function writeNested(
  writer: ByteWriter,
  value: readonly PropertyValue[] | { readonly [key: string]: PropertyValue },
  depth: number,
): void {
  if (depth >= engineLimits.nestingDepthMax) {
    throw new EngineError(
      'INVALID_BATCH',
      `a value is nested more than ${engineLimits.nestingDepthMax} deep: flatten it before it is sent`,
    );
  }
  if (isList(value)) {
    writer.u8(valueTag.list);
    writer.varint(value.length);
    for (const item of value) writeInline(writer, item, depth + 1);
    return;
  }
  const names = Object.keys(value);
  writer.u8(valueTag.object);
  writer.varint(names.length);
  for (const name of names) {
    writeSized(writer, name);
    writeInline(writer, value[name], depth + 1);
  }
}

/** `Array.isArray` does not narrow a readonly array out of a union. */
function isList(value: object): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

const dateTimePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/** Seconds since 1970, only if exactly this text comes back from them. */
function secondsOf(text: string): number | undefined {
  if (text.length !== 19 || !dateTimePattern.test(text)) return undefined;
  const seconds = Date.parse(`${text}Z`) / 1000;
  return !Number.isNaN(seconds) && dateTimeOf(seconds) === text ? seconds : undefined;
}

function dateTimeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, -5);
}

/** Twin of `writeInline`. Throws the reader's error for bytes that are no value. */
export function readInline(reader: ByteReader, depth = 0): PropertyValue {
  const tag = reader.u8();
  switch (tag) {
    case valueTag.null:
      return null;
    case valueTag.false:
      return false;
    case valueTag.true:
      return true;
    case valueTag.integer:
      return reader.zigzag();
    case valueTag.double:
      return reader.f64();
    case inlineTag.string:
      return readSized(reader);
    case inlineTag.dateTime:
      return readDateTime(reader);
    case valueTag.list:
    case valueTag.object:
      return readNested(reader, tag, depth);
    default:
      throw reader.corrupt(`value tag ${tag} is unknown`, reader.position - 1);
  }
}

function readSized(reader: ByteReader): string {
  return reader.text(reader.count(1));
}

/** Dates that a text of 19 characters can say: years 0000 to 9999. */
const secondsRange = [-62_167_219_200, 253_402_300_799] as const;

function readDateTime(reader: ByteReader): string {
  const at = reader.position;
  const seconds = reader.zigzag();
  if (seconds < secondsRange[0] || seconds > secondsRange[1]) {
    throw reader.corrupt(`${seconds} seconds are no date`, at);
  }
  return dateTimeOf(seconds);
}

function readNested(reader: ByteReader, tag: number, depth: number): PropertyValue {
  if (depth >= engineLimits.nestingDepthMax) {
    throw reader.corrupt(`a value is nested more than ${engineLimits.nestingDepthMax} deep`);
  }
  if (tag === valueTag.list) {
    return Array.from({ length: reader.count(1) }, () => readInline(reader, depth + 1));
  }
  const count = reader.count(2);
  const members: { [name: string]: PropertyValue } = {};
  for (let i = 0; i < count; i++)
    setMember(members, readSized(reader), readInline(reader, depth + 1));
  return members;
}
