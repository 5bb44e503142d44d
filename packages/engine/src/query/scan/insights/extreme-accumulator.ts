import type { ExtremeCells } from '../../merge/partial.ts';
import type { Ranks } from '../../merge/segment-ranks.ts';
import { CellArray } from './accumulator.ts';
import type { Accumulator, DayMeasure } from './accumulator.ts';
import type { CellEntries } from './cell-entries.ts';
import type { NumberReader } from './number-reader.ts';

/** Smallest (sign −1) or greatest (sign 1) number of a property by cell. */
export class ExtremeAccumulator implements Accumulator {
  readonly #reader: NumberReader;
  readonly #bucketCount: number;
  readonly #sign: 1 | -1;
  /** Numbers times the sign, so that the greatest is wanted; −∞ = none yet. */
  readonly #extremes: CellArray;

  constructor(reader: NumberReader, bucketCount: number, sign: 1 | -1) {
    this.#reader = reader;
    this.#bucketCount = bucketCount;
    this.#sign = sign;
    this.#extremes = new CellArray(bucketCount, { fill: -Infinity });
  }

  reserve(slotCount: number): void {
    this.#extremes.reserve(slotCount);
  }

  add(entries: CellEntries): void {
    const numbers = this.#reader.read(entries);
    if (numbers !== null) findExtremes(entries, numbers, this.#sign, this.#extremes.array);
  }

  ranks(_measure: DayMeasure, slotCount: number): Ranks {
    const extremes = new Float64Array(slotCount).fill(NaN);
    for (let slot = 0, cell = 0; slot < slotCount; slot++) {
      let best = -Infinity;
      for (const end = cell + this.#bucketCount; cell < end; cell++) {
        best = Math.max(best, this.#extremes.array[cell]);
      }
      if (best !== -Infinity) extremes[slot] = best * this.#sign;
    }
    return { type: 'extremes', extremes };
  }

  cellsOf(slot: number): ExtremeCells {
    const at: number[] = [];
    const values: number[] = [];
    for (let bucket = 0; bucket < this.#bucketCount; bucket++) {
      const extreme = this.#extremes.array[slot * this.#bucketCount + bucket];
      if (extreme === -Infinity) continue;
      at.push(bucket);
      values.push(extreme * this.#sign);
    }
    return { type: 'extremes', at, values };
  }

  foldInto(whole: this): void {
    const greatest = whole.#extremes.array;
    for (let cell = 0; cell < this.#extremes.slotCount * this.#bucketCount; cell++) {
      const bucket = cell % this.#bucketCount;
      greatest[bucket] = Math.max(greatest[bucket], this.#extremes.array[cell]);
    }
  }
}

function findExtremes(
  { cells, count }: CellEntries,
  numbers: Float64Array,
  sign: number,
  extremes: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const value = numbers[i] * sign;
    // NaN is greater than nothing.
    if (value > extremes[cells[i]]) extremes[cells[i]] = value;
  }
}
