/** What the events of each user come to, by ordinal; those that "any event" leaves out (reports.md 3.2) are not among them. */
export interface UserTotals {
  readonly counts: Uint32Array;
  /** Instants, ms UTC. Infinity = has none. */
  readonly firsts: Float64Array;
  /** The same of the last one; −Infinity = has none. */
  readonly lasts: Float64Array;
}

/** Who did anything on a day, each once, and what; all lists run along `users`. */
export interface DayTotals {
  readonly startMs: number;
  readonly users: Uint32Array;
  /** Ms since the start of the day. */
  readonly firsts: Uint32Array;
  /** The same of the last event, × 2, + 1 where the user has several at that time (`DayActivity`). */
  readonly lasts: Uint32Array;
  readonly counts: Uint32Array;
}

export function noTotals(userCount: number): UserTotals {
  return {
    counts: new Uint32Array(userCount + 1),
    firsts: new Float64Array(userCount + 1).fill(Infinity),
    lasts: new Float64Array(userCount + 1).fill(-Infinity),
  };
}

/** The same, for at least as many users. */
export function copyTotals(totals: UserTotals, userCount: number): UserTotals {
  const known = totals.counts.length;
  const length = Math.max(userCount + 1, known);
  const counts = new Uint32Array(length);
  const firsts = new Float64Array(length);
  const lasts = new Float64Array(length);
  counts.set(totals.counts);
  firsts.set(totals.firsts);
  firsts.fill(Infinity, known);
  lasts.set(totals.lasts);
  lasts.fill(-Infinity, known);
  return { counts, firsts, lasts };
}

export function bytesOfTotals({ counts, firsts, lasts }: UserTotals): number {
  return counts.byteLength + firsts.byteLength + lasts.byteLength;
}

/** Adds the entries first … end − 1 of a day. */
export function addEntries(
  { counts, firsts, lasts }: UserTotals,
  day: DayTotals,
  first: number,
  end: number,
): void {
  const { startMs, users } = day;
  for (let i = first; i < end; i++) {
    const user = users[i];
    const firstMs = startMs + day.firsts[i];
    const lastMs = startMs + (day.lasts[i] >>> 1);
    counts[user] += day.counts[i];
    if (firstMs < firsts[user]) firsts[user] = firstMs;
    if (lastMs > lasts[user]) lasts[user] = lastMs;
  }
}

/** As if the user had never done anything. */
export function clearUser({ counts, firsts, lasts }: UserTotals, user: number): void {
  counts[user] = 0;
  firsts[user] = Infinity;
  lasts[user] = -Infinity;
}

/** Where an ascending list has the number; −1 = nowhere. */
export function placeOf(list: Uint32Array, wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low < list.length && list[low] === wanted ? low : -1;
}
