import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { unreachable } from '../../base/assert.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { operatorTag } from '../constants.ts';
import type { StringTable } from './string-table.ts';
import { writeValue } from './value.ts';

/** An operator byte, then its members, its names, or nothing. Twin: decode/person.ts. */
export function writeOperation(
  writer: ByteWriter,
  strings: StringTable,
  operation: PersonOperation,
): void {
  writer.u8(operatorTag[operation.operator]);
  switch (operation.operator) {
    case '$set':
    case '$set_once':
    case '$add':
    case '$append':
    case '$union':
    case '$remove':
      writeMembers(writer, strings, operation.values);
      return;
    case '$unset':
      writer.varint(operation.names.length);
      for (const name of operation.names) writer.varint(strings.place(name));
      return;
    case '$delete':
      return;
    default:
      unreachable(operation);
  }
}

function writeMembers(
  writer: ByteWriter,
  strings: StringTable,
  values: { readonly [name: string]: PropertyValue },
): void {
  const names = Object.keys(values);
  writer.varint(names.length);
  for (const name of names) {
    writer.varint(strings.place(name));
    writeValue(writer, strings, values[name], 1);
  }
}
