import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { ByteReader } from '../byte-reader.ts';
import { operatorTag } from '../constants.ts';
import { readMembers, setMember } from './value.ts';

/** An operator byte, then its members, its names, or nothing. Twin: encode/person.ts. */
export function readOperation(reader: ByteReader, strings: readonly string[]): PersonOperation {
  const at = reader.position;
  const tag = reader.u8();
  switch (tag) {
    case operatorTag.$set:
      return { operator: '$set', values: readMembers(reader, strings, 0) };
    case operatorTag.$set_once:
      return { operator: '$set_once', values: readMembers(reader, strings, 0) };
    case operatorTag.$add:
      return { operator: '$add', values: readAll(reader, strings, isNumber, 'number') };
    case operatorTag.$append:
      return { operator: '$append', values: readMembers(reader, strings, 0) };
    case operatorTag.$union:
      return { operator: '$union', values: readAll(reader, strings, isList, 'list') };
    case operatorTag.$remove:
      return { operator: '$remove', values: readMembers(reader, strings, 0) };
    case operatorTag.$unset:
      return { operator: '$unset', names: readNames(reader, strings) };
    case operatorTag.$delete:
      return { operator: '$delete' };
    default:
      throw reader.corrupt(`operator tag ${tag} is unknown`, at);
  }
}

function readNames(reader: ByteReader, strings: readonly string[]): string[] {
  const count = reader.count(1);
  const names: string[] = [];
  for (let i = 0; i < count; i++) names.push(strings[reader.index(strings.length)]);
  return names;
}

/** Members that must all be of one kind, as `$add` and `$union` promise to whoever applies them. */
function readAll<T extends PropertyValue>(
  reader: ByteReader,
  strings: readonly string[],
  isKind: (value: PropertyValue) => value is T,
  kind: string,
): { [name: string]: T } {
  const at = reader.position;
  const members: { [name: string]: T } = {};
  for (const [name, value] of Object.entries(readMembers(reader, strings, 0))) {
    if (!isKind(value)) throw reader.corrupt(`operand "${name}" is not a ${kind}`, at);
    setMember(members, name, value);
  }
  return members;
}

function isNumber(value: PropertyValue): value is number {
  return typeof value === 'number';
}

function isList(value: PropertyValue): value is PropertyValue[] {
  return Array.isArray(value);
}
