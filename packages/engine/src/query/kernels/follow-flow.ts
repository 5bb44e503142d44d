import { GrowableUint32 } from '../../base/growable.ts';

/** Rows of users in the order of time and arrival, with what decides the paths of a flow (8). */
export interface FlowInput {
  /** 0 = nobody, who has no paths. */
  readonly users: Uint32Array;
  readonly times: Float64Array;
  /** anchors[k][row]: 1 where the row fits anchor k. */
  readonly anchors: readonly Uint8Array[];
  /** 1 where a path must not have the row between two anchors. */
  readonly excluded: Uint8Array;
  /** Session by row, 0 = in none; null where sessions do not matter. */
  readonly sessions: Uint32Array | null;
  /** The value that all anchors of a path must have, as a number; 0 = none. Null = nothing is held constant. */
  readonly held: Uint32Array | null;
}

export interface FlowRules {
  /** First anchors lie in [startMs, endMs). */
  readonly startMs: number;
  readonly endMs: number;
  readonly windowMs: number;
  /** Session of the first anchor and the next n − 1; needs sessions. */
  readonly windowSessions: number | null;
  /** One path a user; a session; or as many as come one after the other. */
  readonly counting: 'unique' | 'sessions' | 'totals';
}

/** "There is no such row". */
export const noRow = 0xffff_ffff;

/**
 * The rows of the anchors of every path, anchors.length each, −1 where one was not reached; in the order of users
 * and first anchors.
 *
 * The next anchor is the first row after the one before that fits, in the window and with the value that is held.
 * A path is over with its last anchor, with its window, or with an excluded row: this one takes it away.
 */
export function followFlow(input: FlowInput, rules: FlowRules): Int32Array {
  const follower = new FlowFollower(input, rules);
  const { users } = input;
  for (let start = 0, end = 0; start < users.length; start = end) {
    while (end < users.length && users[end] === users[start]) end++;
    if (users[start] !== 0) follower.followUser(start, end);
  }
  return follower.rows();
}

class FlowFollower {
  readonly #input: FlowInput;
  readonly #rules: FlowRules;
  readonly #next: Uint32Array;
  readonly #nextExcluded: Uint32Array;
  readonly #sessionFrom: Uint32Array | null;
  readonly #reached: Int32Array;
  readonly #rows = new GrowableUint32();

  constructor(input: FlowInput, rules: FlowRules) {
    const { users, anchors, excluded, sessions, held } = input;
    this.#input = input;
    this.#rules = rules;
    const later = new Uint8Array(users.length);
    for (let k = 1; k < anchors.length; k++) {
      const fits = anchors[k];
      for (let row = 0; row < later.length; row++) later[row] |= fits[row];
    }
    this.#next = held === null ? nextRows(users, later) : nextRowsHeld(users, later, held);
    this.#nextExcluded = nextRows(users, excluded);
    this.#sessionFrom = sessions === null ? null : sessionsFrom(users, sessions);
    this.#reached = new Int32Array(anchors.length);
  }

