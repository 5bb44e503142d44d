import type { RetentionPartial } from '../../merge/partial.ts';
import type { RetentionPlan } from '../../plan/plan-types.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import type { BirthLog } from './birth-log.ts';
import { CohortTable, ReturnShape } from './cohort-table.ts';
import { MergedSlots } from './merged-slots.ts';
import type { ReturnPairs } from './return-pairs.ts';

/** What births and their returns add up to. */
export class RetentionTally {
  readonly #by: 'birth' | 'return' | 'both';
  readonly #slots: SegmentSlots | null;
  readonly #shape: ReturnShape;
  readonly #overall: CohortTable;
  /** Of each slot of the breakdown that somebody is in. */
  readonly #segments: (CohortTable | undefined)[] = [];
  /** Segments of the returns of the birth at hand; null = they are those of births. */
  readonly #merged: MergedSlots | null;
  /** By slot: 1 + the birth at hand where it is in it. */
  #births = new Uint32Array(0);

  constructor(plan: RetentionPlan, slots: SegmentSlots | null, wordCount: number) {
    this.#by = plan.options?.segmentBy ?? 'birth';
    this.#slots = slots;
    this.#shape = new ReturnShape(plan);
    this.#overall = new CohortTable(this.#shape);
    this.#merged = this.#by === 'birth' ? null : new MergedSlots(wordCount);
  }

  /** `pairs`: what births came back with, where rows were looked at for it. */
  take(births: BirthLog, pairs: ReturnPairs): void {
    const { count } = births;
    pairs.reach(count);
    for (let birth = 0; birth < count; birth++) this.#addTo(this.#overall, births, birth, pairs);
    if (!this.#slots) return;
    if (this.#merged) this.#takeReturned(this.#slots, this.#merged, births, pairs);
    else this.#takeBorn(this.#slots, births, pairs);
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

  /** All returns of a birth count in each segment of its own. */
  #takeBorn(slots: SegmentSlots, births: BirthLog, pairs: ReturnPairs): void {
    const codes = slots.codesOf(births);
    const { starts, slots: own } = slots.index;
    for (let birth = 0; birth < births.count; birth++) {
      for (let at = starts[codes[birth]]; at < starts[codes[birth] + 1]; at++) {
        this.#addTo(this.#table(own[at]), births, birth, pairs);
      }
    }
  }

  /** A return counts in its own segments: in all of them, or in those that its birth has too (6.6). */
  #takeReturned(
    slots: SegmentSlots,
    merged: MergedSlots,
    births: BirthLog,
    pairs: ReturnPairs,
  ): void {
    const codes = this.#by === 'both' ? slots.codesOf(births) : null;
    const { index } = slots;
    if (this.#births.length < index.segments.length) {
      this.#births = new Uint32Array(index.segments.length * 2);
    } else this.#births.fill(0);
    for (let birth = 0; birth < births.count; birth++) {
      const cohort = births.cohorts.array[birth];
      merged.take(birth, pairs, index);
      if (codes === null) this.#addReturned(cohort, birth, merged);
      else {
        const code = codes[birth];
        for (let at = index.starts[code]; at < index.starts[code + 1]; at++) {
          this.#addBoth(cohort, birth, index.slots[at], merged);
        }
      }
      if (this.#shape.isOfNumbers) this.#addNumbers(cohort, birth, merged, pairs);
    }
  }

  /** Each segment that the birth has a return in which counts has the birth as a member. */
  #addReturned(cohort: number, birth: number, merged: MergedSlots): void {
    for (let number = 0; number < merged.count; number++) {
      if (this.#lastCounted(merged, number) < 0) continue;
      this.#births[merged.slots[number]] = birth + 1;
      const table = this.#table(merged.slots[number]);
      table.addMember(cohort);
      this.#addSlot(table, cohort, merged, number);
    }
  }

  #addBoth(cohort: number, birth: number, slot: number, merged: MergedSlots): void {
    this.#births[slot] = birth + 1;
    const table = this.#table(slot);
    table.addMember(cohort);
    const number = merged.numberOf(slot);
    if (number >= 0) this.#addSlot(table, cohort, merged, number);
  }

  #addSlot(table: CohortTable, cohort: number, merged: MergedSlots, number: number): void {
    if (this.#shape.isOfNumbers) return;
    const { words, wordCount } = merged;
    table.addReturns(cohort, words, number * wordCount, wordCount);
  }

  /** Numbers go to the segments of their own value that the birth is in. */
  #addNumbers(cohort: number, birth: number, merged: MergedSlots, pairs: ReturnPairs): void {
    if (!this.#slots) return;
    const { starts, slots } = this.#slots.index;
    const previous = pairs.previous.array;
    const values = pairs.values.array;
    for (let pair = pairs.latest.array[birth]; pair !== 0; pair = previous[pair - 1]) {
      const value = values[pair - 1];
      for (let at = starts[value]; at < starts[value + 1]; at++) {
        const slot = slots[at];
        if (this.#births[slot] !== birth + 1) continue;
        const last = this.#lastCounted(merged, merged.numberOf(slot));
        this.#addPair(this.#table(slot), cohort, pair - 1, last, pairs);
      }
    }
  }

  /** A birth with all that its user came back for. */
  #addTo(table: CohortTable, births: BirthLog, birth: number, pairs: ReturnPairs): void {
    const cohort = births.cohorts.array[birth];
    const { wordCount } = births;
    const words = births.returned.array;
    table.addMember(cohort);
    if (!this.#shape.isOfNumbers) {
      table.addReturns(cohort, words, birth * wordCount, wordCount);
      return;
    }
    const last = this.#shape.lastCounted(words, birth * wordCount, wordCount);
    const previous = pairs.previous.array;
    for (let pair = pairs.latest.array[birth]; pair !== 0; pair = previous[pair - 1]) {
      this.#addPair(table, cohort, pair - 1, last, pairs);
    }
  }

  /** Adds the numbers of a pair up to an interval. */
  #addPair(
    table: CohortTable,
    cohort: number,
    pair: number,
    last: number,
    pairs: ReturnPairs,
  ): void {
    const { intervalOfUnit } = this.#shape;
    const units = pairs.units.array;
    const previous = pairs.previousCells.array;
    for (let cell = pairs.latestCells.array[pair]; cell !== 0; cell = previous[cell - 1]) {
      const unit = units[cell - 1];
      const interval = intervalOfUnit === null ? unit : intervalOfUnit[unit];
      if (interval > last) continue;
      table.addNumber(cohort, interval, pairs.sums.array[cell - 1]);
      table.addNumber(cohort, interval, pairs.corrections.array[cell - 1]);
    }
  }

  #lastCounted({ words, wordCount }: MergedSlots, number: number): number {
    return this.#shape.lastCounted(words, number * wordCount, wordCount);
  }

  #table(slot: number): CohortTable {
    return (this.#segments[slot] ??= new CohortTable(this.#shape));
  }
}
