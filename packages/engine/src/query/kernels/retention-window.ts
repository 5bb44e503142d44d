/**
 * The events a retention report looks at, ordered by (user, time, arrival). An entry is a return event in one
 * segment: an event has several where it lies in several segments.
 */
export interface RetentionEvents {
  readonly times: Float64Array;
  readonly users: Uint32Array;
  /** Row of each entry, ascending. */
  readonly entryRows: Uint32Array;
  /** By row: the first entry at or after it; one more for the end. */
  readonly firstEntries: Uint32Array;
  /** Returns after this instant are not observed. */
  readonly nowMs: number;
  /** Whether a birth event may be a return of its own: in streaks. */
  readonly withBirth: boolean;
  /** Which interval each unit of time since the birth lies in. */
  readonly intervalOfUnit: Uint16Array;
}

/** What of one user is observed after one birth: entries first … end − 1. */
export interface RetentionWindow {
  first: number;
  end: number;
  /** By entry of the window: its interval; −1 = it is the birth event, which is no return. */
  readonly intervals: Int32Array;
}

/** By row: the first entry at or after it. */
export function findFirstEntries(entryRows: Uint32Array, firstEntries: Uint32Array): void {
  let entry = 0;
  for (let row = 0; row < firstEntries.length; row++) {
    while (entry < entryRows.length && entryRows[entry] < row) entry++;
    firstEntries[row] = entry;
  }
}

/** Unit n since the birth = [birth + n·length, birth + (n + 1)·length). */
export function openRolling(
  events: RetentionEvents,
  birth: number,
  lengthMs: number,
  window: RetentionWindow,
): void {
  const { times, users, entryRows, firstEntries, nowMs, withBirth, intervalOfUnit } = events;
  const { intervals } = window;
  const bornMs = times[birth];
  const endMs = bornMs + intervalOfUnit.length * lengthMs;
  let entry = firstEntries[firstOfInstant(times, users, birth)];
  window.first = entry;
  for (; entry < entryRows.length; entry++) {
    const row = entryRows[entry];
    const time = times[row];
    if (users[row] !== users[birth] || time >= endMs || time > nowMs) break;
    intervals[entry] =
      row === birth && !withBirth ? -1 : intervalOfUnit[Math.floor((time - bornMs) / lengthMs)];
  }
  window.end = entry;
}

/** Unit n = the n-th calendar bucket after that of the birth. `buckets[i]` is −1 after the last one. */
export function openCalendar(
  events: RetentionEvents,
  birth: number,
  buckets: Int32Array,
  window: RetentionWindow,
): void {
  const { times, users, entryRows, firstEntries, nowMs, withBirth, intervalOfUnit } = events;
  const { intervals } = window;
  const born = buckets[birth];
  let entry = firstEntries[firstOfInstant(times, users, birth)];
  window.first = entry;
  for (; entry < entryRows.length; entry++) {
    const row = entryRows[entry];
    if (users[row] !== users[birth] || buckets[row] < 0 || times[row] > nowMs) break;
    const unit = buckets[row] - born;
    if (unit >= intervalOfUnit.length) break;
    intervals[entry] = row === birth && !withBirth ? -1 : intervalOfUnit[unit];
  }
  window.end = entry;
}

/** A return at the instant of the birth counts, whichever of the two arrived first (6.1). */
function firstOfInstant(times: Float64Array, users: Uint32Array, row: number): number {
  let first = row;
  while (first > 0 && users[first - 1] === users[row] && times[first - 1] === times[row]) first--;
  return first;
}
