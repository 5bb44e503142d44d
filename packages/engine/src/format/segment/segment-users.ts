import { ascends } from './codec/sequence-stats.ts';
import { decodeSequence, encodeSequence } from './codec/sequence.ts';
import { borrow, giveBack } from './scratch.ts';
import type { SegmentRows } from './segment-rows.ts';
import type { WordReader, WordWriter } from './words.ts';

/**
 * A user of the day is named by the *place* in the ascending list of all users of the segment, so that
 * an event says which of them it has in about a bit each.
 */
export interface EventRuns {
  /** Ascending: places of the users that have rows of the event. */
  readonly places: Uint32Array;
  /** Rows of places[r] are starts[r] … starts[r + 1] − 1 of the event; one longer than `places`. */
  readonly starts: Uint32Array;
  /**
   * Place by row, made when it is asked for. What is told by user for each row is told along this: runs are short, and
   * where one ends the processor cannot foresee.
   */
  readonly placeByRow: Uint32Array;
}

export interface DayUsers {
  /** Ordinals, ascending, 0 included where it occurs. */
  readonly users: Uint32Array;
  readonly events: readonly EventRuns[];
}

/** What the rows say of users. Linear, but for one sort of the runs' users. */
export function collectUsers({ events, eventStarts, users }: SegmentRows): DayUsers {
  const runs = events.map((_, e) => userRuns(users, eventStarts[e], eventStarts[e + 1]));
  const all = new Uint32Array(runs.reduce((sum, run) => sum + run.users.length, 0));
  let at = 0;
  for (const run of runs) {
    all.set(run.users, at);
    at += run.users.length;
  }
  const distinct = distinctOf(all.sort());
  return {
    users: distinct,
    events: runs.map((run) => new LazyRuns(placesOf(run.users, distinct), run.starts)),
  };
}

function userRuns(
  users: Uint32Array,
  start: number,
  end: number,
): { users: Uint32Array; starts: Uint32Array } {
  let count = 0;
  for (let row = start; row < end; row++) {
    if (row === start || users[row] !== users[row - 1]) count++;
  }
  const runUsers = new Uint32Array(count);
  const starts = new Uint32Array(count + 1);
  let run = 0;
  for (let row = start; row < end; row++) {
    if (row !== start && users[row] === users[row - 1]) continue;
    runUsers[run] = users[row];
    starts[run++] = row - start;
  }
  starts[count] = end - start;
  return { users: runUsers, starts };
}

function distinctOf(sorted: Uint32Array): Uint32Array {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i];
  }
  return sorted.slice(0, count);
}

function placesOf(users: Uint32Array, distinct: Uint32Array): Uint32Array {
  const places = new Uint32Array(users.length);
  let place = 0;
  for (let r = 0; r < users.length; r++) {
    while (distinct[place] < users[r]) place++;
    places[r] = place;
  }
  return places;
}

/** Its arrays are borrowed (scratch.ts) where whoever made it releases it. */
export class LazyRuns implements EventRuns {
  readonly places: Uint32Array;
  readonly starts: Uint32Array;
  #placeByRow: Uint32Array | undefined;

  constructor(places: Uint32Array, starts: Uint32Array) {
    this.places = places;
    this.starts = starts;
  }

  get placeByRow(): Uint32Array {
    return (this.#placeByRow ??= placesByRow(this.places, this.starts));
  }

  /** Nobody may use the arrays any more. */
  release(): void {
    giveBack(this.places);
    giveBack(this.starts);
    if (this.#placeByRow !== undefined) giveBack(this.#placeByRow);
  }
}

/** First where the place changes and by how much, then the sum so far: two loops without a branch. */
function placesByRow(places: Uint32Array, starts: Uint32Array): Uint32Array {
  const byRow = borrow(starts[places.length]).fill(0);
  scatterSteps(places, starts, byRow);
  addUp(byRow);
  return byRow;
}

function scatterSteps(places: Uint32Array, starts: Uint32Array, target: Uint32Array): void {
  let before = 0;
  for (let r = 0; r < places.length; r++) {
    target[starts[r]] = places[r] - before;
    before = places[r];
  }
}

function addUp(numbers: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) {
    sum += numbers[i];
    numbers[i] = sum;
  }
}

/** Sequences: places; rows of each run, less 1. */
export function encodeRuns(writer: WordWriter, { places, starts }: EventRuns): void {
  encodeSequence(writer, places);
  const lengths = new Uint32Array(places.length);
  for (let r = 0; r < lengths.length; r++) lengths[r] = starts[r + 1] - starts[r] - 1;
  encodeSequence(writer, lengths);
}

/** Twin of `encodeRuns`. */
export function decodeRuns(
  reader: WordReader,
  { runCount, rowCount, placeCount }: { runCount: number; rowCount: number; placeCount: number },
): LazyRuns {
  const places = borrow(runCount);
  decodeSequence(reader, places);
  const starts = borrow(runCount + 1);
  const lengths = starts.subarray(0, runCount);
  decodeSequence(reader, lengths);
  reader.finish();
  const rows = startsOfLengths(starts);
  if (rows !== rowCount) throw reader.corrupt(`runs have ${rows} rows, not ${rowCount}`);
  if (!ascends(places)) throw reader.corrupt('users of the runs do not ascend');
  if (places[runCount - 1] >= placeCount) {
    throw reader.corrupt(`user place ${places[runCount - 1]} is outside ${placeCount}`);
  }
  return new LazyRuns(places, starts);
}

/** Makes starts of lengths less 1, in place; the last gets, and the result is, the number of rows. */
function startsOfLengths(lengths: Uint32Array): number {
  let row = 0;
  for (let r = 0; r < lengths.length - 1; r++) {
    const start = row;
    row += lengths[r] + 1;
    lengths[r] = start;
  }
  lengths[lengths.length - 1] = row;
  return row;
}
