import { cellCount } from '../../exec/memory.ts';
import type { RetentionCells, RetentionPartial } from '../../merge/partial.ts';
import type { RetentionPlan } from '../../plan/plan-types.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import type { BirthLog } from './birth-log.ts';

/** What births and their returns add up to. */
export class RetentionTally {
  readonly #plan: RetentionPlan;
  readonly #slots: SegmentSlots | null;
  readonly #overall: CohortTable;
  /** Of each slot of the breakdown that somebody is in. */
  readonly #segments: (CohortTable | undefined)[] = [];
  /** Cohorts that have somebody, over all segments: each has `intervals` cells. */
  readonly #lines = { count: 0 };

  constructor(plan: RetentionPlan, slots: SegmentSlots | null) {
    this.#plan = plan;
    this.#slots = slots;
    this.#overall = new CohortTable(plan, this.#lines);
  }

  take(births: BirthLog): void {
    const { count } = births;
    for (let birth = 0; birth < count; birth++) this.#overall.add(births, birth);
    if (!this.#slots) return;
    const codes = this.#slots.codesOf(births);
    const { starts, slots } = this.#slots.index;
    for (let birth = 0; birth < count; birth++) {
      for (let at = starts[codes[birth]]; at < starts[codes[birth] + 1]; at++) {
        const table = (this.#segments[slots[at]] ??= new CohortTable(this.#plan, this.#lines));
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
  readonly #lines: { count: number };
  readonly #sizes: Float64Array;
  /**
   * By cohort and interval: births with a return in it; with `on_or_after`, births whose last return is in
   * it. Undefined where the cohort has nobody.
   */
  readonly #returns: (Float64Array | undefined)[];

  constructor(plan: RetentionPlan, lines: { count: number }) {
    this.#plan = plan;
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
    if (this.#plan.criterion === 'on') {
      for (let word = 0; word < wordCount; word++) {
        let bits = words[birth * wordCount + word];
        while (bits !== 0) {
          const bit = 31 - Math.clz32(bits);
          returns[word * 32 + bit]++;
          bits ^= 1 << bit;
        }
      }
      return;
    }
    for (let word = wordCount - 1; word >= 0; word--) {
      const bits = words[birth * wordCount + word];
      if (bits === 0) continue;
      returns[word * 32 + 31 - Math.clz32(bits)]++;
      return;
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

  #countsOf(returns: Float64Array): number[] {
    const counts = Array.from(returns);
    if (this.#plan.criterion === 'on') return counts;
    // Whoever comes back in an interval counts in all before it (6.2).
    for (let n = counts.length - 2; n >= 0; n--) counts[n] += counts[n + 1];
    return counts;
  }

  #line(): Float64Array {
    cellCount(++this.#lines.count, this.#plan.intervals);
    return new Float64Array(this.#plan.intervals);
  }
}
