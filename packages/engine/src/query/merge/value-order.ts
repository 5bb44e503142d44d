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

const rankBytes = 6;

/**
 * A number that orders texts as `compareIds` does, by their first six bytes; texts with equal numbers are to be
 * compared. Units become bytes as in UTF-8, but each half of a surrogate pair two by itself.
 */
export function textRank(text: string): number {
  let rank = 0;
  let count = 0;
  for (let i = 0; i < text.length && count < rankBytes; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      rank = rank * 256 + unit;
      count++;
    } else if (unit < 0x800) {
      rank = (rank * 256 + (0xc0 | (unit >>> 6))) * 256 + (0x80 | (unit & 0x3f));
      count += 2;
    } else if (unit < 0xd800 || unit > 0xdfff) {
      rank = rank * 256 + (0xe0 | (unit >>> 12));
      rank = (rank * 256 + (0x80 | ((unit >>> 6) & 0x3f))) * 256 + (0x80 | (unit & 0x3f));
      count += 3;
    } else {
      rank = (rank * 256 + (0xf0 | ((unit - 0xd800) >>> 8))) * 256 + (unit & 0xff);
      count += 2;
    }
  }
  for (; count < rankBytes; count++) rank *= 256;
  // The last unit may have had some bytes too many.
  return count === rankBytes ? rank : Math.floor(rank / 256 ** (count - rankBytes));
}

/** The same of a text in UTF-8, bytes[start, end): ranks of these compare with each other alone. */
export function bytesRank(bytes: Uint8Array, start: number, end: number): number {
  let rank = 0;
  for (let i = start; i < start + rankBytes; i++) rank = rank * 256 + (i < end ? bytes[i] : 0);
  return rank;
}
