/** Several ascending lists of whole numbers ≥ 0, read as one list without being merged. */
export type Durations = readonly Float64Array[];

/** Sums up to this are exact, and so is one more duration on top. */
const partMax = 2 ** 52;

/** Null over nothing. The sum is exact, so the order of the lists does not show. */
export function averageDuration(lists: Durations): number | null {
  const count = countDurations(lists);
  if (count === 0) return null;
  let total = 0n;
  for (const list of lists) {
    let part = 0;
    for (let i = 0; i < list.length; i++) {
      part += list[i];
      if (part < partMax) continue;
      total += BigInt(part);
      part = 0;
    }
    total += BigInt(part);
  }
  return Number(total) / count;
}

/** The median by linear interpolation (4.1); null over nothing. */
export function medianDuration(lists: Durations): number | null {
  const count = countDurations(lists);
  if (count === 0) return null;
  const low = Math.floor((count - 1) / 2);
  const below = durationAt(lists, low);
  return count % 2 === 1 ? below : (below + durationAt(lists, low + 1)) / 2;
}

export function countDurations(lists: Durations): number {
  return lists.reduce((sum, list) => sum + list.length, 0);
}

/** The number at an index of all lists sorted into one: halves the span of values until one is left. */
function durationAt(lists: Durations, index: number): number {
  let low = 0;
  let high = lists.reduce((max, list) => Math.max(max, list[list.length - 1] ?? 0), 0);
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const upToMiddle = lists.reduce((sum, list) => sum + countUpTo(list, middle), 0);
    if (upToMiddle > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

function countUpTo(list: Float64Array, limit: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
