import { GrowableUint32 } from '../../base/growable.ts';
import { goneUser } from '../../query/scan/project-snapshot.ts';
import type { Allocate, EventPart, MergedRows, MergeUsers } from './event-part.ts';
import type { MovedRun } from './redirected-runs.ts';
import { type RowPlace, SameEvent } from './same-event.ts';

/** Up to this many rows of one user and time are compared each with each; more through a `Map` of keys. */
const pairwiseMax = 16;

/**
 * One merge: user by user, the runs that hold the user are merged by (time, rank). A run that is alone is
 * copied. The arrays of the result are as long as all rows together until the end.
 */
export class EventMerge {
  readonly #parts: readonly (EventPart | null)[];
  /** By part and row, on one scale. */
  readonly #ranks: readonly (Uint32Array | null)[];
  readonly #moved: readonly MovedRun[];
  readonly #same: SameEvent;
  /** By part: which runs were moved away, which rows are hidden; null = none. */
  readonly #movedAway: readonly (Uint8Array | null)[];
  readonly #hidden: readonly (Uint8Array | null)[];

  readonly #users = new GrowableUint32();
  readonly #starts = new GrowableUint32();
  readonly #times: Uint32Array;
  readonly #outRanks: Uint32Array;
  readonly #outParts: Uint16Array;
  readonly #outRows: Uint32Array;
  #count = 0;

  /** The runs of the user in hand: part, next row, end, and the ordinal they lie with. */
  readonly #streams: Stream[] = [];
  #streamCount = 0;

  constructor(
    parts: readonly (EventPart | null)[],
    ranks: readonly (Uint32Array | null)[],
    moved: readonly MovedRun[],
    users: MergeUsers,
  ) {
    this.#parts = parts;
    this.#ranks = ranks;
    this.#moved = moved;
    this.#same = new SameEvent(parts, (ordinal) => users.userId(ordinal));
    this.#movedAway = flagsOfMoved(parts, moved);
    this.#hidden = parts.map(flagsOfHidden);
    const rows = parts.reduce((sum, part) => sum + (part?.rowCount ?? 0), 0);
    this.#times = new Uint32Array(rows);
    this.#outRanks = new Uint32Array(rows);
    this.#outParts = new Uint16Array(rows);
    this.#outRows = new Uint32Array(rows);
  }

  merged(allocate: Allocate): MergedRows {
    const nextRun = new Uint32Array(this.#parts.length);
    let nextMoved = 0;
    for (;;) {
      const user = this.#nextUser(nextRun, nextMoved);
      // No ordinal is as large, so nobody comes behind those who are left out.
      if (user < 0 || user === goneUser) break;
      this.#streamCount = 0;
      this.#takeRuns(user, nextRun);
      for (; this.#moved[nextMoved]?.winner === user; nextMoved++) {
        const { part, run } = this.#moved[nextMoved];
        this.#takeRun(part, run);
      }
      this.#mergeUser(user);
    }
    return this.#result(allocate);
  }

  /** The smallest user that still has a run; −1 = none. */
  #nextUser(nextRun: Uint32Array, nextMoved: number): number {
    let user = this.#moved[nextMoved]?.winner ?? -1;
    for (let p = 0; p < nextRun.length; p++) {
      const part = this.#parts[p];
      if (part === null) continue;
      const movedAway = this.#movedAway[p];
      while (movedAway !== null && movedAway[nextRun[p]] === 1) nextRun[p]++;
      const run = nextRun[p];
      if (run < part.users.length && (user < 0 || part.users[run] < user)) user = part.users[run];
    }
    return user;
  }

  #takeRuns(user: number, nextRun: Uint32Array): void {
    for (let p = 0; p < nextRun.length; p++) {
      const run = nextRun[p];
      if (this.#parts[p]?.users[run] !== user) continue;
      nextRun[p]++;
      this.#takeRun(p, run);
    }
  }

  #takeRun(part: number, run: number): void {
    const { users, starts } = this.#parts[part] as EventPart;
    const place = this.#streamCount++;
    const stream = (this.#streams[place] ??= { part: 0, row: 0, end: 0, user: 0 });
    stream.part = part;
    stream.row = starts[run];
    stream.end = starts[run + 1];
    stream.user = users[run];
    this.#skipHidden(stream);
  }

