/** The rows a retention report looks at, ordered by (user, time, arrival). */
export interface RetentionInput {
  readonly times: Float64Array;
  readonly users: Uint32Array;
  /** 1 where the row is a birth event. */
  readonly births: Uint8Array;
  /** 1 where the row is a return event. */
  readonly returns: Uint8Array;
}

/**
 * Writes the birth rows and returns their number: the first birth event of each user in each cohort, or
 * (`firstOnly`) in the first cohort alone. `cohorts[i]` is the cohort of row i, −1 outside the range.
 */
export function findBirths(
  { users, births }: RetentionInput,
  cohorts: Int32Array,
  firstOnly: boolean,
  rows: Uint32Array,
): number {
  let count = 0;
  let user = 0;
  let cohort = -1;
  for (let row = 0; row < users.length; row++) {
    if (births[row] === 0 || cohorts[row] < 0 || users[row] === 0) continue;
    if (users[row] === user && (firstOnly || cohorts[row] === cohort)) continue;
    user = users[row];
    cohort = cohorts[row];
    rows[count++] = row;
  }
  return count;
}

/** Which cells of which line each birth fills. */
export interface RetentionCellsInput extends RetentionInput {
  readonly birthRows: Uint32Array;
  /** Output line of each birth. */
  readonly lines: Uint32Array;
  /** Returns after this instant are not observed. */
  readonly nowMs: number;
  readonly intervals: number;
  /** `on_or_after`: a return counts in all intervals up to its own. */
  readonly orAfter: boolean;
}

/** Interval n = [birth + n·length, birth + (n + 1)·length). Counts have `intervals` cells a line. */
export function countRolling(
  input: RetentionCellsInput,
  lengthMs: number,
  counts: Float64Array,
): void {
  const { times, users, returns, birthRows, lines, nowMs, intervals, orAfter } = input;
  for (let i = 0; i < birthRows.length; i++) {
    const birth = birthRows[i];
    const endMs = times[birth] + intervals * lengthMs;
    const base = lines[i] * intervals;
    let next = 0;
    for (let row = firstOfInstant(times, users, birth); row < users.length; row++) {
      const time = times[row];
      if (users[row] !== users[birth] || time >= endMs || time > nowMs) break;
      if (returns[row] === 0 || row === birth) continue;
      const interval = Math.floor((time - times[birth]) / lengthMs);
      // Times rise, so what lies before `next` is counted already.
      for (let n = orAfter ? next : Math.max(next, interval); n <= interval; n++)
        counts[base + n]++;
      if (interval >= next) next = interval + 1;
    }
  }
}

/** Interval n = the n-th calendar bucket after that of the birth. `buckets[i]` is −1 after the last one. */
export function countCalendar(
  input: RetentionCellsInput,
  buckets: Int32Array,
  counts: Float64Array,
): void {
  const { times, users, returns, birthRows, lines, nowMs, intervals, orAfter } = input;
  for (let i = 0; i < birthRows.length; i++) {
    const birth = birthRows[i];
    const base = lines[i] * intervals;
    let next = 0;
    for (let row = firstOfInstant(times, users, birth); row < users.length; row++) {
      if (users[row] !== users[birth] || buckets[row] < 0 || times[row] > nowMs) break;
      const interval = buckets[row] - buckets[birth];
      if (interval >= intervals) break;
      if (returns[row] === 0 || row === birth) continue;
      for (let n = orAfter ? next : Math.max(next, interval); n <= interval; n++)
        counts[base + n]++;
      if (interval >= next) next = interval + 1;
    }
  }
}

/** A return at the instant of the birth counts, whichever of the two arrived first (6.1). */
function firstOfInstant(times: Float64Array, users: Uint32Array, row: number): number {
  let first = row;
  while (first > 0 && users[first - 1] === users[row] && times[first - 1] === times[row]) first--;
  return first;
}
