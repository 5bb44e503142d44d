import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import type { UserRedirects } from '../../query/scan/project-snapshot.ts';

/**
 * The rows of one event in one part of a day, as merging reads them. Rows are counted from the first of
 * the event. Fields may be getters that decode when they are first read: a merge reads `sentIds`,
 * `sentTimes` and above all `insertIds`, the widest of them, only where rows of one user and time meet.
 */
export interface EventPart {
  readonly rowCount: number;
  /** Distinct users, ascending; 0 (nobody) comes first where it occurs. */
  readonly users: Uint32Array;
  /** Rows of users[i] are starts[i] … starts[i + 1] − 1; one longer than `users`. */
  readonly starts: Uint32Array;
  /** Ms since the day began; ascending within a user. */
  readonly times: Uint32Array;
  readonly tieRanks: Uint32Array | null;
  /** Of the whole part, whatever the event: ascending, distinct. */
  readonly batchSequences: Float64Array;
  /** Index into `batchSequences`, by row. */
  readonly batches: Uint32Array;
  readonly sentIds: Uint32Array;
  readonly sentIdTexts: readonly string[];
  /** Time as sent, ms UTC, of the rows whose time the edge had to change. */
  readonly sentTimes: ReadonlyMap<number, number>;
  readonly insertIds: InsertIds;
  /** Rows that a copy elsewhere has taken the place of; ascending. */
  readonly hiddenRows: Uint32Array;
}

/** Insert id of row r: UTF-8, bytes[ends[r − 1], ends[r]); that of row 0 begins at `start`. */
export interface InsertIds {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  /** Absent = 0. Other than 0 where `ends` is a piece of a longer one. */
  readonly start?: number;
}

/** What merging must know of users. */
export interface MergeUsers {
  readonly redirects: UserRedirects;
  /** The id of an ordinal as it was given out, also of one that was merged away; "" for 0. */
  userId(ordinal: number): string;
}

/** Rows of one event after a merge, ordered by (user, time, arrival), each event once. */
export interface MergedRows {
  readonly rowCount: number;
  readonly users: Uint32Array;
  readonly starts: Uint32Array;
  readonly times: Uint32Array;
  /**
   * Orders rows of the day with the same user and time by arrival, whatever their event and whichever
   * parts they came from (`ArrivalScale`): not dense, not 0 for a row that is alone. Null = no two share both.
   */
  readonly tieRanks: Uint32Array | null;
  readonly sources: RowSources;
}

/** Where merged rows came from: all of one part, as they lie there, or each from a place of its own. */
export type RowSources =
  | { readonly type: 'part'; readonly part: number }
  | {
      readonly type: 'rows';
      /** Index of the part, by row. */
      readonly parts: Uint8Array | Uint16Array;
      /** Row of the event in that part, by row. */
      readonly rows: Uint32Array;
    };

/** Where merged rows are put: ordinary memory unless told otherwise. */
export type Allocate = (bytes: number) => ArrayBufferLike;

export const ordinaryMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

const noRows: Uint32Array = new Uint32Array(0);

/**
 * One event of a part's rows, as views where that is possible. `event` is an index into `rows.events`;
 * `hiddenRows` counts from the first row of the part, ascending.
 */
export function eventPartOf(
  rows: SegmentRows,
  event: number,
  hiddenRows: Uint32Array = noRows,
): EventPart {
  const start = rows.eventStarts[event];
  const end = rows.eventStarts[event + 1];
  const runs = userRunsOf(rows.users.subarray(start, end));
  return {
    rowCount: end - start,
    ...runs,
    times: rows.times.subarray(start, end),
    tieRanks: rows.tieRanks?.subarray(start, end) ?? null,
    batchSequences: rows.batchSequences,
    batches: rows.batches.subarray(start, end),
    sentIds: rows.sentIds.subarray(start, end),
    sentIdTexts: rows.sentIdTexts,
    get sentTimes() {
      return sentTimesBetween(rows.sentTimes, start, end);
    },
    insertIds: {
      bytes: rows.insertIds.bytes,
      ends: rows.insertIds.ends.subarray(start, end),
      start: start === 0 ? 0 : rows.insertIds.ends[start - 1],
    },
    hiddenRows: hiddenRowsBetween(hiddenRows, start, end),
  };
}

/** Runs of equal users: what each distinct one is, and where its rows begin. */
export function userRunsOf(users: Uint32Array): { users: Uint32Array; starts: Uint32Array } {
  let count = 0;
  for (let row = 0; row < users.length; row++) {
    if (row === 0 || users[row] !== users[row - 1]) count++;
  }
  const distinct = new Uint32Array(count);
  const starts = new Uint32Array(count + 1);
  let run = 0;
  for (let row = 0; row < users.length; row++) {
    if (row !== 0 && users[row] === users[row - 1]) continue;
    distinct[run] = users[row];
    starts[run++] = row;
  }
  starts[count] = users.length;
  return { users: distinct, starts };
}

/** The rows between start and end of a list of rows of the whole part, counted from `start`. */
export function hiddenRowsBetween(rows: Uint32Array, start: number, end: number): Uint32Array {
  if (rows.length === 0) return noRows;
  return rows.filter((row) => row >= start && row < end).map((row) => row - start);
}

function sentTimesBetween(
  sentTimes: ReadonlyMap<number, number>,
  start: number,
  end: number,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [row, time] of sentTimes) {
    if (row >= start && row < end) found.set(row - start, time);
  }
  return found;
}
