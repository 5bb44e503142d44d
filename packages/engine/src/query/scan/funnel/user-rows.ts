import type { StepList } from './step-lists.ts';
import { runOf } from './step-rows.ts';
import { attributedValue } from './value-rule.ts';
import type { ValueRule } from './value-rule.ts';

/** The step rows of one user on one day, by (time, arrival). */
export class UserRows {
  count = 0;
  /** Ms since the start of the day. */
  times = new Uint32Array(32);
  /** Bit s is set where the row fits step s. */
  bits = new Uint32Array(32);
  /** Index of the list that the row is in, and its number there. */
  lists = new Uint16Array(32);
  rows = new Uint32Array(32);
  /** Rows of the runs being merged: position, end, list. */
  readonly #positions: number[] = [];
  readonly #ends: number[] = [];
  readonly #runLists: number[] = [];

  take(ordinal: number, lists: readonly StepList[]): void {
    let runCount = 0;
    let total = 0;
    for (const [index, list] of lists.entries()) {
      const run = runOf(list, ordinal);
      if (run < 0) continue;
      this.#positions[runCount] = list.starts[run];
      this.#ends[runCount] = list.starts[run + 1];
      this.#runLists[runCount++] = index;
      total += list.starts[run + 1] - list.starts[run];
    }
    this.#reserve(total);
    this.count = 0;
    this.#merge(lists, runCount);
  }

  /** Takes the earliest row of all runs, again and again. */
  #merge(lists: readonly StepList[], runCount: number): void {
    const positions = this.#positions;
    const ends = this.#ends;
    const runLists = this.#runLists;
    let left = runCount;
    while (left > 0) {
      let best = 0;
      for (let run = 1; run < left; run++) {
        const own = lists[runLists[run]];
        const first = lists[runLists[best]];
        if (isBefore(own, positions[run], first, positions[best])) best = run;
      }
      this.#push(runLists[best], lists[runLists[best]], positions[best]);
      if (++positions[best] < ends[best]) continue;
      left--;
      positions[best] = positions[left];
      ends[best] = ends[left];
      runLists[best] = runLists[left];
    }
  }

  /** Takes a row that comes after all that were taken. */
  #push(index: number, list: StepList, row: number): void {
    const bits = list.rowBits === null ? list.bits : list.rowBits[row - list.firstRow];
    if (bits === 0) return;
    const at = this.count++;
    this.times[at] = list.times[row];
    this.bits[at] = bits;
    this.lists[at] = index;
    this.rows[at] = row;
  }

  #reserve(count: number): void {
    if (count <= this.times.length) return;
    this.times = new Uint32Array(count * 2);
    this.bits = new Uint32Array(count * 2);
    this.lists = new Uint16Array(count * 2);
    this.rows = new Uint32Array(count * 2);
  }
}

function isBefore(left: StepList, leftRow: number, right: StepList, rightRow: number): boolean {
  const difference = left.times[leftRow] - right.times[rightRow];
  if (difference !== 0) return difference < 0;
  const rank = left.tieRanks === null ? 0 : left.tieRanks[leftRow];
  return rank < (right.tieRanks === null ? 0 : right.tieRanks[rightRow]);
}

/** The row after the last one of the instant of `row`. */
export function endOfInstant({ times, count }: UserRows, row: number): number {
  let next = row + 1;
  while (next < count && times[next] === times[row]) next++;
  return next;
}

/** The first row of the instant that fits step `step` and is no step yet; `end` where there is none. */
export function firstUnused(
  { bits }: UserRows,
  used: Uint8Array,
  { first, end }: { readonly first: number; readonly end: number },
  step: number,
): number {
  let row = first;
  while (row < end && (((bits[row] >>> step) & 1) === 0 || used[row - first] === 1)) row++;
  return row;
}

/** The row is step number `step` of the attempt whose values lie at `at`. */
export function fillValues(
  { rows: { lists, rows }, row, step }: { rows: UserRows; row: number; step: number },
  from: readonly StepList[],
  rule: ValueRule,
  values: Uint32Array,
  at: number,
): void {
  const readers = from[lists[row]].values;
  for (let v = 0; v < readers.length; v++) {
    values[at + v] = attributedValue(rule, step, values[at + v], readers[v].idOf(rows[row]));
  }
}
