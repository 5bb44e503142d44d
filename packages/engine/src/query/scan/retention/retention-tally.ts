import { cellCount } from '../../exec/memory.ts';
import type { RetentionCells, RetentionPartial } from '../../merge/partial.ts';
import type { RetentionPlan } from '../../plan/plan-types.ts';
import { intervalsOfUnits } from '../../plan/retention.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import type { BirthLog } from './birth-log.ts';
import {
  countReturns,
  firstReturn,
  lastOfStreak,
  lastReturn,
  unitsToIntervals,
} from './returned-units.ts';

/** What births and their returns add up to. */
export class RetentionTally {
  readonly #plan: RetentionPlan;
  readonly #slots: SegmentSlots | null;
  readonly #shape: ReturnShape;
  readonly #overall: CohortTable;
  /** Of each slot of the breakdown that somebody is in. */
  readonly #segments: (CohortTable | undefined)[] = [];
  /** Cohorts that have somebody, over all segments: each has `intervals` cells. */
  readonly #lines = { count: 0 };

  constructor(plan: RetentionPlan, slots: SegmentSlots | null) {
    this.#plan = plan;
    this.#slots = slots;
    this.#shape = returnShape(plan);
    this.#overall = new CohortTable(plan, this.#shape, this.#lines);
  }

  take(births: BirthLog): void {
    const { count } = births;
    for (let birth = 0; birth < count; birth++) this.#overall.add(births, birth);
    if (!this.#slots) return;
    const codes = this.#slots.codesOf(births);
    const { starts, slots } = this.#slots.index;
    for (let birth = 0; birth < count; birth++) {
      for (let at = starts[codes[birth]]; at < starts[codes[birth] + 1]; at++) {
        const table = (this.#segments[slots[at]] ??= new CohortTable(
          this.#plan,
          this.#shape,
          this.#lines,
        ));
        table.add(births, birth);
      }
    }
  }

  finish(): RetentionPartial {
    const segments = this.#slots?.index.segments ?? [];
    return {
      type: 'retention',
      overall: this.#overall.cells(),
      segments: this.#segments.flatMap((table, slot) =>
        table ? [{ segment: segments[slot], cells: table.cells() }] : [],
      ),
    };
  }
}

/** Sizes and returns by cohort. */
class CohortTable {
  readonly #plan: RetentionPlan;
  readonly #shape: ReturnShape;
  readonly #lines: { count: number };
  readonly #sizes: Float64Array;
  /**
   * By cohort and interval: births where the criterion begins or ends to count: with a return in it, with the first
   * or the last one in it, with the end of the streak. Undefined where the cohort has nobody.
   */
  readonly #returns: (Float64Array | undefined)[];

  constructor(plan: RetentionPlan, shape: ReturnShape, lines: { count: number }) {
    this.#plan = plan;
    this.#shape = shape;
    this.#lines = lines;
    this.#sizes = new Float64Array(plan.buckets.length);
    this.#returns = plan.buckets.map(() => undefined);
  }

  add(births: BirthLog, birth: number): void {
    const cohort = births.cohorts.array[birth];
    this.#sizes[cohort]++;
    const returns = (this.#returns[cohort] ??= this.#line());
    const { wordCount } = births;
    const words = births.returned.array;
    const base = birth * wordCount;
    const { intervalOfUnit, intervals } = this.#shape;
    if (intervalOfUnit === null) this.#addReturns(words, base, wordCount, returns);
    else {
      unitsToIntervals(words, base, wordCount, intervalOfUnit, intervals);
      this.#addReturns(intervals, 0, intervals.length, returns);
    }
  }

  cells(): RetentionCells {
    const cohorts = this.#returns.flatMap((returns, cohort) => (returns ? [cohort] : []));
    return {
      cohorts,
      sizes: cohorts.map((cohort) => this.#sizes[cohort]),
      counts: cohorts.map((cohort) => this.#countsOf(this.#returns[cohort] ?? new Float64Array())),
    };
  }

  #addReturns(words: Uint32Array, base: number, wordCount: number, returns: Float64Array): void {
    switch (this.#plan.criterion) {
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

  #countsOf(returns: Float64Array): number[] {
    const counts = Array.from(returns);
    switch (this.#plan.criterion) {
      case 'on':
        return counts;
      case 'on_or_before':
        for (let n = 1; n < counts.length; n++) counts[n] += counts[n - 1];
        return counts;
      case 'on_or_after':
      case 'streak':
        // Whoever comes back in an interval counts in all before it (6.2).
        for (let n = counts.length - 2; n >= 0; n--) counts[n] += counts[n + 1];
        return counts;
    }
  }

  #line(): Float64Array {
    cellCount(++this.#lines.count, this.#plan.intervals);
    return new Float64Array(this.#plan.intervals);
  }
}

function addAt(returns: Float64Array, interval: number): void {
  if (interval >= 0) returns[interval]++;
}

/** How the units of births become intervals; tables share the scratch. */
interface ReturnShape {
  /** Null = each interval is one unit. */
  readonly intervalOfUnit: Uint16Array | null;
  /** Bits of the intervals of the birth at hand. */
  readonly intervals: Uint32Array;
}

function returnShape(plan: RetentionPlan): ReturnShape {
  return {
    intervalOfUnit: (plan.options?.brackets ?? null) === null ? null : intervalsOfUnits(plan),
    intervals: new Uint32Array(Math.ceil(plan.intervals / 32)),
  };
}
