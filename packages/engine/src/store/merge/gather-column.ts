import type { PropertyValue } from '@arbor/schema/property-value';
import { PropertyDictionary } from '../property-dictionary.ts';
import { type Allocate, ordinaryMemory, type RowSources } from './event-part.ts';

export type NarrowCodes = Uint8Array | Uint16Array | Uint32Array;

/** A column of one event in one part. */
export interface PartColumn {
  /** By row; 0 = absent. */
  readonly codes: NarrowCodes;
  /** By code, types kept apart; index 0 is unused. */
  readonly values: readonly PropertyValue[];
}

/**
 * The column of merged rows; `columns` are aligned with the parts that were merged, undefined where a part
 * lacks it. Undefined = no row of the parts has it. Codes are in the narrowest array that holds them and ascend in the order
 * of (part, code there); only values that some row of the parts has get one.
 */
export function gatherColumn(
  columns: readonly (PartColumn | undefined)[],
  rowCount: number,
  sources: RowSources,
  allocate: Allocate = ordinaryMemory,
): PartColumn | undefined {
  if (sources.type === 'part') return columns[sources.part];
  const dictionary = new PropertyDictionary();
  const translated = columns.map((column) => column && translate(column, dictionary));
  if (dictionary.values.length === 1) return undefined;
  const codes = narrowCodes(dictionary.values.length, rowCount, allocate);
  fill(codes, translated, sources.parts, sources.rows);
  return { codes, values: dictionary.values };
}

/** The narrowest array of `length` zeros for codes below `codeEnd`. */
export function narrowCodes(
  codeEnd: number,
  length: number,
  allocate: Allocate = ordinaryMemory,
): NarrowCodes {
  if (codeEnd <= 0x100) return new Uint8Array(allocate(length), 0, length);
  if (codeEnd <= 0x10000) return new Uint16Array(allocate(length * 2), 0, length);
  return new Uint32Array(allocate(length * 4), 0, length);
}

/** The column's codes as codes of the dictionary, which learns the values that occur, in the order of their codes. */
export function translate(column: PartColumn, dictionary: PropertyDictionary): Uint32Array {
  const { values } = column;
  const codes = new Uint32Array(column.codes);
  const target = new Uint32Array(values.length);
  for (let i = 0; i < codes.length; i++) target[codes[i]] = 1;
  target[0] = 0;
  for (let code = 1; code < target.length; code++) {
    if (target[code] === 1) target[code] = dictionary.codeOf(values[code]);
  }
  for (let i = 0; i < codes.length; i++) codes[i] = target[codes[i]];
  return codes;
}

function fill(
  codes: NarrowCodes,
  translated: readonly (Uint32Array | undefined)[],
  parts: Uint8Array | Uint16Array,
  rows: Uint32Array,
): void {
  for (let i = 0; i < codes.length; i++) {
    const source = translated[parts[i]];
    if (source !== undefined) codes[i] = source[rows[i]];
  }
}
