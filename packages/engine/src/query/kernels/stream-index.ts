/**
 * The rows that the attempts of a funnel are made of. Rows of one stream lie together, in (time, arrival)
 * order, and no attempt leaves its stream: a user's rows, or those of a user with one value.
 */
export interface StreamRows {
  readonly count: number;
  readonly times: Float64Array;
  readonly users: Uint32Array;
  /** Streams of one user are told apart by it. */
  readonly lanes: Uint32Array;
  /** The segment that a stream is of, where each has a funnel of its own; else empty. */
  readonly slots: Uint32Array;
  /** Row of the view, ascending within a stream. */
  readonly viewRows: Uint32Array;
  /** Session of each row, never 0; empty where sessions do not matter. */
  readonly sessions: Uint32Array;
  /** steps[k][i] is 1 where row i fits step k. */
  readonly steps: readonly Uint8Array[];
}

/**
 * Finds rows of one stream by what they fit, without looking at the rows between: a user with a hundred
 * thousand entries would cost the square of them otherwise.
 *
 * Rows are numbered as in `rows`; `end` stands for "none". Whoever calls opens one stream after the other.
 */
export class StreamIndex {
  readonly rows: StreamRows;
  start = 0;
  end = 0;
  readonly #graceMs: number;
  /** By list of masks, by row less `start`: the first row from there on that one of the masks fits. */
  readonly #next: Uint32Array[];
  /** By row less `start`: the first row whose time is at most the grace before. */
  #earliest = new Uint32Array(0);
  /** By step: the rows from `usedFrom` up to `usedTo` that fit it are all used. */
  readonly #usedFrom: Uint32Array;
  readonly #usedTo: Uint32Array;
  #used = new Uint8Array(0);
  /** Whether any row is used: most streams have none, and nothing to forget. */
  #hasUsed = false;
  /** By row less `start`: the number of the attempt that it is a step of. */
  #owner = new Uint32Array(0);
  #attempt = 0;

  constructor(rows: StreamRows, graceMs: number) {
    this.rows = rows;
    this.#graceMs = graceMs;
    this.#next = rows.steps.map(() => new Uint32Array(0));
    this.#usedFrom = new Uint32Array(rows.steps.length);
    this.#usedTo = new Uint32Array(rows.steps.length);
  }

  open(start: number, end: number): void {
    this.forgetUsed();
    this.start = start;
    this.end = end;
    const length = end - start;
    if (this.#earliest.length < length + 1) this.#grow(length + 1);
    for (let step = 0; step < this.#next.length; step++) {
      fillNext(this.rows.steps[step], start, end, this.#next[step]);
    }
    fillEarliest(this.rows.times, start, end, this.#graceMs, this.#earliest);
  }

  /** No row is used any more: another funnel begins. */
  forgetUsed(): void {
    if (!this.#hasUsed) return;
    this.#hasUsed = false;
    this.#used.fill(0, 0, this.end - this.start);
    this.#usedFrom.fill(0);
    this.#usedTo.fill(0);
  }

  /** The first row from `row` on that fits the step. */
  next(step: number, row: number): number {
    return this.#next[step][row - this.start];
  }

  /** The first row that may follow `row`: within the grace, before it. */
  earliest(row: number): number {
    return this.#earliest[row - this.start];
  }

  /** Begins an attempt, which owns no row yet. */
  beginAttempt(): void {
    this.#attempt++;
  }

  own(row: number): void {
    this.#owner[row - this.start] = this.#attempt;
  }

  isOwn(row: number): boolean {
    return this.#owner[row - this.start] === this.#attempt;
  }

  /** Whether an attempt before has the row, or this one. */
  isTaken(row: number): boolean {
    return this.#used[row - this.start] === 1 || this.isOwn(row);
  }

  /** The first row from `row` on that fits the step and that no attempt has. */
  nextFree(step: number, row: number): number {
    const { end } = this;
    let from = row;
    if (from >= this.#usedFrom[step] && from < this.#usedTo[step]) from = this.#usedTo[step];
    let found = this.#next[step][from - this.start];
    while (found < end && this.isTaken(found)) found = this.#next[step][found + 1 - this.start];
    return found;
  }

  /** One row fulfils one step: no later attempt has it. `from`: where `nextFree` of the step began to look. */
  use(row: number, step: number, from: number): void {
    this.useRow(row);
    const isBeside = from <= this.#usedTo[step] && from >= this.#usedFrom[step];
    if (!isBeside) this.#usedFrom[step] = from;
    this.#usedTo[step] = row + 1;
  }

  /** The same where the step that it does is not known. */
  useRow(row: number): void {
    this.#hasUsed = true;
    this.#used[row - this.start] = 1;
  }

  /** The first row whose view row is at least that one. */
  atViewRow(viewRow: number): number {
    return lowerBound(this.rows.viewRows, viewRow, this.start, this.end);
  }

  /** The first row after `row` whose time is past `timeMs`. */
  pastTime(timeMs: number, row: number): number {
    return firstPast(this.rows.times, timeMs, row, this.end);
  }

  #grow(length: number): void {
    const room = Math.ceil(1.5 * length);
    for (let step = 0; step < this.#next.length; step++) this.#next[step] = new Uint32Array(room);
    this.#earliest = new Uint32Array(room);
    this.#used = new Uint8Array(room);
    this.#owner = new Uint32Array(room);
  }
}

/** next[i] = the first row from start + i on that fits; `end` where none does, and at the end. */
function fillNext(fits: Uint8Array, start: number, end: number, next: Uint32Array): void {
  let found = end;
  next[end - start] = end;
  for (let row = end - 1; row >= start; row--) {
    if (fits[row] === 1) found = row;
    next[row - start] = found;
  }
}

function fillEarliest(
  times: Float64Array,
  start: number,
  end: number,
  graceMs: number,
  earliest: Uint32Array,
): void {
  let first = start;
  for (let row = start; row < end; row++) {
    while (times[first] < times[row] - graceMs) first++;
    earliest[row - start] = first;
  }
}

/** The first index of an ascending list in [start, end) whose value is at least `least`. */
export function lowerBound(values: Uint32Array, least: number, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index of ascending times in [start, end) that is past `timeMs`. */
export function firstPast(times: Float64Array, timeMs: number, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
