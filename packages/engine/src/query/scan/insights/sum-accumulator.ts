import { invalidQuery } from '../../plan/invalid-query.ts';
import type { SumCells } from '../../merge/partial.ts';
import type { Ranks } from '../../merge/segment-ranks.ts';
import { CellArray } from './accumulator.ts';
import type { Accumulator, DayMeasure } from './accumulator.ts';
import type { CellEntries } from './cell-entries.ts';
import type { NumberReader } from './number-reader.ts';

/** Sums and counts of the numbers of a property by cell, for sum and average. */
export class SumAccumulator implements Accumulator {
  readonly #reader: NumberReader;
  readonly #bucketCount: number;
  readonly #sums: CellArray;
  readonly #corrections: CellArray;
  readonly #counts: CellArray;

  constructor(reader: NumberReader, bucketCount: number) {
    this.#reader = reader;
    this.#bucketCount = bucketCount;
    this.#sums = new CellArray(bucketCount, { parallel: 3 });
    this.#corrections = new CellArray(bucketCount, { parallel: 3 });
    this.#counts = new CellArray(bucketCount, { parallel: 3 });
  }

  reserve(slotCount: number): void {
    this.#sums.reserve(slotCount);
    this.#corrections.reserve(slotCount);
    this.#counts.reserve(slotCount);
  }

  add(entries: CellEntries): void {
    const numbers = this.#reader.read(entries);
    if (numbers === null) return;
    addNumbers(entries, numbers, {
      sums: this.#sums.array,
      corrections: this.#corrections.array,
      counts: this.#counts.array,
    });
  }

  /** An average ranks by how many numbers it is of. */
  ranks({ type }: DayMeasure, slotCount: number): Ranks {
    if (type === 'average') return { type: 'counts', counts: this.#counts.sums(slotCount) };
    const sums = new Float64Array(slotCount);
    const corrections = this.#corrections.sums(slotCount);
    for (let slot = 0, cell = 0; slot < slotCount; slot++) {
      for (const end = cell + this.#bucketCount; cell < end; cell++) {
        addOne(sums, corrections, slot, this.#sums.array[cell]);
      }
    }
    return { type: 'sums', sums, corrections };
  }

  cellsOf(slot: number): SumCells {
    const cells = { at: [], sums: [], corrections: [], counts: [] } as {
      [list in 'at' | 'sums' | 'corrections' | 'counts']: number[];
    };
    for (let bucket = 0; bucket < this.#bucketCount; bucket++) {
      const cell = slot * this.#bucketCount + bucket;
      if (this.#counts.array[cell] === 0) continue;
      checkSum(this.#sums.array[cell], this.#reader.property.name);
      cells.at.push(bucket);
      cells.sums.push(this.#sums.array[cell]);
      cells.corrections.push(this.#corrections.array[cell]);
      cells.counts.push(this.#counts.array[cell]);
    }
    return { type: 'sums', ...cells };
  }

  foldInto(whole: this): void {
    const cells = this.#sums.slotCount * this.#bucketCount;
    for (let cell = 0; cell < cells; cell++) {
      const bucket = cell % this.#bucketCount;
      addOne(whole.#sums.array, whole.#corrections.array, bucket, this.#sums.array[cell]);
      addOne(whole.#sums.array, whole.#corrections.array, bucket, this.#corrections.array[cell]);
      whole.#counts.array[bucket] += this.#counts.array[cell];
    }
  }
}

/** What a sum loses by rounding is kept in `corrections` (Neumaier): the order of rows does not show. */
function addNumbers(
  { cells, count }: CellEntries,
  numbers: Float64Array,
  out: {
    readonly sums: Float64Array;
    readonly corrections: Float64Array;
    readonly counts: Float64Array;
  },
): void {
  const { sums, corrections, counts } = out;
  for (let i = 0; i < count; i++) {
    const value = numbers[i];
    if (value !== value) continue;
    const cell = cells[i];
    const before = sums[cell];
    const after = before + value;
    corrections[cell] +=
      Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    sums[cell] = after;
    counts[cell]++;
  }
}

function addOne(sums: Float64Array, corrections: Float64Array, cell: number, value: number): void {
  const before = sums[cell];
  const after = before + value;
  corrections[cell] +=
    Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
  sums[cell] = after;
}

function checkSum(sum: number, name: string): void {
  if (Number.isFinite(sum)) return;
  throw invalidQuery(`the sum of "${name}" is larger than a number can hold: filter it`);
}
