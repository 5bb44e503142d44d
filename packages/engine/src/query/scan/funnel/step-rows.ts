import { firstRunOf } from '../day-span.ts';
import type { StepList } from './step-lists.ts';

/** The rows of a day and range of users that fit one step: runs of users, ordered as in `EventRows`. */
export interface StepRows {
  /** Of runs firstRun … endRun − 1: ordinals, ascending. */
  readonly users: Uint32Array;
  readonly starts: Uint32Array;
  /** Ms since the start of the day. */
  readonly times: Uint32Array;
  readonly firstRun: number;
  readonly endRun: number;
  /** Number of each row in its list; null = the list itself is read. */
  readonly rows: Uint32Array | null;
  /** Index of the list of each row; null = all are in `list`. */
  readonly lists: Uint16Array | null;
  readonly list: number;
}

export const noStepRows: StepRows = {
  users: new Uint32Array(),
  starts: new Uint32Array(1),
  times: new Uint32Array(),
  firstRun: 0,
  endRun: 0,
  rows: null,
  lists: null,
  list: 0,
};

/** A list whose rows all fit. */
export function wholeList(list: StepList, index: number): StepRows {
  const { users, starts, times, firstRun, endRun } = list;
  return { users, starts, times, firstRun, endRun, rows: null, lists: null, list: index };
}

/** Id of attributed value v of row i. */
export function valueOf(
  { rows, lists, list }: StepRows,
  i: number,
  v: number,
  from: readonly StepList[],
): number {
  const own = from[lists === null ? list : lists[i]];
  return own.values[v].idOf(rows === null ? i : rows[i]);
}

/** Id of held property h of row i; 0 = the row has none. */
export function heldOf(
  { rows, lists, list }: StepRows,
  i: number,
  h: number,
  from: readonly StepList[],
): number {
  const own = from[lists === null ? list : lists[i]];
  return own.held[h].idOf(rows === null ? i : rows[i]);
}

/** The number of row i that is summed up; NaN = it has none. */
export function numberOf(
  { rows, lists, list }: StepRows,
  i: number,
  from: readonly StepList[],
): number {
  return numberAt(from[lists === null ? list : lists[i]], rows === null ? i : rows[i]);
}

/** The same by the row's number in its list. */
export function numberAt({ summed }: StepList, row: number): number {
  if (summed === null) return NaN;
  const code = summed.codes[row];
  return code === 0 ? NaN : summed.dictionary.numbers[code];
}

/** Of the rows of user `ordinal` in a list: its run, or −1. */
export function runOf({ users, firstRun, endRun }: StepList, ordinal: number): number {
  const run = firstRunOf(users, ordinal, firstRun);
  return run < endRun && users[run] === ordinal ? run : -1;
}

/** Step rows that are copied together, in arrays that are used again. */
export class RowsBuffer implements StepRows {
  users = new Uint32Array(64);
  starts = new Uint32Array(64);
  times = new Uint32Array(64);
  rows = new Uint32Array(64);
  lists = new Uint16Array(64);
  readonly firstRun = 0;
  endRun = 0;
  readonly list = 0;

  /**
   * Takes the rows of a list that fit the step of `bit`, but those of users with a 1 in `leftOut`, which
   * begins with ordinal `base`.
   */
  takeList(
    list: StepList,
    index: number,
    bit: number,
    { leftOut, base }: { readonly leftOut: Uint8Array | null; readonly base: number },
  ): void {
    const { users, starts, times, rowBits, firstRow, firstRun, endRun } = list;
    this.#reserve(endRun - firstRun, starts[endRun] - starts[firstRun]);
    let run = 0;
    let count = 0;
    for (let from = firstRun; from < endRun; from++) {
      if (leftOut !== null && leftOut[users[from] - base] === 1) continue;
      const start = count;
      const end = starts[from + 1];
      for (let row = starts[from]; row < end; row++) {
        if (rowBits !== null && (rowBits[row - firstRow] & bit) === 0) continue;
        this.times[count] = times[row];
        this.rows[count++] = row;
      }
      if (count === start) continue;
      this.users[run] = users[from];
      this.starts[run++] = start;
    }
    this.starts[run] = count;
    this.lists.fill(index, 0, count);
    this.endRun = run;
  }

  /** Takes the rows of two, ordered by (user, time, arrival). */
  takeBoth(left: StepRows, right: StepRows, lists: readonly StepList[]): void {
    this.#reserve(runCount(left) + runCount(right), rowCount(left) + rowCount(right));
    let l = left.firstRun;
    let r = right.firstRun;
    let run = 0;
    let count = 0;
    while (l < left.endRun || r < right.endRun) {
      const leftUser = l < left.endRun ? left.users[l] : 0xffff_ffff;
      const rightUser = r < right.endRun ? right.users[r] : 0xffff_ffff;
      this.users[run] = Math.min(leftUser, rightUser);
      this.starts[run++] = count;
      if (leftUser < rightUser) count = this.#copyRun(left, l++, count);
      else if (rightUser < leftUser) count = this.#copyRun(right, r++, count);
      else count = this.#mergeRuns(left, l++, right, r++, count, lists);
    }
    this.starts[run] = count;
    this.endRun = run;
  }

  #copyRun(source: StepRows, run: number, at: number): number {
    let to = at;
    for (let i = source.starts[run]; i < source.starts[run + 1]; i++) this.#put(source, i, to++);
    return to;
  }

  #mergeRuns(
    left: StepRows,
    leftRun: number,
    right: StepRows,
    rightRun: number,
    at: number,
    lists: readonly StepList[],
  ): number {
    let to = at;
    let l = left.starts[leftRun];
    let r = right.starts[rightRun];
    const leftEnd = left.starts[leftRun + 1];
    const rightEnd = right.starts[rightRun + 1];
    while (l < leftEnd && r < rightEnd) {
      const later =
        left.times[l] - right.times[r] || rankOf(left, l, lists) - rankOf(right, r, lists);
      if (later <= 0) this.#put(left, l++, to++);
      else this.#put(right, r++, to++);
    }
    while (l < leftEnd) this.#put(left, l++, to++);
    while (r < rightEnd) this.#put(right, r++, to++);
    return to;
  }

  #put({ times, rows, lists, list }: StepRows, from: number, to: number): void {
    this.times[to] = times[from];
    this.rows[to] = rows === null ? from : rows[from];
    this.lists[to] = lists === null ? list : lists[from];
  }

  #reserve(runs: number, rows: number): void {
    if (runs >= this.users.length) {
      this.users = new Uint32Array(runs * 2);
      this.starts = new Uint32Array(runs * 2);
    }
    if (rows <= this.times.length) return;
    this.times = new Uint32Array(rows * 2);
    this.rows = new Uint32Array(rows * 2);
    this.lists = new Uint16Array(rows * 2);
  }
}

function rankOf({ rows, lists, list }: StepRows, i: number, from: readonly StepList[]): number {
  const { tieRanks } = from[lists === null ? list : lists[i]];
  return tieRanks === null ? 0 : tieRanks[rows === null ? i : rows[i]];
}

function runCount({ firstRun, endRun }: StepRows): number {
  return endRun - firstRun;
}

function rowCount({ starts, firstRun, endRun }: StepRows): number {
  return starts[endRun] - starts[firstRun];
}