  #skipHidden(stream: Stream): void {
    const hidden = this.#hidden[stream.part];
    if (hidden === null) return;
    while (stream.row < stream.end && hidden[stream.row] === 1) stream.row++;
  }

  #mergeUser(user: number): void {
    const start = this.#count;
    if (this.#streamCount === 1) this.#copyStream(this.#streams[0]);
    else this.#mergeStreams();
    if (this.#count === start) return;
    this.#users.push(user);
    this.#starts.push(start);
  }

  #copyStream(stream: Stream): void {
    const { part, end } = stream;
    const { times } = this.#parts[part] as EventPart;
    const ranks = this.#ranks[part] as Uint32Array;
    const hidden = this.#hidden[part];
    let at = this.#count;
    for (let row = stream.row; row < end; row++) {
      if (hidden !== null && hidden[row] === 1) continue;
      this.#times[at] = times[row];
      this.#outRanks[at] = ranks[row];
      this.#outParts[at] = part;
      this.#outRows[at++] = row;
    }
    this.#count = at;
  }

  #mergeStreams(): void {
    /** Rows of one time: where they begin, and the only stream that they are of; −1 = of several. */
    let groupStart = this.#count;
    let groupStream = -1;
    for (;;) {
      const place = this.#earliest();
      if (place < 0) break;
      const stream = this.#streams[place];
      const time = (this.#parts[stream.part] as EventPart).times[stream.row];
      if (this.#count > groupStart && this.#times[groupStart] === time) {
        if (groupStream !== place) groupStream = -1;
      } else {
        if (groupStream < 0) this.#dropCopies(groupStart);
        groupStart = this.#count;
        groupStream = place;
      }
      this.#times[this.#count] = time;
      this.#outRanks[this.#count] = (this.#ranks[stream.part] as Uint32Array)[stream.row];
      this.#outParts[this.#count] = stream.part;
      this.#outRows[this.#count++] = stream.row++;
      this.#skipHidden(stream);
    }
    if (groupStream < 0) this.#dropCopies(groupStart);
  }

  /** The stream whose next row comes first by (time, rank); of equals the first stream. −1 = all are at their ends. */
  #earliest(): number {
    let best = -1;
    let bestTime = 0;
    let bestRank = 0;
    for (let place = 0; place < this.#streamCount; place++) {
      const { part, row, end } = this.#streams[place];
      if (row === end) continue;
      const time = (this.#parts[part] as EventPart).times[row];
      if (best >= 0 && time > bestTime) continue;
      const rank = (this.#ranks[part] as Uint32Array)[row];
      if (best >= 0 && time === bestTime && rank >= bestRank) continue;
      best = place;
      bestTime = time;
      bestRank = rank;
    }
    return best;
  }

  /** Of the copies among the rows from `start` on, all of one user and time, only the last stays. */
  #dropCopies(start: number): void {
    const count = this.#count - start;
    if (count < 2) return;
    const isDropped = count <= pairwiseMax ? this.#pairwise(start) : this.#byKey(start);
    let at = start;
    for (let i = 0; i < count; i++) {
      if (isDropped[i] === 1) continue;
      this.#outRanks[at] = this.#outRanks[start + i];
      this.#outParts[at] = this.#outParts[start + i];
      this.#outRows[at++] = this.#outRows[start + i];
    }
    this.#count = at;
  }

  #pairwise(start: number): Uint8Array {
    const places = this.#placesFrom(start);
    const isDropped = new Uint8Array(places.length);
    for (let i = 0; i < places.length; i++) {
      for (let later = i + 1; later < places.length && isDropped[i] === 0; later++) {
        if (this.#same.isSame(places[i], places[later])) isDropped[i] = 1;
      }
    }
    return isDropped;
  }

  #byKey(start: number): Uint8Array {
    const places = this.#placesFrom(start);
    const isDropped = new Uint8Array(places.length);
    const lastOf = new Map<string, number>();
    for (const [i, place] of places.entries()) {
      const key = this.#same.key(place);
      const earlier = lastOf.get(key);
      if (earlier !== undefined) isDropped[earlier] = 1;
      lastOf.set(key, i);
    }
    return isDropped;
  }

  #placesFrom(start: number): RowPlace[] {
    return Array.from({ length: this.#count - start }, (_, i) => {
      const part = this.#outParts[start + i];
      const row = this.#outRows[start + i];
      return { part, row, user: userAt(this.#parts[part] as EventPart, row) };
    });
  }

  #result(allocate: Allocate): MergedRows {
    const count = this.#count;
    this.#starts.push(count);
    const place = (array: Uint32Array) => copyUint32(array, count, allocate);
    return {
      rowCount: count,
      users: copyUint32(this.#users.array, this.#users.length, allocate),
      starts: copyUint32(this.#starts.array, this.#starts.length, allocate),
      times: place(this.#times),
      tieRanks: place(this.#outRanks),
      sources: {
        type: 'rows',
        parts: copyParts(this.#outParts, count, this.#parts.length, allocate),
        rows: place(this.#outRows),
      },
    };
  }
}

interface Stream {
  part: number;
  row: number;
  end: number;
  user: number;
}

/** The ordinal that a part holds for a row. */
export function userAt(part: EventPart, row: number): number {
  let low = 0;
  let high = part.users.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (part.starts[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return part.users[low];
}

function flagsOfMoved(
  parts: readonly (EventPart | null)[],
  moved: readonly MovedRun[],
): (Uint8Array | null)[] {
  const flags = parts.map((): Uint8Array | null => null);
  for (const { part, run } of moved) {
    // One longer than the runs, so that the place behind the last can be looked at.
    const own = (flags[part] ??= new Uint8Array((parts[part] as EventPart).users.length + 1));
    own[run] = 1;
  }
  return flags;
}

function flagsOfHidden(part: EventPart | null): Uint8Array | null {
  if (part === null || part.hiddenRows.length === 0) return null;
  const flags = new Uint8Array(part.rowCount);
  for (let i = 0; i < part.hiddenRows.length; i++) flags[part.hiddenRows[i]] = 1;
  return flags;
}

function copyUint32(array: Uint32Array, count: number, allocate: Allocate): Uint32Array {
  const copy = new Uint32Array(allocate(count * 4), 0, count);
  copy.set(array.subarray(0, count));
  return copy;
}

function copyParts(
  parts: Uint16Array,
  count: number,
  partCount: number,
  allocate: Allocate,
): Uint8Array | Uint16Array {
  const copy =
    partCount <= 0x100
      ? new Uint8Array(allocate(count), 0, count)
      : new Uint16Array(allocate(count * 2), 0, count);
  copy.set(parts.subarray(0, count));
  return copy;
}
