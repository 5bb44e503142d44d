import type { FunnelCells } from '../../merge/partial.ts';
import type { DurationList } from '../../merge/packed-durations.ts';
import { packDurations } from '../../merge/packed-durations.ts';
import { sortDurations } from '../../merge/sort-durations.ts';
import { invalidQuery } from '../../plan/invalid-query.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { Attempts } from '../attempts.ts';
import type { RowContext } from '../row-context.ts';

/** What cells of a funnel are made with. */
export interface CellInput {
  readonly timing: boolean;
  /** Steps whose times no list of a step has; null = none are asked for. */
  readonly between: { readonly from: number; readonly to: number } | null;
  /** By view row. */
  readonly times: Float64Array;
  /** The number of each view row that is summed up, NaN = none; null = nothing is. */
  readonly numbers: Float64Array | null;
}

export function cellInput(plan: FunnelPlan, { view, frame }: RowContext): CellInput {
  const property = plan.options?.sum ?? null;
  const { times } = view;
  const asked = plan.options?.times ?? null;
  const own = { timing: plan.timing, between: asked?.isOwn === true ? asked : null, times };
  if (property === null) return { ...own, numbers: null };
  const numbers = new Float64Array(view.rowCount).fill(NaN);
  const column = frame.column(property);
  if (column !== undefined) {
    const byCode = Float64Array.from(column.values, (value) =>
      typeof value === 'number' ? value : NaN,
    );
    byCode[0] = NaN;
    for (let row = 0; row < numbers.length; row++) numbers[row] = byCode[column.codes[row]];
  }
  return { ...own, numbers };
}

/** Cells of the attempts at these places. */
export function funnelCells(
  attempts: Attempts,
  places: Uint32Array,
  input: CellInput,
): FunnelCells {
  const { stepCount, stepRows } = attempts;
  const counts: number[] = [];
  const fromEntryMs: DurationList[] = [];
  const fromPreviousMs: DurationList[] = [];
  for (let step = 0; step < stepCount; step++) {
    let count = 0;
    for (let i = 0; i < places.length; i++) {
      if (stepRows[places[i] * stepCount + step] >= 0) count++;
    }
    counts.push(count);
    const timed = step > 0 && input.timing ? count : 0;
    fromEntryMs.push(timed ? durations(attempts, places, { from: 0, to: step }, input) : []);
    const between = { from: step - 1, to: step };
    fromPreviousMs.push(timed && step > 1 ? durations(attempts, places, between, input) : []);
  }
  const { numbers, between } = input;
  return {
    counts,
    fromEntryMs,
    fromPreviousMs,
    ...(between !== null && { betweenMs: durations(attempts, places, between, input) }),
    ...(numbers !== null && sumSteps(attempts, places, numbers)),
  };
}

/** Times between two steps of the attempts that reached the later one, ascending. */
export function durations(
  { stepCount, stepRows }: Attempts,
  places: Uint32Array,
  { from, to }: { readonly from: number; readonly to: number },
  { times }: CellInput,
): DurationList {
  const found = new Float64Array(places.length);
  let count = 0;
  for (let i = 0; i < places.length; i++) {
    const base = places[i] * stepCount;
    const row = stepRows[base + to];
    if (row >= 0) found[count++] = durationBetween(times, stepRows[base + from], row);
  }
  return packDurations(sortDurations(found.slice(0, count)));
}

/** Within the grace a later step may lie before: it took no time. */
export function durationBetween(times: Float64Array, from: number, to: number): number {
  return Math.max(0, times[to] - times[from]);
}

/** Sums of numbers by step, with what rounding took from each (Neumaier). */
function sumSteps(
  { stepCount, stepRows }: Attempts,
  places: Uint32Array,
  numbers: Float64Array,
): { readonly sums: readonly number[]; readonly corrections: readonly number[] } {
  const sums = new Float64Array(stepCount);
  const corrections = new Float64Array(stepCount);
  for (let i = 0; i < places.length; i++) {
    for (let step = 0; step < stepCount; step++) {
      const row = stepRows[places[i] * stepCount + step];
      if (row < 0) break;
      const value = numbers[row];
      if (value !== value) continue;
      const before = sums[step];
      const after = before + value;
      corrections[step] +=
        Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
      sums[step] = after;
    }
  }
  if (!sums.every(Number.isFinite)) {
    throw invalidQuery('the sum of a step is larger than a number can hold: filter it');
  }
  return { sums: Array.from(sums), corrections: Array.from(corrections) };
}

/** Places by slot. */
export function placesBySlot(
  { places, slots }: { readonly places: Uint32Array; readonly slots: Uint32Array },
  slotCount: number,
): Uint32Array[] {
  const ends = new Uint32Array(slotCount + 1);
  for (let i = 0; i < slots.length; i++) ends[slots[i] + 1]++;
  for (let slot = 0; slot < slotCount; slot++) ends[slot + 1] += ends[slot];
  const next = ends.slice();
  const all = new Uint32Array(places.length);
  for (let i = 0; i < places.length; i++) all[next[slots[i]]++] = places[i];
  return Array.from({ length: slotCount }, (_, slot) => all.subarray(ends[slot], ends[slot + 1]));
}
