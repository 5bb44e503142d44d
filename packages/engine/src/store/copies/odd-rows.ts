import type { Slices } from '../../base/slices.ts';
import type { SegmentFile } from '../../format/segment/segment-file.ts';
import { dayMs } from '../../format/segment/segment-rows.ts';
import { type EventKey, eventKeyCheck, eventKeyHash } from './event-key.ts';

interface OddRow {
  readonly hash: number;
  readonly check: number;
  /** Row of the segment. */
  readonly row: number;
  readonly sequence: number;
}

/**
 * The rows of a segment whose time the edge changed (an event of the future gets the time of its arrival), by duplicate
 * key: a copy that comes later gets another time, and must be found all the same. 24 bytes a row.
 */
export class OddRows {
  /** Ascending. */
  readonly #hashes: Uint32Array;
  readonly #checks: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #sequences: Float64Array;

  constructor(rows: readonly OddRow[]) {
    const sorted = [...rows].sort((row, other) => row.hash - other.hash);
    this.#hashes = Uint32Array.from(sorted, ({ hash }) => hash);
    this.#checks = Uint32Array.from(sorted, ({ check }) => check);
    this.#rows = Uint32Array.from(sorted, ({ row }) => row);
    this.#sequences = Float64Array.from(sorted, ({ sequence }) => sequence);
  }

  get count(): number {
    return this.#hashes.length;
  }

  /** Where rows with this hash begin; −1 = there are none. */
  firstPlace(hash: number): number {
    const hashes = this.#hashes;
    let low = 0;
    let high = hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (hashes[middle] < hash) low = middle + 1;
      else high = middle;
    }
    return hashes[low] === hash ? low : -1;
  }

  /** The row with this key, from the place that `firstPlace` gave for its hash on. */
  find(
    place: number,
    key: EventKey,
  ): { readonly row: number; readonly sequence: number } | undefined {
    const check = eventKeyCheck(key);
    for (let i = place; this.#hashes[i] === this.#hashes[place]; i++) {
      if (this.#checks[i] === check) return { row: this.#rows[i], sequence: this.#sequences[i] };
    }
    return undefined;
  }
}

/** Those of an open segment. `userId` gives the id of an ordinal as it was given out. */
export async function readOddRows(
  file: SegmentFile,
  userId: (ordinal: number) => string,
  slices: Slices,
): Promise<OddRows> {
  const found: OddRow[] = [];
  let eventStart = 0;
  for (const [event, { rowCount }] of file.events.entries()) {
    const sentTimes = file.sentTimes(event);
    if (sentTimes.size > 0) {
      for (const one of oddRowsOf(file, event, sentTimes, userId)) {
        found.push({ ...one, row: eventStart + one.row });
      }
      await slices.pause();
    }
    eventStart += rowCount;
  }
  return new OddRows(found);
}

function oddRowsOf(
  file: SegmentFile,
  event: number,
  sentTimes: ReadonlyMap<number, number>,
  userId: (ordinal: number) => string,
): OddRow[] {
  const { name } = file.events[event];
  const { users, starts } = file.userRuns(event);
  const sentIds = file.sentIds(event);
  const texts = sentIds ? file.sentIdTexts() : [];
  const { bytes, ends } = file.insertIds(event);
  const batches = file.batches(event);
  const sequences = file.batchSequences();
  const found: OddRow[] = [];
  let run = 0;
  for (const row of [...sentTimes.keys()].sort((a, b) => a - b)) {
    while (starts[run + 1] <= row) run++;
    const code = sentIds?.[row] ?? 0;
    const key: EventKey = {
      event: name,
      sentTime: sentTimes.get(row) ?? 0,
      sentId: code === 0 ? userId(users[run]) : texts[code],
      bytes,
      start: row === 0 ? 0 : ends[row - 1],
      end: ends[row],
    };
    const sequence = sequences[batches[row]];
    found.push({ hash: eventKeyHash(key), check: eventKeyCheck(key), row, sequence });
  }
  return found;
}

/** A row of a segment that was sent with the time it has. */
export interface UnchangedCopy {
  /** Of the segment. */
  readonly row: number;
  readonly sequence: number;
}

/** The row with this key that kept the time it was sent with, among those of the given ordinals. */
export function findUnchanged(
  file: SegmentFile,
  key: EventKey,
  ordinals: readonly number[],
  userId: (ordinal: number) => string,
): UnchangedCopy | undefined {
  const event = file.eventIndex(key.event);
  if (event < 0) return undefined;
  const { users, starts } = file.userRuns(event);
  const times = file.times(event);
  const time = key.sentTime - file.day * dayMs;
  const check = eventKeyCheck(key);
  for (const ordinal of ordinals) {
    const run = users.indexOf(ordinal);
    for (let row = run < 0 ? 0 : starts[run]; run >= 0 && row < starts[run + 1]; row++) {
      if (times[row] !== time || file.sentTimes(event).has(row)) continue;
      const code = file.sentIds(event)?.[row] ?? 0;
      const { bytes, ends } = file.insertIds(event);
      const sentId = code === 0 ? userId(ordinal) : file.sentIdTexts()[code];
      const place = { bytes, start: row === 0 ? 0 : ends[row - 1], end: ends[row] };
      if (eventKeyCheck({ ...key, sentId, ...place }) !== check) continue;
      const sequence = file.batchSequences()[file.batches(event)[row]];
      return { row: rowsBefore(file, event) + row, sequence };
    }
  }
  return undefined;
}

function rowsBefore(file: SegmentFile, event: number): number {
  let rows = 0;
  for (let i = 0; i < event; i++) rows += file.events[i].rowCount;
  return rows;
}
