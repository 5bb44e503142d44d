import { GrowableFloat64, GrowableUint32 } from '../../../base/growable.ts';
import { packDurations } from '../../merge/packed-durations.ts';
import type { DurationList } from '../../merge/packed-durations.ts';
import type { FunnelCells } from '../../merge/partial.ts';
import { sortDurations } from '../../merge/sort-durations.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { AttemptTable } from './attempt-table.ts';
import { StepSums } from './step-sums.ts';

/** Durations of one step, or between two. */
export type Durations = GrowableUint32 | GrowableFloat64;

/** Attempts by the step they reached, and the times of their steps. */
export class StepTally {
  /** Attempts by level. */
  readonly #levels: Float64Array;
  /** By step; those of the first step stay empty. */
  readonly #fromEntry: readonly Durations[];
  /** By step; those of the second step are its times from the entry. */
  readonly #fromPrevious: readonly Durations[];
  /** Between two steps whose times none of these lists has; null = none are asked for. */
  readonly #between: {
    readonly from: number;
    readonly to: number;
    readonly times: Durations;
  } | null;
  /** Null = nothing is summed up. */
  readonly #sums: StepSums | null;

  constructor({ steps, windowMs, options }: FunnelPlan) {
    const make = (): Durations => durationsWithin(windowMs);
    this.#levels = new Float64Array(steps.length + 1);
    this.#fromEntry = steps.map(make);
    this.#fromPrevious = steps.map(make);
    const asked = options?.times ?? null;
    this.#between = asked?.isOwn === true ? { ...asked, times: make() } : null;
    this.#sums = (options?.sum ?? null) === null ? null : new StepSums(steps.length);
  }

  /** Counts an attempt, and adds up the numbers of its steps. */
  count(table: AttemptTable, attempt: number): void {
    this.#levels[table.levels.array[attempt]]++;
    this.#sums?.add(table, attempt);
  }

  addTimes({ levels, times, shape }: AttemptTable, attempt: number): void {
    const level = levels.array[attempt];
    const all = times.array;
    const entry = attempt * shape.timeCount;
    for (let step = 1; step < level; step++) {
      const time = all[entry + step];
      this.#fromEntry[step].push(time - all[entry]);
      if (step > 1) this.#fromPrevious[step].push(time - all[entry + step - 1]);
    }
    if (this.#between === null || level <= this.#between.to) return;
    const { from, to, times: own } = this.#between;
    own.push(all[entry + to] - all[entry + from]);
  }

  /** Adds the times, and not the counts, of other attempts. */
  addTimesOf(other: StepTally): void {
    for (let step = 1; step < this.#fromEntry.length; step++) {
      addAll(other.#fromEntry[step], this.#fromEntry[step]);
      addAll(other.#fromPrevious[step], this.#fromPrevious[step]);
    }
    if (this.#between && other.#between) addAll(other.#between.times, this.#between.times);
  }

  cells(): FunnelCells {
    return {
      counts: countsOf(this.#levels),
      fromEntryMs: this.#fromEntry.map(packed),
      fromPreviousMs: this.#fromPrevious.map(packed),
      ...(this.#between && { betweenMs: packed(this.#between.times) }),
      ...this.#sums?.cells(),
    };
  }
}

/** An empty list: no duration of an attempt is longer than its window. */
export function durationsWithin(windowMs: number): Durations {
  return windowMs <= 0xffff_ffff ? new GrowableUint32() : new GrowableFloat64();
}

function addAll(source: Durations, target: Durations): void {
  target.reserve(source.length);
  target.array.set(source.array.subarray(0, source.length), target.length);
  target.length += source.length;
}

export function packed({ array, length }: Durations): DurationList {
  return packDurations(sortDurations(array.subarray(0, length)));
}

/** From attempts by level to attempts that reached each step. */
export function countsOf(levels: Float64Array): number[] {
  const counts: number[] = [];
  let reached = 0;
  for (let level = levels.length - 1; level >= 1; level--) {
    reached += levels[level];
    counts.push(reached);
  }
  return counts.reverse();
}
