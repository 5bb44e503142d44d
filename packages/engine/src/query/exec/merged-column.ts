import type { PropertyPlan } from '../plan/plan-types.ts';
import { definedCodes } from './computed-history.ts';
import type { PropertyColumn } from './shard-view.ts';
import { ValueCodes } from './value-codes.ts';

/** The value of the first of some properties of events that each row has; undefined = no row has any of them. */
export function mergedColumn(
  names: readonly string[],
  stored: (property: Pick<PropertyPlan, 'scope' | 'name'>) => PropertyColumn | undefined,
): PropertyColumn | undefined {
  const columns = names.flatMap((name) => stored({ scope: 'event', name }) ?? []);
  if (columns.length <= 1) return columns[0];
  const target = new ValueCodes();
  const codes = new Uint32Array(columns[0].codes.length);
  for (const column of columns) addMissing(column, target, codes);
  return { codes, values: target.values };
}

/** Gives rows that have nothing so far what they have in the column. */
function addMissing(column: PropertyColumn, target: ValueCodes, codes: Uint32Array): void {
  const defined = definedCodes(column.values);
  // By code: that of the target, 0 = not asked for yet.
  const known = new Uint32Array(defined.length);
  for (let row = 0; row < codes.length; row++) {
    const code = column.codes[row];
    if (codes[row] !== 0 || code === 0 || defined[code] === 0) continue;
    if (known[code] === 0) known[code] = target.codeOf(column.values[code]);
    codes[row] = known[code];
  }
}
