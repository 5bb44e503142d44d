/** The rows of one event, as `EventRows` has them. */
export interface ActiveRuns {
  /** Ascending, each once. */
  readonly users: Uint32Array;
  readonly starts: Uint32Array;
  readonly times: Uint32Array;
}

/** The users of all the lists, ascending, each once: marked in a bitmap, because lists have most of them in common. */
export function unitedUsers(lists: readonly { readonly users: Uint32Array }[]): Uint32Array {
  let end = 0;
  for (const { users } of lists)
    if (users.length > 0) end = Math.max(end, users[users.length - 1] + 1);
  const words = new Uint32Array(Math.ceil(end / 32));
  let count = 0;
  for (const { users } of lists) count += markUsers(users, words);
  return listMarked(words, new Uint32Array(count));
}

/** Returns how many were not marked before. */
function markUsers(users: Uint32Array, words: Uint32Array): number {
  let fresh = 0;
  for (let i = 0; i < users.length; i++) {
    const word = words[users[i] >>> 5];
    const bit = users[i] & 31;
    fresh += 1 - ((word >>> bit) & 1);
    words[users[i] >>> 5] = word | (1 << bit);
  }
  return fresh;
}

function listMarked(words: Uint32Array, users: Uint32Array): Uint32Array {
  let count = 0;
  for (let w = 0; w < words.length; w++) {
    for (let word = words[w]; word !== 0; word &= word - 1) {
      users[count++] = w * 32 + 31 - Math.clz32(word & -word);
    }
  }
  return users;
}

/** No row yet: later than any time of a day. */
const unseen = 0xffff_ffff;

/** As `DayActivity` has them, along `users`, who are those of all the runs. */
export function firstAndLast(
  runs: readonly ActiveRuns[],
  users: Uint32Array,
): { firsts: Uint32Array; lasts: Uint32Array } {
  const firsts = new Uint32Array(users.length).fill(unseen);
  const lasts = new Uint32Array(users.length);
  for (const own of runs) widen(own, users, firsts, lasts);
  return { firsts, lasts };
}

/** How many rows each has in all the runs, along `users`, who are those of all of them. */
export function countActive(runs: readonly ActiveRuns[], users: Uint32Array): Uint32Array {
  const counts = new Uint32Array(users.length);
  for (const own of runs) addCounts(own, users, counts);
  return counts;
}

function addCounts(
  { users: own, starts }: ActiveRuns,
  users: Uint32Array,
  counts: Uint32Array,
): void {
  for (let run = 0, at = 0; run < own.length; run++) {
    while (users[at] < own[run]) at++;
    counts[at] += starts[run + 1] - starts[run];
  }
}

function widen(
  { users: own, starts, times }: ActiveRuns,
  users: Uint32Array,
  firsts: Uint32Array,
  lasts: Uint32Array,
): void {
  for (let run = 0, at = 0; run < own.length; run++) {
    while (users[at] < own[run]) at++;
    const end = starts[run + 1];
    const first = times[starts[run]];
    const last = times[end - 1];
    const isSeveral = end - starts[run] > 1 && times[end - 2] === last;
    const known = firsts[at] === unseen ? -1 : lasts[at] >>> 1;
    if (first < firsts[at]) firsts[at] = first;
    if (last > known) lasts[at] = last * 2 + Number(isSeveral);
    else if (last === known) lasts[at] |= 1;
  }
}
