import type { EventPart } from '../store/merge/event-part.ts';
import type { PropertyValue } from '@arbor/schema/property-value';
import {
  type DayUnit,
  type DecodedDay,
  partOfRow,
  rowOfPart,
  type UnitColumn,
} from './day-unit.ts';
import type { MemberTexts } from './value-texts.ts';

/** Rows of a day that are written one after the other, in order of time. */
export interface Slice {
  /** By row: index into `units`. */
  readonly unitOf: Uint16Array;
  /** By row: place among the rows of its unit. */
  readonly placeOf: Uint32Array;
  /** Those with rows here alone. */
  readonly units: readonly UnitSlice[];
}

/** Rows of one unit in a slice, ascending by time. */
export interface UnitSlice {
  readonly unit: DayUnit;
  /** Rows of the unit. */
  readonly rows: Uint32Array;
  /** By place: index of the part that holds the row, and its row of the event there. */
  readonly parts: Uint16Array;
  readonly partRows: Uint32Array;
  /** By index of the part; undefined = no row here comes from it. */
  readonly envelopes: readonly (EventPart | undefined)[];
}

/** One property of the rows of a unit in a slice. */
export interface SliceColumn {
  readonly name: string;
  /** By place: code in its part; 0 = absent. */
  readonly codes: Uint32Array;
  /** By index of the part. */
  readonly values: readonly ((() => readonly PropertyValue[]) | undefined)[];
  readonly texts: readonly (MemberTexts | undefined)[];
}

/** `rows` count over all units of the day; those of unit u begin at bases[u]. */
export function sliceOf(
  units: readonly DayUnit[],
  bases: Uint32Array,
  rows: Uint32Array,
  decoded: DecodedDay,
): Slice {
  const unitOf = new Uint16Array(rows.length);
  const placeOf = new Uint32Array(rows.length);
  const counts = new Uint32Array(units.length);
  for (let i = 0; i < rows.length; i++) {
    const unit = unitAt(bases, rows[i]);
    unitOf[i] = unit;
    placeOf[i] = counts[unit]++;
  }
  const own = Array.from(counts, (count) => new Uint32Array(count));
  for (let i = 0; i < rows.length; i++) {
    own[unitOf[i]][placeOf[i]] = rows[i] - bases[unitOf[i]];
  }
  const present = units.map((_, u) => u).filter((u) => counts[u] > 0);
  const indices = new Uint16Array(units.length);
  for (const [index, u] of present.entries()) indices[u] = index;
  for (let i = 0; i < unitOf.length; i++) unitOf[i] = indices[unitOf[i]];
  return { unitOf, placeOf, units: present.map((u) => unitSlice(units[u], own[u], decoded)) };
}

/** The last unit that begins at the row or before. */
function unitAt(bases: Uint32Array, row: number): number {
  let low = 0;
  let high = bases.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (bases[middle] <= row) low = middle;
    else high = middle;
  }
  return low;
}

function unitSlice(unit: DayUnit, rows: Uint32Array, decoded: DecodedDay): UnitSlice {
  const parts = new Uint16Array(rows.length);
  const partRows = new Uint32Array(rows.length);
  for (let place = 0; place < rows.length; place++) {
    parts[place] = partOfRow(unit.merged, rows[place]);
    partRows[place] = rowOfPart(unit.merged, rows[place]);
  }
  const present = new Set(parts);
  const envelopes = unit.parts.map((_, part) =>
    present.has(part) ? decoded.envelope(unit, part) : undefined,
  );
  return { unit, rows, parts, partRows, envelopes };
}

/** Undefined = none of these rows has it. */
export function sliceColumn(
  { unit, parts, partRows, envelopes }: UnitSlice,
  name: string,
  decoded: DecodedDay,
): SliceColumn | undefined {
  const columns = unit.parts.map((_, part) =>
    envelopes[part] === undefined ? undefined : decoded.column(unit, part, name),
  );
  const codes = new Uint32Array(parts.length);
  let isAnywhere = false;
  for (const [part, column] of columns.entries()) {
    if (column !== undefined && gatherPart(column, part, parts, partRows, codes)) isAnywhere = true;
  }
  if (!isAnywhere) return undefined;
  return {
    name,
    codes,
    values: columns.map((column) => column && (() => column.values())),
    texts: unit.parts.map((part) => part?.texts.of(name)),
  };
}

/** Writes the codes of rows that come from the part; whether any of them has the property. */
function gatherPart(
  { codes }: UnitColumn,
  part: number,
  parts: Uint16Array,
  partRows: Uint32Array,
  target: Uint32Array,
): boolean {
  let any = 0;
  for (let place = 0; place < parts.length; place++) {
    if (parts[place] !== part) continue;
    const code = codes[partRows[place]];
    target[place] = code;
    any |= code;
  }
  return any !== 0;
}
