import { stepGroups } from '../../kernels/follow-any-order.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { Attempts } from '../attempts.ts';

/**
 * Which steps of the query attempts did, in the order in which they were done (5.5, top paths). Where steps follow one
 * another these are their numbers; in any order an event that fits several steps is the first of them that leaves a step
 * for each other event of the attempt.
 */
export class StepPaths {
  /** Masks of the steps, by view row. */
  readonly #masks: readonly Uint8Array[];
  /** Group g is of the steps groups[g] … groups[g + 1] − 1; each is done before the next begins. */
  readonly #groups: Int32Array;
  /** Attempts of the same events are many: by which steps their rows fit. */
  readonly #known = new Map<string, readonly number[]>();

  constructor({ steps, options }: FunnelPlan, masks: readonly Uint8Array[]) {
    this.#masks = masks;
    this.#groups =
      options?.order === 'any'
        ? stepGroups(steps.length, options.anchors)
        : Int32Array.from({ length: steps.length + 1 }, (_, step) => step);
  }

  /** The path of the attempt at a place. */
  of({ stepCount, stepRows }: Attempts, place: number): readonly number[] {
    const candidates: number[][] = [];
    for (let group = 0; group + 1 < this.#groups.length; group++) {
      const [first, end] = [this.#groups[group], this.#groups[group + 1]];
      for (let position = first; position < end; position++) {
        const row = stepRows[place * stepCount + position];
        if (row < 0) return this.#dealt(candidates);
        candidates.push(end - first === 1 ? [first] : this.#fitting(row, first, end));
      }
    }
    return this.#dealt(candidates);
  }

  #fitting(row: number, first: number, end: number): number[] {
    const steps: number[] = [];
    for (let step = first; step < end; step++) if (this.#masks[step][row] === 1) steps.push(step);
    return steps;
  }

  #dealt(candidates: readonly (readonly number[])[]): readonly number[] {
    const key = candidates.join(';');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const path = firstDeal(candidates);
    this.#known.set(key, path);
    return path;
  }
}

/**
 * Deals out a step to each row, of those that it may have (ascending): the lowest steps to the earliest rows.
 * There is a way to do so, as an attempt has such rows alone.
 */
export function firstDeal(candidates: readonly (readonly number[])[]): readonly number[] {
  const deal = new Deal(candidates);
  for (let row = 0; row < candidates.length; row++) deal.place(row);
  for (let row = 0; row < candidates.length; row++) deal.lower(row);
  return deal.steps;
}

class Deal {
  readonly steps: number[] = [];
  readonly #candidates: readonly (readonly number[])[];
  readonly #rowOf = new Map<number, number>();

  constructor(candidates: readonly (readonly number[])[]) {
    this.#candidates = candidates;
  }

  place(row: number): void {
    this.#move(row, 0, new Set());
  }

  /** Gives a row the lowest step that later rows can do without; what those before it have is settled. */
  lower(row: number): void {
    const own = this.steps[row];
    for (const step of this.#candidates[row]) {
      if (step === own) return;
      const holder = this.#rowOf.get(step);
      if (holder !== undefined && holder < row) continue;
      this.#rowOf.delete(own);
      this.#take(row, step);
      if (holder === undefined || this.#move(holder, row + 1, new Set([step]))) return;
      this.#take(holder, step);
      this.#take(row, own);
    }
  }

  /** Gives a row a step that is not visited, where need be that of another row, from `first` on, which gets another one. */
  #move(row: number, first: number, visited: Set<number>): boolean {
    for (const step of this.#candidates[row]) {
      if (visited.has(step)) continue;
      visited.add(step);
      const holder = this.#rowOf.get(step);
      if (holder !== undefined && (holder < first || !this.#move(holder, first, visited))) continue;
      this.#take(row, step);
      return true;
    }
    return false;
  }

  #take(row: number, step: number): void {
    this.#rowOf.set(step, row);
    this.steps[row] = step;
  }
}
