import type { CountCells } from '../../merge/partial.ts';
import type { Ranks } from '../../merge/segment-ranks.ts';
import { CellArray } from './accumulator.ts';
import type { Accumulator, DayMeasure } from './accumulator.ts';
import type { CellEntries } from './cell-entries.ts';

/** Events by cell. */
export class CountAccumulator implements Accumulator {
  readonly #bucketCount: number;
  readonly #counts: CellArray;

  constructor(bucketCount: number) {
    this.#bucketCount = bucketCount;
    this.#counts = new CellArray(bucketCount);
  }

  reserve(slotCount: number): void {
    this.#counts.reserve(slotCount);
  }

  add({ cells, count }: CellEntries): void {
    countCells(cells, count, this.#counts.array);
  }

  /** Rows that were counted together. */
  addRows(slot: number, bucket: number, rowCount: number): void {
    this.#counts.array[slot * this.#bucketCount + bucket] += rowCount;
  }

  ranks(_measure: DayMeasure, slotCount: number): Ranks {
    return { type: 'counts', counts: this.#counts.sums(slotCount) };
  }

  cellsOf(slot: number): CountCells {
    const at: number[] = [];
    const counts: number[] = [];
    const base = slot * this.#bucketCount;
    for (let bucket = 0; bucket < this.#bucketCount; bucket++) {
      if (this.#counts.array[base + bucket] === 0) continue;
      at.push(bucket);
      counts.push(this.#counts.array[base + bucket]);
    }
    return { type: 'counts', at, counts };
  }

  foldInto(whole: this): void {
    const { array, slotCount } = this.#counts;
    const sums = whole.#counts.array;
    for (let cell = 0; cell < slotCount * this.#bucketCount; cell++) {
      sums[cell % this.#bucketCount] += array[cell];
    }
  }
}

function countCells(cells: Uint32Array, count: number, counts: Float64Array): void {
  for (let i = 0; i < count; i++) counts[cells[i]]++;
}
