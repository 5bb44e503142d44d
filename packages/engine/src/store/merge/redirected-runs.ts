import type { UserRedirects } from '../../query/scan/project-snapshot.ts';
import type { EventPart } from './event-part.ts';

/** Rows of a user that was merged away, which belong among those of the winner. */
export interface MovedRun {
  readonly winner: number;
  readonly part: number;
  /** Index into the part's `users`. */
  readonly run: number;
  /** See `UserRedirects.ranks`. */
  readonly rank: number;
}

/** Whether any of these users (ascending) was merged away. */
export function isTouched(users: Uint32Array, { losers }: UserRedirects): boolean {
  let found = false;
  eachCommon(users, losers, () => (found = true));
  return found;
}

/** The runs of all parts that belong to other users by now, by (winner, rank, part). */
export function movedRuns(
  parts: readonly (EventPart | null)[],
  { losers, winners, ranks }: UserRedirects,
): MovedRun[] {
  const moved: MovedRun[] = [];
  for (const [part, event] of parts.entries()) {
    if (event === null) continue;
    eachCommon(event.users, losers, (run, i) => {
      moved.push({ winner: winners[i], part, run, rank: ranks[i] });
    });
  }
  // A stable sort: runs of one winner and rank keep the order of parts.
  return moved.sort((run, other) => run.winner - other.winner || run.rank - other.rank);
}

/** Calls for each number that both ascending lists hold, with its places. The shorter list is looked up in the longer. */
function eachCommon(
  list: Uint32Array,
  other: Uint32Array,
  found: (i: number, k: number) => void,
): void {
  const isListShorter = list.length < other.length;
  const short = isListShorter ? list : other;
  const long = isListShorter ? other : list;
  let at = 0;
  for (let i = 0; i < short.length; i++) {
    at = placeOf(long, short[i], at);
    if (at === long.length) return;
    if (long[at] === short[i]) found(isListShorter ? i : at, isListShorter ? at : i);
  }
}

/** First place from `start` on that holds at least `value`: by steps that double, then by halves. */
export function placeOf(list: Uint32Array, value: number, start = 0): number {
  let low = start;
  let step = 1;
  while (low + step <= list.length && list[low + step - 1] < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(list.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
