import type { PropertyValue } from '@arbor/schema/property-value';
import { EngineError } from '../../base/errors.ts';
import { engineLimits } from '../../base/limits.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { integerMax, valueTag } from '../constants.ts';
import type { StringTable } from './string-table.ts';

/** A tag byte, then what the tag asks for (constants.ts). Twin: decode/value.ts. */
export function writeValue(
  writer: ByteWriter,
  strings: StringTable,
  value: PropertyValue,
  depth = 0,
): void {
  if (typeof value === 'string') {
    writer.u8(valueTag.string);
    writer.varint(strings.place(value));
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (value === null) {
    writer.u8(valueTag.null);
  } else if (typeof value === 'boolean') {
    writer.u8(value ? valueTag.true : valueTag.false);
  } else {
    writeNested(writer, strings, value, depth);
  }
}

function writeNumber(writer: ByteWriter, value: number): void {
  const isInteger =
    Number.isInteger(value) && Math.abs(value) <= integerMax && !Object.is(value, -0);
  if (isInteger) {
    writer.u8(valueTag.integer);
    writer.zigzag(value);
  } else {
    writer.u8(valueTag.double);
    writer.f64(value);
  }
}

function writeNested(
  writer: ByteWriter,
  strings: StringTable,
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
    for (const item of value) writeValue(writer, strings, item, depth + 1);
  } else {
    writer.u8(valueTag.object);
    const names = Object.keys(value);
    writer.varint(names.length);
    for (const name of names) {
      writer.varint(strings.place(name));
      writeValue(writer, strings, value[name], depth + 1);
    }
  }
}

/** `Array.isArray` does not narrow a readonly array out of a union. */
function isList(value: object): value is readonly PropertyValue[] {
  return Array.isArray(value);
}
