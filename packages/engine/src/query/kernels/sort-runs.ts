/** Steps of insertion for each row of a run, after which the rest is merged. */
const insertionsPerRow = 8;

/** Room for merging, kept from run to run: few runs need any. */
export class SortRoom {
  times = new Float64Array(0);
  order = new Uint32Array(0);

  reserve(length: number): void {
    if (this.times.length >= length) return;
    this.times = new Float64Array(length);
    this.order = new Uint32Array(length);
  }
}

/**
 * Sorts the places start … end − 1 by (time, tie of the row), and keeps their order where both are equal.
 * `times` lies along `order`, `ties` is by row; null = all are the same. Rows come day by day, in order within
 * each event of a day: almost in order, for which insertion is quickest. Whoever did much on a day is merged.
 */
export function sortRun(
  times: Float64Array,
  order: Uint32Array,
  ties: Uint32Array | null,
  start: number,
  end: number,
  room: SortRoom,
): void {
  let left = insertionsPerRow * (end - start);
  for (let i = start + 1; i < end; i++) {
    const time = times[i];
    const row = order[i];
    let at = i;
    while (at > start && isAfter(times[at - 1], order[at - 1], time, row, ties)) {
      times[at] = times[at - 1];
      order[at] = order[at - 1];
      at--;
    }
    times[at] = time;
    order[at] = row;
    left -= i - at;
    if (left < 0) {
      mergePieces(times, order, ties, start, end, room);
      return;
    }
  }
}

function isAfter(
  time: number,
  row: number,
  otherTime: number,
  otherRow: number,
  ties: Uint32Array | null,
): boolean {
  return time > otherTime || (time === otherTime && ties !== null && ties[row] > ties[otherRow]);
}

/** Merges neighbouring pieces that are in order, again and again, until there is one. */
function mergePieces(
  times: Float64Array,
  order: Uint32Array,
  ties: Uint32Array | null,
  start: number,
  end: number,
  room: SortRoom,
): void {
  room.reserve(end - start);
  for (;;) {
    let from = start;
    let pieces = 0;
    while (from < end) {
      const middle = pieceEnd(times, order, ties, from, end);
      const until = middle < end ? pieceEnd(times, order, ties, middle, end) : end;
      if (middle < until) mergeTwo(times, order, ties, from, middle, until, room);
      from = until;
      pieces++;
    }
    if (pieces === 1) return;
  }
}

/** Where the places from `start` on cease to be in order. */
function pieceEnd(
  times: Float64Array,
  order: Uint32Array,
  ties: Uint32Array | null,
  start: number,
  end: number,
): number {
  let i = start + 1;
  while (i < end && !isAfter(times[i - 1], order[i - 1], times[i], order[i], ties)) i++;
  return i;
}

function mergeTwo(
  times: Float64Array,
  order: Uint32Array,
  ties: Uint32Array | null,
  start: number,
  middle: number,
  end: number,
  room: SortRoom,
): void {
  const count = middle - start;
  const { times: ownTimes, order: ownOrder } = room;
  for (let i = 0; i < count; i++) {
    ownTimes[i] = times[start + i];
    ownOrder[i] = order[start + i];
  }
  let at = start;
  let own = 0;
  let other = middle;
  while (own < count) {
    const takesOther =
      other < end && isAfter(ownTimes[own], ownOrder[own], times[other], order[other], ties);
    times[at] = takesOther ? times[other] : ownTimes[own];
    order[at++] = takesOther ? order[other++] : ownOrder[own++];
  }
}
