import type { Cells } from '../../merge/partial.ts';
import type { PlainMeasurePlan } from '../../plan/plan-types.ts';
import type { Ranks } from '../../merge/segment-ranks.ts';
import { cellCount } from '../../exec/memory.ts';
import type { CellEntries } from './cell-entries.ts';

/** Measures whose days add up: all but those that count users. */
export type DayMeasure = Exclude<PlainMeasurePlan, { type: 'unique' | 'active' }>;

/** What one measure keeps by cell (slot · bucketCount + bucket) while days are added. */
export interface Accumulator {
  /** Slots 0 … slotCount − 1 are in use from now on. Called before `add` mentions them. */
  reserve(slotCount: number): void;
  add(entries: CellEntries): void;
  /** What slots 0 … slotCount − 1 rank by under the measure (3.8); null = their cells must be looked at. */
  ranks(measure: DayMeasure, slotCount: number): Ranks | null;
  /** Until it is called anew no other slots are asked for: what belongs to them need not be made ready. */
  narrowTo?(slots: readonly number[]): void;
  /** The cells of one slot as a partial result has them. */
  cellsOf(slot: number): Cells;
  /** Adds every slot to slot 0 of an accumulator of the same measure. */
  foldInto(whole: this): void;
}

/** Doubles by cell that grow with the slots. */
export class CellArray {
  array: Float64Array;
  readonly #bucketCount: number;
  readonly #fill: number;
  /** How many such arrays a measure keeps: what `cellCount` bounds. */
  readonly #parallel: number;
  #slotCount = 0;

  constructor(bucketCount: number, { fill = 0, parallel = 1 } = {}) {
    this.#bucketCount = bucketCount;
    this.#fill = fill;
    this.#parallel = parallel;
    this.array = new Float64Array(0);
  }

  /** Throws INVALID_QUERY where the segments do not fit into memory. */
  reserve(slotCount: number): void {
    if (slotCount <= this.#slotCount) return;
    cellCount(slotCount, this.#parallel * this.#bucketCount);
    this.#slotCount = slotCount;
    const needed = slotCount * this.#bucketCount;
    if (needed <= this.array.length) return;
    const longer = new Float64Array(slotCount === 1 ? needed : 2 * needed).fill(this.#fill);
    longer.set(this.array);
    this.array = longer;
  }

  get slotCount(): number {
    return this.#slotCount;
  }

  /** Of each slot 0 … slotCount − 1 what its buckets add up to. */
  sums(slotCount: number): Float64Array {
    const sums = new Float64Array(slotCount);
    const width = this.#bucketCount;
    for (let slot = 0, cell = 0; slot < slotCount; slot++) {
      for (const end = cell + width; cell < end; cell++) sums[slot] += this.array[cell];
    }
    return sums;
  }
}
