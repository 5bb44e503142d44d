/** Rows of users in the order of their times, as sessions are cut from them. */
export interface SessionInput {
  /** By row; 0 = nobody, who has no sessions. */
  readonly users: Uint32Array;
  readonly times: Float64Array;
  /** Local day by row, as a number: sessions end with it. */
  readonly days: Int32Array;
  /** 1 where the row may lie in a session. */
  readonly counts: Uint8Array;
}

/**
 * Puts each row into a session: it goes on while the next event comes within the timeout, on the same day.
 * Returns how many sessions there are, numbered from 1; rows in none have 0.
 */
export function cutByTimeout(
  { users, times, days, counts }: SessionInput,
  timeoutMs: number,
  sessions: Uint32Array,
): number {
  let session = 0;
  let last = -1;
  for (let row = 0; row < users.length; row++) {
    if (users[row] === 0 || counts[row] === 0) {
      sessions[row] = 0;
      continue;
    }
    const goesOn =
      last >= 0 &&
      users[last] === users[row] &&
      days[last] === days[row] &&
      times[row] - times[last] <= timeoutMs;
    if (!goesOn) session++;
    sessions[row] = session;
    last = row;
  }
  return session;
}

/** The same where a session is a run of one value: of a code of `codes`. Rows with code 0 are in none. */
export function cutByCode(
  { users, days, counts }: SessionInput,
  codes: Uint32Array,
  sessions: Uint32Array,
): number {
  let session = 0;
  let last = -1;
  for (let row = 0; row < users.length; row++) {
    if (users[row] === 0 || counts[row] === 0 || codes[row] === 0) {
      sessions[row] = 0;
      continue;
    }
    const goesOn =
      last >= 0 &&
      users[last] === users[row] &&
      days[last] === days[row] &&
      codes[last] === codes[row];
    if (!goesOn) session++;
    sessions[row] = session;
    last = row;
  }
  return session;
}

/**
 * The same where events open and close a session. One that is open at midnight goes on with the first event
 * of the next day, until that day ends at the latest: so two days of rows say all about one, however long the
 * history before them. `isOwn` follows what the day's own events opened, which alone may pass on.
 *
 * `marks[row]`: 1 = opens, 2 = closes, 3 = both. `follows[d]`: day d begins where day d − 1 ends.
 * `unended[session]` becomes 1 for parts of sessions that a midnight cut, and for those that nothing closed.
 */
export function cutByEvents(
  { users, days, counts }: SessionInput,
  marks: Uint8Array,
  follows: Uint8Array,
  out: { readonly sessions: Uint32Array; readonly unended: Uint8Array },
): number {
  const { sessions, unended } = out;
  let session = 0;
  let last = -1;
  let isOpen = false;
  let isOwn = false;
  for (let row = 0; row < users.length; row++) {
    sessions[row] = 0;
    if (users[row] === 0 || counts[row] === 0) continue;
    const isSameUser = last >= 0 && users[last] === users[row];
    if (!isSameUser || days[last] !== days[row]) {
      if (isOpen) unended[session] = 1;
      isOpen = isSameUser && isOwn && days[last] === days[row] - 1 && follows[days[row]] === 1;
      isOwn = false;
      if (isOpen) unended[++session] = 1;
    }
    last = row;
    const opens = (marks[row] & 1) === 1;
    const closes = (marks[row] & 2) === 2;
    const wasOpen = isOpen;
    if (opens && !wasOpen) {
      session++;
      isOpen = true;
    }
    if (isOpen) sessions[row] = session;
    if (wasOpen && closes) isOpen = false;
    isOwn = isOwn ? !closes : opens;
  }
  if (isOpen) unended[session] = 1;
  return session;
}
