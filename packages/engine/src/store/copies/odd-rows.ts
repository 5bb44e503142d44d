import type { Slices } from '../../base/slices.ts';
import type { SegmentFile } from '../../format/segment/segment-file.ts';
import { type EventKey, eventKeyCheck, eventKeyHash } from './event-key.ts';

/** A row of a segment, and when it came. */
export interface FoundCopy {
  /** Of the segment, whatever the event. */
  readonly row: number;
  readonly sequence: number;
}

/** A duplicate key as far as it is kept: keys that share all three are taken for one. */
export interface KeyDigest {
  /** `eventKeyHash` */
  readonly hash: number;
  /** `eventKeyCheck` */
  readonly check: number;
  readonly sentTime: number;
}

export interface OddRow extends KeyDigest, FoundCopy {}

/**
 * The rows of a segment whose time the edge changed (an event of the future gets the time of its arrival), by duplicate
 * key: a copy that comes later gets another time, and must be found all the same. 32 bytes a row.
 */
export class OddRows {
  /** Ascending. */
  readonly #hashes: Uint32Array;
  readonly #checks: Uint32Array;
  readonly #rows: Uint32Array;
  readonly #sequences: Float64Array;
  readonly #sentTimes: Float64Array;

  constructor(rows: readonly OddRow[]) {
    const sorted = [...rows].sort((row, other) => row.hash - other.hash);
    this.#hashes = Uint32Array.from(sorted, ({ hash }) => hash);
    this.#checks = Uint32Array.from(sorted, ({ check }) => check);
    this.#rows = Uint32Array.from(sorted, ({ row }) => row);
    this.#sequences = Float64Array.from(sorted, ({ sequence }) => sequence);
    this.#sentTimes = Float64Array.from(sorted, ({ sentTime }) => sentTime);
  }

  get count(): number {
    return this.#hashes.length;
  }

  at(i: number): OddRow {
    return {
      hash: this.#hashes[i],
      check: this.#checks[i],
      sentTime: this.#sentTimes[i],
      row: this.#rows[i],
      sequence: this.#sequences[i],
    };
  }

  /** First and last time that they were sent with. */
  sentRange(): { readonly first: number; readonly last: number } {
    const times = this.#sentTimes;
    return {
      first: times.reduce((first, time) => Math.min(first, time), Infinity),
      last: times.reduce((last, time) => Math.max(last, time), -Infinity),
    };
  }

  /** False = no row has a key with this hash. */
  mayHave(hash: number): boolean {
    return this.#hashes[this.#firstPlace(hash)] === hash;
  }

  /** The row with this key, of which there is one: merging a day leaves none but the last. */
  find({ hash, check, sentTime }: KeyDigest): FoundCopy | undefined {
    for (let i = this.#firstPlace(hash); this.#hashes[i] === hash; i++) {
      if (this.#checks[i] === check && this.#sentTimes[i] === sentTime) {
        return { row: this.#rows[i], sequence: this.#sequences[i] };
      }
    }
    return undefined;
  }

  /** Where rows with this hash or a greater one begin. */
  #firstPlace(hash: number): number {
    const hashes = this.#hashes;
    let low = 0;
    let high = hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (hashes[middle] < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function digestOf(key: EventKey): KeyDigest {
  return { hash: eventKeyHash(key), check: eventKeyCheck(key), sentTime: key.sentTime };
}

/** Those of an open segment, in slices. `userId` gives the id of an ordinal as it was given out. */
export async function readOddRows(
  file: SegmentFile,
  userId: (ordinal: number) => string,
  slices: Slices,
): Promise<OddRows> {
  const found: OddRow[] = [];
  for (const some of oddRowsByEvent(file, userId)) {
    for (const one of some) found.push(one);
    await slices.pause();
  }
  return new OddRows(found);
}

/** The same at once. */
export function oddRowsOf(file: SegmentFile, userId: (ordinal: number) => string): OddRows {
  return new OddRows([...oddRowsByEvent(file, userId)].flat());
}

function* oddRowsByEvent(
  file: SegmentFile,
  userId: (ordinal: number) => string,
): Generator<OddRow[]> {
  let eventStart = 0;
  for (const [event, { rowCount }] of file.events.entries()) {
    const sentTimes = file.sentTimes(event);
    if (sentTimes.size > 0) {
      const keys = new SegmentKeys(file, event, eventStart, userId);
      const rows = [...sentTimes.keys()].sort((a, b) => a - b);
      yield rows.map((row) => keys.at(row, sentTimes.get(row) ?? 0));
    }
    eventStart += rowCount;
  }
}

/** The duplicate keys of the rows of one event in a segment, asked for in ascending order. */
export class SegmentKeys {
  readonly #name: string;
  readonly #firstRow: number;
  readonly #userId: (ordinal: number) => string;
  readonly #runs: ReturnType<SegmentFile['userRuns']>;
  readonly #sentIds: ReturnType<SegmentFile['sentIds']>;
  readonly #texts: readonly string[];
  readonly #insertIds: ReturnType<SegmentFile['insertIds']>;
  readonly #batches: ReturnType<SegmentFile['batches']>;
  readonly #sequences: Float64Array;
  #run = 0;

  /** `firstRow`: rows of the events before. */
  constructor(
    file: SegmentFile,
    event: number,
    firstRow: number,
    userId: (ordinal: number) => string,
  ) {
    this.#name = file.events[event].name;
    this.#firstRow = firstRow;
    this.#userId = userId;
    this.#runs = file.userRuns(event);
    this.#sentIds = file.sentIds(event);
    this.#texts = this.#sentIds ? file.sentIdTexts() : [];
    this.#insertIds = file.insertIds(event);
    this.#batches = file.batches(event);
    this.#sequences = file.batchSequences();
  }

  /** `row` of the event. */
  at(row: number, sentTime: number): OddRow {
    const { users, starts } = this.#runs;
    while (starts[this.#run + 1] <= row) this.#run++;
    const code = this.#sentIds?.[row] ?? 0;
    const { bytes, ends } = this.#insertIds;
    const digest = digestOf({
      event: this.#name,
      sentTime,
      sentId: code === 0 ? this.#userId(users[this.#run]) : this.#texts[code],
      bytes,
      start: row === 0 ? 0 : ends[row - 1],
      end: ends[row],
    });
    const sequence = this.#sequences[this.#batches[row]];
    return { ...digest, row: this.#firstRow + row, sequence };
  }
}
