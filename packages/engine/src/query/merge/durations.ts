import type { DurationReader } from './duration-reader.ts';

/** Several ascending lists of whole numbers ≥ 0, read as one list without being merged. */
export type Durations = readonly DurationReader[];

/** Null over nothing. The sum is exact, so the order of the lists does not show. */
export function averageDuration(lists: Durations): number | null {
  const count = countDurations(lists);
  if (count === 0) return null;
  return Number(lists.reduce((sum, list) => sum + list.sum, 0n)) / count;
}

/** The median by linear interpolation (4.1); null over nothing. */
export function medianDuration(lists: Durations): number | null {
  const count = countDurations(lists);
  if (count === 0) return null;
  const low = Math.floor((count - 1) / 2);
  const below = durationAt(lists, low, 0);
  return count % 2 === 1 ? below : (below + durationAt(lists, low + 1, below)) / 2;
}

/** A percentile by linear interpolation (4.1): rank p ÷ 100 · (n − 1); null over nothing. */
export function percentileDuration(lists: Durations, percentile: number): number | null {
  const count = countDurations(lists);
  if (count === 0) return null;
  const rank = (percentile / 100) * (count - 1);
  const low = Math.floor(rank);
  const below = durationAt(lists, low, 0);
  if (rank === low) return below;
  return below + (durationAt(lists, low + 1, below) - below) * (rank - low);
}

export function countDurations(lists: Durations): number {
  return lists.reduce((sum, list) => sum + list.length, 0);
}

/**
 * The number at an index of all lists sorted into one, which is at least `from`: halves the span of values
 * until one is left.
 */
function durationAt(lists: Durations, index: number, from: number): number {
  let low = from;
  let high = lists.reduce((max, list) => Math.max(max, list.max), 0);
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const upToMiddle = lists.reduce((sum, list) => sum + list.countUpTo(middle), 0);
    if (upToMiddle > index) high = middle;
    else low = middle + 1;
  }
  return low;
}
