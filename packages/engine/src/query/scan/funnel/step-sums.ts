import type { FunnelCells } from '../../merge/partial.ts';
import { invalidQuery } from '../../plan/invalid-query.ts';
import type { AttemptTable } from './attempt-table.ts';

/** Sums of a number by step, with what rounding took from each (Neumaier): those of threads add up to one (5.12). */
export class StepSums {
  readonly #sums: Float64Array;
  readonly #corrections: Float64Array;

  constructor(stepCount: number) {
    this.#sums = new Float64Array(stepCount);
    this.#corrections = new Float64Array(stepCount);
  }

  /** Adds the numbers of the steps that an attempt reached; a step without one adds nothing. */
  add({ levels, numbers, shape }: AttemptTable, attempt: number): void {
    const sums = this.#sums;
    const level = levels.array[attempt];
    const from = attempt * shape.numberCount;
    for (let step = 0; step < level; step++) {
      const value = numbers.array[from + step];
      if (value !== value) continue;
      const before = sums[step];
      const after = before + value;
      this.#corrections[step] +=
        Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
      sums[step] = after;
    }
  }

  /** Throws `INVALID_QUERY` where a sum is larger than a number can hold. */
  cells(): Required<Pick<FunnelCells, 'sums' | 'corrections'>> {
    if (!this.#sums.every(Number.isFinite)) {
      throw invalidQuery('the sum of a step is larger than a number can hold: filter it');
    }
    return { sums: Array.from(this.#sums), corrections: Array.from(this.#corrections) };
  }
}
