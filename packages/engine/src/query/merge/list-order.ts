import type { EventKey } from '../plan/plan-types.ts';

/** The orders of lists: the same in every shard and on every page. */

/** Ids by their UTF-8 bytes, which is the order of code points. */
export function compareIds(id: string, other: string): number {
  const length = Math.min(id.length, other.length);
  for (let i = 0; i < length; i++) {
    const unit = id.charCodeAt(i);
    const otherUnit = other.charCodeAt(i);
    // Halves of surrogate pairs are of code points beyond all single units.
    if (unit !== otherUnit) return aboveSingles(unit) - aboveSingles(otherUnit);
  }
  return id.length - other.length;
}

const aboveSingles = (unit: number): number =>
  unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;

/** Newest first, then by user, name and arrival. */
export function compareEvents(event: EventKey, other: EventKey): number {
  return (
    other.timeMs - event.timeMs ||
    compareIds(event.user, other.user) ||
    compareIds(event.event, other.event) ||
    event.rank - other.rank
  );
}
