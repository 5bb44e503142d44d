import { cellCount } from '../../exec/memory.ts';
import type { RetentionCells } from '../../merge/partial.ts';
import { invalidQuery } from '../../plan/invalid-query.ts';
import type { RetentionPlan } from '../../plan/plan-types.ts';
import { intervalsOfUnits } from '../../plan/retention.ts';
import {
  countReturns,
  firstReturn,
  lastOfStreak,
  lastReturn,
  unitsToIntervals,
} from './returned-units.ts';

/** How the units of births become cells of lines; what tables of one report share. */
export class ReturnShape {
  readonly plan: RetentionPlan;
  /** Whether cells are sums of numbers, and not births. */
  readonly isOfNumbers: boolean;
  /** Null = each interval is one unit. */
  readonly intervalOfUnit: Uint16Array | null;
  /** Bits of the intervals of the birth at hand. */
  readonly #intervals: Uint32Array;
  /** Cohorts that have somebody, over all segments: each has `intervals` cells. */
  #lineCount = 0;

  constructor(plan: RetentionPlan) {
    this.plan = plan;
    this.isOfNumbers = (plan.options?.measure.type ?? 'users') !== 'users';
    this.intervalOfUnit = (plan.options?.brackets ?? null) === null ? null : intervalsOfUnits(plan);
    this.#intervals = new Uint32Array(Math.ceil(plan.intervals / 32));
  }

  /** Adds to `returns` where the criterion begins or ends to count, of bits by unit. */
  addReturns(words: Uint32Array, base: number, wordCount: number, returns: Float64Array): void {
    if (this.intervalOfUnit === null) this.#add(words, base, wordCount, returns);
    else {
      unitsToIntervals(words, base, wordCount, this.intervalOfUnit, this.#intervals);
      this.#add(this.#intervals, 0, this.#intervals.length, returns);
    }
  }

  /**
   * The last interval whose returns count, −1 = none does: in a streak that of its end, else (with any return at
   * all) the last there is.
   */
  lastCounted(words: Uint32Array, base: number, wordCount: number): number {
    if (this.plan.criterion !== 'streak') {
      return firstReturn(words, base, wordCount) < 0 ? -1 : this.plan.intervals - 1;
    }
    if (this.intervalOfUnit === null) return lastOfStreak(words, base, wordCount);
    unitsToIntervals(words, base, wordCount, this.intervalOfUnit, this.#intervals);
    return lastOfStreak(this.#intervals, 0, this.#intervals.length);
  }

  newLine(): Float64Array {
    cellCount(++this.#lineCount, this.plan.intervals);
    return new Float64Array(this.plan.intervals);
  }

  #add(words: Uint32Array, base: number, wordCount: number, returns: Float64Array): void {
    switch (this.plan.criterion) {
      case 'on':
        countReturns(words, base, wordCount, returns);
        return;
      case 'on_or_after':
        addAt(returns, lastReturn(words, base, wordCount));
        return;
      case 'on_or_before':
        addAt(returns, firstReturn(words, base, wordCount));
        return;
      case 'streak':
        addAt(returns, lastOfStreak(words, base, wordCount));
    }
  }
}

function addAt(returns: Float64Array, interval: number): void {
  if (interval >= 0) returns[interval]++;
}

/** Sizes and returns by cohort. */
export class CohortTable {
  readonly #shape: ReturnShape;
  readonly #sizes: Float64Array;
  /**
   * By cohort and interval: births where the criterion begins or ends to count (with a return in it, with the first
   * or the last one in it, with the end of the streak), or sums of numbers. Undefined where the cohort has nobody.
   */
  readonly #cells: (Float64Array | undefined)[];
  /** Of sums alone: what rounding took from each (Neumaier). */
  readonly #corrections: (Float64Array | undefined)[];

  constructor(shape: ReturnShape) {
    this.#shape = shape;
    this.#sizes = new Float64Array(shape.plan.buckets.length);
    this.#cells = shape.plan.buckets.map(() => undefined);
    this.#corrections = [];
  }

  /** Somebody more is in the cohort. */
  addMember(cohort: number): void {
    this.#sizes[cohort]++;
    this.#cells[cohort] ??= this.#shape.newLine();
  }

  /** What a member of the cohort came back in: bits by unit. */
  addReturns(cohort: number, words: Uint32Array, base: number, wordCount: number): void {
    const cells = (this.#cells[cohort] ??= this.#shape.newLine());
    this.#shape.addReturns(words, base, wordCount, cells);
  }

  addNumber(cohort: number, interval: number, number: number): void {
    const sums = (this.#cells[cohort] ??= this.#shape.newLine());
    const corrections = (this.#corrections[cohort] ??= new Float64Array(sums.length));
    const before = sums[interval];
    const after = before + number;
    corrections[interval] +=
      Math.abs(before) >= Math.abs(number) ? before - after + number : number - after + before;
    sums[interval] = after;
  }

  cells(): RetentionCells {
    const { isOfNumbers, plan } = this.#shape;
    const cohorts = this.#cells.flatMap((cells, cohort) => (cells ? [cohort] : []));
    const own = cohorts.map((cohort) => Array.from(this.#cells[cohort] ?? []));
    return {
      cohorts,
      sizes: cohorts.map((cohort) => this.#sizes[cohort]),
      counts: isOfNumbers ? own.map(checked) : own.map((counts) => accumulated(plan, counts)),
      ...(isOfNumbers && { corrections: cohorts.map((cohort) => this.#correctionsOf(cohort)) }),
    };
  }

  #correctionsOf(cohort: number): number[] {
    return Array.from(this.#corrections[cohort] ?? new Float64Array(this.#shape.plan.intervals));
  }
}

/** From where births begin or end to count, to all that count in each interval (6.2). */
function accumulated({ criterion }: RetentionPlan, counts: number[]): number[] {
  switch (criterion) {
    case 'on':
      return counts;
    case 'on_or_before':
      for (let n = 1; n < counts.length; n++) counts[n] += counts[n - 1];
      return counts;
    case 'on_or_after':
    case 'streak':
      // Whoever comes back in an interval counts in all before it.
      for (let n = counts.length - 2; n >= 0; n--) counts[n] += counts[n + 1];
      return counts;
  }
}

function checked(sums: number[]): number[] {
  if (sums.every((sum) => Number.isFinite(sum))) return sums;
  throw invalidQuery('the sum of a property is larger than a number can hold: filter it');
}
