import type { PropertyValue } from '@arbor/schema/property-value';
import { sharedUint32 } from '../base/shared-array.ts';
import type { SegmentProperty } from '../format/segment/segment-rows.ts';
import type { EventTable } from './event-table.ts';

/** One property of these rows of a table, in shared memory, with the values that occur. Undefined = none has it. */
export function memoryProperty(
  table: EventTable,
  rows: Uint32Array,
  name: string,
): SegmentProperty | undefined {
  const dictionary = table.shapeTree.dictionary(name);
  if (!dictionary) return undefined;
  const codes = sharedUint32(rows.length);
  const found = gatherCodes(table, table.shapeTree.places(name), rows, codes);
  return found === 0 ? undefined : { name, codes, values: compact(codes, dictionary.values) };
}

/** The code of one property by row, 0 where a row lacks it. Returns how many have it. */
function gatherCodes(
  table: EventTable,
  places: Int32Array,
  rows: Uint32Array,
  codes: Uint32Array,
): number {
  const shapes = table.shapes.array;
  const starts = table.valueStarts.array;
  const values = table.values.array;
  let found = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const place = places[shapes[row]];
    if (place < 0) continue;
    codes[i] = values[starts[row] + place];
    found++;
  }
  return found;
}

/** Renumbers the codes so that only values that occur have one, in the order of the table's codes. Returns the values. */
function compact(codes: Uint32Array, tableValues: readonly PropertyValue[]): PropertyValue[] {
  const codeOf = new Uint32Array(tableValues.length);
  for (let i = 0; i < codes.length; i++) codeOf[codes[i]] = 1;
  const values: PropertyValue[] = [null];
  codeOf[0] = 0;
  for (let code = 1; code < codeOf.length; code++) {
    if (codeOf[code] === 1) codeOf[code] = values.push(tableValues[code]) - 1;
  }
  for (let i = 0; i < codes.length; i++) codes[i] = codeOf[codes[i]];
  return values;
}