  rows(): Int32Array {
    // What was pushed as −1 reads as −1 again.
    return new Int32Array(this.#rows.array.subarray(0, this.#rows.length));
  }

  followUser(start: number, end: number): void {
    const { times, anchors, sessions, held } = this.#input;
    const { startMs, endMs, counting } = this.#rules;
    // Paths with different values run side by side: each value has its own first row of the next path.
    const freeByValue = held === null ? null : new Map<number, number>();
    let free = start;
    for (let row = start; row < end; row++) {
      if (anchors[0][row] === 0 || times[row] < startMs || times[row] >= endMs) continue;
      if (counting === 'sessions' && (sessions === null || sessions[row] === 0)) continue;
      const value = held === null ? 0 : held[row];
      if (held !== null && value === 0) continue;
      if (row < (freeByValue?.get(value) ?? free)) continue;
      const next = this.#follow(row, end);
      if (counting === 'unique') return;
      if (freeByValue === null) free = next;
      else freeByValue.set(value, next);
    }
  }

  /** Follows the path that begins with a row; returns the first row that may begin the next one. */
  #follow(entry: number, end: number): number {
    const { times, anchors, sessions } = this.#input;
    const { windowMs, windowSessions, counting } = this.#rules;
    const deadline = times[entry] + windowMs;
    const sessionCount = counting === 'sessions' ? 1 : windowSessions;
    const limit = lastSession(sessions, entry, sessionCount);
    const past = this.#firstPast(entry, end, deadline, limit);
    // A session has one path, however short the window is.
    const over = counting === 'sessions' ? this.#firstPast(entry, end, Infinity, limit) : past;
    const reached = this.#reached.fill(-1);
    reached[0] = entry;
    let at = entry;
    for (let k = 1; k < anchors.length; k++) {
      const fits = anchors[k];
      let row = this.#next[at];
      while (row < past && (fits[row] === 0 || !isIn(sessions, row, limit))) row = this.#next[row];
      const until = row < past ? row : past;
      const excluded = this.#nextExcluded[at];
      if (excluded < until) return counting === 'sessions' ? over : excluded + 1;
      if (row >= past) break;
      reached[k] = row;
      at = row;
    }
    for (let k = 0; k < reached.length; k++) this.#rows.push(reached[k]);
    const isWhole = reached[reached.length - 1] >= 0;
    return isWhole && counting !== 'sessions' ? at + 1 : over;
  }

  /** The first row behind `entry` that its window does not have. */
  #firstPast(entry: number, end: number, deadline: number, limit: number): number {
    const { times } = this.#input;
    const from = this.#sessionFrom;
    let low = entry + 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const isInside =
        times[middle] <= deadline && (limit === noRow || from === null || from[middle] <= limit);
      if (isInside) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The last session of a window that begins in that of the entry; 0 = it begins in none, `noRow` = it has no end. */
function lastSession(sessions: Uint32Array | null, entry: number, count: number | null): number {
  if (sessions === null || count === null) return noRow;
  return sessions[entry] === 0 ? 0 : sessions[entry] + count - 1;
}

/** Whether a row counts for a window of sessions: it lies in one of them. */
function isIn(sessions: Uint32Array | null, row: number, limit: number): boolean {
  return limit === noRow || sessions === null || (sessions[row] > 0 && sessions[row] <= limit);
}

/** By row: the next row of the same user that the mask has. */
export function nextRows(users: Uint32Array, mask: Uint8Array): Uint32Array {
  const next = new Uint32Array(users.length);
  let last = noRow;
  for (let row = users.length - 1; row >= 0; row--) {
    if (row + 1 < users.length && users[row + 1] !== users[row]) last = noRow;
    next[row] = last;
    if (mask[row] === 1) last = row;
  }
  return next;
}

/** By row: the row before of the same user that the mask has. */
export function previousRows(users: Uint32Array, mask: Uint8Array): Uint32Array {
  const previous = new Uint32Array(users.length);
  let last = noRow;
  for (let row = 0; row < users.length; row++) {
    if (row > 0 && users[row - 1] !== users[row]) last = noRow;
    previous[row] = last;
    if (mask[row] === 1) last = row;
  }
  return previous;
}

/** `nextRows` among the rows with the same held value. */
function nextRowsHeld(users: Uint32Array, mask: Uint8Array, held: Uint32Array): Uint32Array {
  const next = new Uint32Array(users.length);
  const last = new Map<number, number>();
  for (let row = users.length - 1; row >= 0; row--) {
    if (row + 1 < users.length && users[row + 1] !== users[row]) last.clear();
    next[row] = last.get(held[row]) ?? noRow;
    if (mask[row] === 1 && held[row] !== 0) last.set(held[row], row);
  }
  return next;
}

/** By row: the session it is in, or else the next one of the user. It never falls within a user. */
function sessionsFrom(users: Uint32Array, sessions: Uint32Array): Uint32Array {
  const from = new Uint32Array(users.length);
  let last = noRow;
  for (let row = users.length - 1; row >= 0; row--) {
    if (row + 1 < users.length && users[row + 1] !== users[row]) last = noRow;
    if (sessions[row] > 0) last = sessions[row];
    from[row] = last;
  }
  return from;
}
