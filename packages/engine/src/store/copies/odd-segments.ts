import type { OddRows } from './odd-rows.ts';

/** A segment with rows whose time the edge changed. */
export interface OddSegment {
  /** First and last time that they were sent with: a copy has one of these times. */
  readonly first: number;
  readonly last: number;
  /** Reads them from the file again. */
  readonly load: () => OddRows;
}

/** 128 MB a project: more odd rows than that in one shard are those of a client that lies about its clock. */
const rowsInMemoryMax = 4_000_000;

/**
 * The odd rows of all segments of a project, however old: what is not used is read again from the file when a
 * row comes that was sent with one of its times.
 */
export class OddSegments {
  readonly #segments = new Map<string, OddSegment>();
  /** Those in memory; the one that was used last comes last. */
  readonly #rows = new Map<string, OddRows>();
  readonly #rowsMax: number;
  #rowCount = 0;

  constructor(rowsMax = rowsInMemoryMax) {
    this.#rowsMax = rowsMax;
  }

  /** These of a version before, without segments that are not named, to be added to. */
  static of(before: OddSegments | undefined, ids: ReadonlySet<string>): OddSegments {
    if (before === undefined) return new OddSegments();
    const segments = new OddSegments(before.#rowsMax);
    for (const [id, segment] of before.#segments) {
      if (ids.has(id)) segments.#segments.set(id, segment);
    }
    for (const [id, rows] of before.#rows) if (ids.has(id)) segments.#keep(id, rows);
    return segments;
  }

  has(id: string): boolean {
    return this.#segments.has(id);
  }

  add(id: string, rows: OddRows, load: () => OddRows): void {
    this.#segments.set(id, { ...rows.sentRange(), load });
    this.#keep(id, rows);
  }

  /** Ids of segments that may have a row that was sent between two times, both included. */
  sentBetween(first: number, last: number): string[] {
    const ids: string[] = [];
    for (const [id, segment] of this.#segments) {
      if (segment.first <= last && segment.last >= first) ids.push(id);
    }
    return ids;
  }

  rows(id: string): OddRows {
    const known = this.#rows.get(id);
    if (known) {
      this.#rows.delete(id);
      this.#rows.set(id, known);
      return known;
    }
    const segment = this.#segments.get(id);
    if (segment === undefined) throw new Error(`segment ${id} has no odd rows`);
    const rows = segment.load();
    this.#keep(id, rows);
    return rows;
  }

  #keep(id: string, rows: OddRows): void {
    this.#rows.set(id, rows);
    this.#rowCount += rows.count;
    for (const [other, { count }] of this.#rows) {
      if (this.#rowCount <= this.#rowsMax) return;
      this.#rows.delete(other);
      this.#rowCount -= count;
    }
  }
}
