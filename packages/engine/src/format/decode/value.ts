import type { PropertyValue } from '@arbor/schema/property-value';
import { engineLimits } from '../../base/limits.ts';
import type { ByteReader } from '../byte-reader.ts';
import { valueTag } from '../constants.ts';

/** A tag byte, then what the tag asks for (constants.ts). Twin: encode/value.ts. */
export function readValue(
  reader: ByteReader,
  strings: readonly string[],
  depth = 0,
): PropertyValue {
  return readTagged(reader, strings, reader.u8(), depth);
}

/** The value whose tag was read already. */
export function readTagged(
  reader: ByteReader,
  strings: readonly string[],
  tag: number,
  depth: number,
): PropertyValue {
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
    case valueTag.string:
      return strings[reader.index(strings.length)];
    case valueTag.list:
      return readList(reader, strings, depth);
    case valueTag.object:
      return readMembers(reader, strings, depth);
    default:
      throw reader.corrupt(`value tag ${tag} is unknown`, reader.position - 1);
  }
}

function readList(reader: ByteReader, strings: readonly string[], depth: number): PropertyValue[] {
  checkDepth(reader, depth);
  const count = reader.count(1);
  const items: PropertyValue[] = [];
  for (let i = 0; i < count; i++) items.push(readValue(reader, strings, depth + 1));
  return items;
}

/** Varint count; for each the place of its name and its value. Also the form of `$set` and its like. */
export function readMembers(
  reader: ByteReader,
  strings: readonly string[],
  depth: number,
): { [name: string]: PropertyValue } {
  checkDepth(reader, depth);
  const count = reader.count(2);
  const members: { [name: string]: PropertyValue } = {};
  for (let i = 0; i < count; i++) {
    const name = strings[reader.index(strings.length)];
    setMember(members, name, readValue(reader, strings, depth + 1));
  }
  return members;
}

/** Plain assignment to `__proto__` would change the prototype instead of adding a member. */
export function setMember<T>(members: { [name: string]: T }, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(members, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    members[name] = value;
  }
}

function checkDepth(reader: ByteReader, depth: number): void {
  if (depth >= engineLimits.nestingDepthMax) {
    throw reader.corrupt(`a value is nested more than ${engineLimits.nestingDepthMax} deep`);
  }
}
