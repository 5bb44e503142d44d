import type { PropertyValue } from '@arbor/schema/property-value';
import { compareIds } from './list-order.ts';

/** The order in which values of one property are sorted: numbers, then texts, then true and false, then all others. */
export function compareValues(value: PropertyValue, other: PropertyValue): number {
  const kind = kindOf(value) - kindOf(other);
  if (kind !== 0) return kind;
  if (typeof value === 'number' && typeof other === 'number') return value - other;
  if (typeof value === 'string' && typeof other === 'string') return compareIds(value, other);
  return compareIds(JSON.stringify(value), JSON.stringify(other));
}

/** 0 number, 1 text, 2 boolean, 3 anything else. */
export function kindOf(value: PropertyValue): number {
  if (typeof value === 'number') return 0;
  if (typeof value === 'string') return 1;
  return typeof value === 'boolean' ? 2 : 3;
}

/** A number that orders texts by their first three units as `compareIds` does; texts with equal numbers are to be compared. */
export function textRank(text: string): number {
  return (unitRank(text, 0) * 2 ** 17 + unitRank(text, 1)) * 2 ** 17 + unitRank(text, 2);
}

function unitRank(text: string, index: number): number {
  if (index >= text.length) return 0;
  const unit = text.charCodeAt(index);
  // Halves of surrogate pairs are of code points beyond all single units.
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
