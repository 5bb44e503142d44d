import type { Segment } from '@arbor/schema/result';
import { SlotList } from '../exec/slot-list.ts';
import type { SlotIndex } from '../exec/slot-list.ts';
import { combinationOf } from '../merge/segment-groups.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { Attributed, SegmentSlots } from './segment-slots.ts';

/** Codes of an axis are below: those of two axes make one number that a double holds. */
const codesMax = 2 ** 26;

/** 2^24 combinations of segments are some gigabytes of texts. */
const combinationsMax = 2 ** 24;

/** Segments of several breakdowns: one for each combination that something has (3.7). */
export class CombinedSlots implements SegmentSlots {
  readonly #axes: readonly SegmentSlots[];
  /** By axis but the first: number of a code with what the axes before have, by both. */
  readonly #numbers: readonly Map<number, number>[];
  /** By number of the last axis. */
  readonly #places = new SlotList();
  #combinationCount = 0;
  #index: SlotIndex | null = null;

  /** At least two. */
  constructor(axes: readonly SegmentSlots[]) {
    this.#axes = axes;
    this.#numbers = axes.slice(1).map(() => new Map<number, number>());
  }

  get index(): SlotIndex {
    this.#index ??= this.#places.finish();
    return this.#index;
  }

  codesOf(things: Attributed): Uint32Array {
    const own = this.#axes.map((axis) => axis.codesOf(things));
    const indexes = this.#axes.map(({ index }) => index);
    const codes = new Uint32Array(things.count);
    const last = own.length - 1;
    for (let i = 0; i < codes.length; i++) {
      let code = own[0][i];
      for (let axis = 1; axis <= last; axis++) {
        const numbers = this.#numbers[axis - 1];
        const pair = code * codesMax + own[axis][i];
        let number = numbers.get(pair);
        if (number === undefined) {
          number = numbers.size;
          numbers.set(pair, number);
          if (axis === last) this.#addPlace(indexes, own, i);
        }
        code = number;
      }
      codes[i] = code;
    }
    return codes;
  }

  /** The place of what thing i has. */
  #addPlace(indexes: readonly SlotIndex[], codes: readonly Uint32Array[], i: number): void {
    const parts = indexes.map(({ segments, starts, slots }, axis): readonly Segment[] => {
      const code = codes[axis][i];
      return Array.from(slots.subarray(starts[code], starts[code + 1]), (slot) => segments[slot]);
    });
    this.#combinationCount += parts.reduce((product, { length }) => product * length, 1);
    if (this.#combinationCount > combinationsMax) {
      throw invalidQuery(
        `the breakdowns have more than the ${combinationsMax} combinations that fit into memory: use fewer ` +
          'breakdowns, or filter them',
      );
    }
    this.#places.addPlace(combinations(parts).map(combinationOf));
    this.#index = null;
  }
}

/** Every way to take one of each list, in the order of the lists. */
function combinations(parts: readonly (readonly Segment[])[]): Segment[][] {
  return parts.reduce<Segment[][]>(
    (before, own) => before.flatMap((some) => own.map((segment) => [...some, segment])),
    [[]],
  );
}
