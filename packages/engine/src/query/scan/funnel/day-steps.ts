import { wholeDay } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import type { StepList } from './step-lists.ts';
import { noStepRows, RowsBuffer, wholeList } from './step-rows.ts';
import type { StepRows } from './step-rows.ts';

/** One day of a range of users, as followers see it. */
export interface FollowedDay {
  readonly startMs: number;
  /** Ordinal of user 0 of the range. */
  readonly base: number;
  readonly lists: readonly StepList[];
  /** By step; without the rows of tied users. */
  readonly steps: readonly StepRows[];
  /**
   * A row may fit several steps, and is one step of an attempt: then a step is later than the one before
   * it. Where it cannot, rows of one instant are steps in any order.
   */
  readonly isStrict: boolean;
  /**
   * Where entries may lie of those who have none yet, beside what the lists say; null = nowhere. Read where a user has
   * the attempt of his first entry alone.
   */
  readonly entries: DaySpan | null;
  /** Users with several rows of one instant, where their order of arrival matters: followed row by row. */
  readonly tied: readonly number[];
}

/** Puts the rows of a day together step by step. What it gives is valid until the next day. */
export class DaySteps {
  readonly #stepCount: number;
  /** Ties matter even where each row fits one step. */
  readonly #tiesMatter: boolean;
  readonly #buffers: RowsBuffer[] = [];
  #buffersUsed = 0;
  #isTied = new Uint8Array(0);
  #tied: number[] = [];

  constructor(stepCount: number, tiesMatter: boolean) {
    this.#stepCount = stepCount;
    this.#tiesMatter = tiesMatter;
  }

  of(
    lists: readonly StepList[],
    { first, end }: { readonly first: number; readonly end: number },
    startMs: number,
  ): FollowedDay {
    this.#buffersUsed = 0;
    const isStrict = lists.some(({ step }) => step === null);
    this.#findTied(isStrict || this.#tiesMatter ? lists : [], first, end);
    const steps: StepRows[] = [];
    for (let step = 0; step < this.#stepCount; step++)
      steps.push(this.#stepRows(lists, step, first));
    return {
      startMs,
      base: first,
      lists,
      steps,
      isStrict,
      entries: wholeDay,
      tied: this.#tied,
    };
  }

  /** Of several rows of one instant some have a rank above 0. */
  #findTied(lists: readonly StepList[], base: number, endUser: number): void {
    for (const user of this.#tied) this.#isTied[user] = 0;
    this.#tied = [];
    if (this.#isTied.length < endUser - base) this.#isTied = new Uint8Array(endUser - base);
    for (const { users, starts, tieRanks, rowBits, firstRow, firstRun, endRun } of lists) {
      if (tieRanks === null) continue;
      for (let run = firstRun; run < endRun; run++) {
        const user = users[run] - base;
        if (this.#isTied[user] === 1) continue;
        for (let row = starts[run]; row < starts[run + 1]; row++) {
          if (tieRanks[row] === 0 || (rowBits !== null && rowBits[row - firstRow] === 0)) continue;
          this.#isTied[user] = 1;
          this.#tied.push(user);
          break;
        }
      }
    }
  }

  #stepRows(lists: readonly StepList[], step: number, base: number): StepRows {
    const bit = 1 << step;
    const leftOut = this.#tied.length === 0 ? null : this.#isTied;
    let parts: StepRows[] = [];
    for (const [index, list] of lists.entries()) {
      if ((list.bits & bit) === 0) continue;
      if (list.rowBits === null && leftOut === null) parts.push(wholeList(list, index));
      else {
        const buffer = this.#buffer();
        buffer.takeList(list, index, bit, { leftOut, base });
        parts.push(buffer);
      }
    }
    // Two by two, so that a step of many events costs few passes.
    while (parts.length > 1) {
      const merged: StepRows[] = [];
      for (let i = 0; i + 1 < parts.length; i += 2) {
        const buffer = this.#buffer();
        buffer.takeBoth(parts[i], parts[i + 1], lists);
        merged.push(buffer);
      }
      if (parts.length % 2 === 1) merged.push(parts[parts.length - 1]);
      parts = merged;
    }
    return parts[0] ?? noStepRows;
  }

  #buffer(): RowsBuffer {
    if (this.#buffersUsed === this.#buffers.length) this.#buffers.push(new RowsBuffer());
    return this.#buffers[this.#buffersUsed++];
  }
}
