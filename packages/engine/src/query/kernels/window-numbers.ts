import type { WindowRows } from './window-rows.ts';

/**
 * One number of the rows that a window holds of each run, for runs runs[0] … runs[count − 1]: written to
 * `out` by the run's user. They are worked out from the rows in their order, whatever the window held before,
 * so that a sum rounds in the same way each time.
 */
export interface WindowRuns extends Pick<WindowRows, 'first' | 'ends'> {
  readonly runs: Uint32Array;
  readonly count: number;
  /** By run. */
  readonly users: Uint32Array;
}

export function countWindows(
  { first, ends, runs, count, users }: WindowRuns,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[users[runs[i]]] = ends[runs[i]] - first[runs[i]];
}

/** Sum of the numbers that are not NaN, or their average; NaN where there are none. */
export function sumWindows(
  { first, ends, runs, count, users }: WindowRuns,
  numbers: Float64Array,
  isAverage: boolean,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const run = runs[i];
    let sum = 0;
    let summed = 0;
    for (let row = first[run]; row < ends[run]; row++) {
      const number = numbers[row];
      if (Number.isNaN(number)) continue;
      sum += number;
      summed++;
    }
    out[users[run]] = summed === 0 ? NaN : isAverage ? sum / summed : sum;
  }
}

/** The greatest number (sign 1) or the smallest (sign −1); NaN where there are none. */
export function findWindowExtremes(
  { first, ends, runs, count, users }: WindowRuns,
  numbers: Float64Array,
  sign: 1 | -1,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const run = runs[i];
    let extreme = NaN;
    for (let row = first[run]; row < ends[run]; row++) {
      const number = numbers[row];
      // Of NaN nothing is greater: the first number takes its place.
      if (!Number.isNaN(number) && !(extreme * sign >= number * sign)) extreme = number;
    }
    out[users[run]] = extreme;
  }
}

/** How many different codes there are; 0 is none. `seen`: by code, all 0 at first, reused by the caller. */
export function countWindowCodes(
  { first, ends, runs, count, users }: WindowRuns,
  codes: Uint32Array,
  seen: { readonly marks: Uint32Array; mark: number },
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const run = runs[i];
    const mark = ++seen.mark;
    let different = 0;
    for (let row = first[run]; row < ends[run]; row++) {
      const code = codes[row];
      if (code === 0 || seen.marks[code] === mark) continue;
      seen.marks[code] = mark;
      different++;
    }
    out[users[run]] = different;
  }
}

/** How many different numbers there are, where equal ones lie side by side. */
export function countWindowChanges(
  { first, ends, runs, count, users }: WindowRuns,
  numbers: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const run = runs[i];
    const from = first[run];
    let different = from < ends[run] ? 1 : 0;
    for (let row = from + 1; row < ends[run]; row++) {
      if (numbers[row] !== numbers[row - 1]) different++;
    }
    out[users[run]] = different;
  }
}
