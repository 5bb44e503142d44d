import {
  addFromLeft,
  addFromRight,
  countHits,
  countHitsBySlot,
  sumHits,
  sumHitsBySlot,
} from '../kernels/retention-cells.ts';
import type { RetentionSums } from '../kernels/retention-cells.ts';
import type { RetentionCells } from '../merge/partial.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import { LineTable } from './line-table.ts';
import { cellCount } from './memory.ts';
import type { RetentionRows } from './retention-rows.ts';
import type { RetentionSplit } from './retention-split.ts';
import type { RetentionWalk } from './retention-walk.ts';

/** By slot of the split: the cohorts with somebody (or, by return, with a return) in them. */
export function retentionCells(
  plan: RetentionPlan,
  rows: RetentionRows,
  split: RetentionSplit,
  walk: RetentionWalk,
): RetentionCells[] {
  const lines = new RetentionLines(plan, split);
  const { births } = split;
  for (let first = 0; first < births.rows.length;) {
    const birth = births.rows[first];
    let end = first + 1;
    while (end < births.rows.length && births.rows[end] === birth) end++;
    walk.follow(birth);
    if (split.by === 'birth') lines.addToBirth(walk, rows.cohorts[birth], first, end);
    else lines.addToSlots(walk, rows.cohorts[birth], first, end);
    first = end;
  }
  return lines.finish();
}

/** Sizes and cells of every cohort of every segment that has one. */
class RetentionLines {
  readonly #plan: RetentionPlan;
  readonly #split: RetentionSplit;
  readonly #table: LineTable;
  readonly #sizes: number[] = [];
  #cells: RetentionSums;
  /** Lines of one birth's entries. */
  readonly #own: Uint32Array;
  /** By slot: the line of it for the birth that is at work; −1 = none. */
  readonly #lineOfSlot: Int32Array;

  constructor(plan: RetentionPlan, split: RetentionSplit) {
    const slotCount = Math.max(split.births.slotCount, split.returns.slotCount);
    this.#plan = plan;
    this.#split = split;
    this.#table = new LineTable(slotCount, plan.buckets.length);
    this.#cells = this.#cellsFor(0);
    this.#own = new Uint32Array(split.births.rows.length);
    this.#lineOfSlot = new Int32Array(slotCount).fill(-1);
  }

  /** The birth lies in the slots of its entries first … end − 1, and its returns count in all of them. */
  addToBirth({ hits, numbers }: RetentionWalk, cohort: number, first: number, end: number): void {
    for (let entry = first; entry < end; entry++) {
      this.#own[entry] = this.#line(this.#split.births.slots[entry], cohort);
      this.#sizes[this.#own[entry]]++;
    }
    if (numbers === null) countHits(hits, this.#own, first, end, this.#cells);
    else sumHits(hits, numbers, this.#own, first, end, this.#cells);
  }

  /** Each return counts in its own slot: in any (`return`), or in those of the birth (`both`). */
  addToSlots({ hits, numbers }: RetentionWalk, cohort: number, first: number, end: number): void {
    const { by, births, returns } = this.#split;
    const open = this.#lineOfSlot;
    if (by === 'both') {
      for (let entry = first; entry < end; entry++) {
        const line = this.#line(births.slots[entry], cohort);
        open[births.slots[entry]] = line;
        this.#sizes[line]++;
      }
    } else {
      for (let hit = 0; hit < hits.count; hit++) {
        const slot = returns.slots[hits.entries[hit]];
        if (open[slot] >= 0) continue;
        open[slot] = this.#line(slot, cohort);
        this.#sizes[open[slot]]++;
      }
    }
    if (numbers === null) countHitsBySlot(hits, returns.slots, open, this.#cells);
    else sumHitsBySlot(hits, numbers, returns.slots, open, this.#cells);
    for (let entry = first; entry < end; entry++) open[births.slots[entry]] = -1;
    for (let hit = 0; hit < hits.count; hit++) open[returns.slots[hits.entries[hit]]] = -1;
  }

  finish(): RetentionCells[] {
    const { intervals } = this.#plan;
    const sums = this.#measuresNumbers();
    if (!sums) this.#accumulate();
    const { counts, corrections } = this.#cells;
    const lineOf = (cells: Float64Array, line: number): number[] =>
      Array.from(cells.subarray(line * intervals, (line + 1) * intervals));
    return this.#table.bySlot(this.#lineOfSlot.length).map((lines) => ({
      cohorts: lines.map((line) => this.#table.groups[line]),
      sizes: lines.map((line) => this.#sizes[line]),
      counts: lines.map((line) => checked(lineOf(counts, line))),
      ...(sums ? { corrections: lines.map((line) => lineOf(corrections, line)) } : {}),
    }));
  }

  /** A hit is where the criterion begins or ends to count: the other intervals follow from it. */
  #accumulate(): void {
    switch (this.#plan.criterion) {
      case 'on':
        return;
      case 'on_or_before':
        addFromLeft(this.#cells);
        return;
      case 'on_or_after':
      case 'streak':
        addFromRight(this.#cells);
    }
  }

  #measuresNumbers(): boolean {
    const { options } = this.#plan;
    return options !== null && options.measure.type !== 'users';
  }

  #line(slot: number, cohort: number): number {
    const line = this.#table.line(slot, cohort);
    if (line === this.#sizes.length) {
      this.#sizes.push(0);
      if ((line + 1) * this.#plan.intervals > this.#cells.counts.length) {
        this.#cells = this.#cellsFor(line + 1, this.#cells);
      }
    }
    return line;
  }

  /** Room for half as many lines again; what was there stays. */
  #cellsFor(lineCount: number, known?: RetentionSums): RetentionSums {
    const width = this.#plan.intervals;
    cellCount(lineCount, width);
    const length = Math.max(16, lineCount + (lineCount >>> 1)) * width;
    const counts = new Float64Array(length);
    const corrections = new Float64Array(this.#measuresNumbers() ? length : 0);
    if (known) {
      counts.set(known.counts);
      corrections.set(known.corrections);
    }
    return { width, counts, corrections };
  }
}

function checked(sums: number[]): number[] {
  if (sums.every((sum) => Number.isFinite(sum))) return sums;
  throw invalidQuery('the sum of a property is larger than a number can hold: filter it');
}
