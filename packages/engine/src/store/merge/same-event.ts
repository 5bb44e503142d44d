import type { EventPart } from './event-part.ts';

/**
 * Whether rows of one event name, one user and one time are copies of one event: the same time and
 * distinct id as sent and the same insert id.
 */
export class SameEvent {
  readonly #parts: readonly (EventPart | null)[];
  readonly #userId: (ordinal: number) => string;

  constructor(parts: readonly (EventPart | null)[], userId: (ordinal: number) => string) {
    this.#parts = parts;
    this.#userId = userId;
  }

  /** The ordinals are those that the parts hold, before redirects. */
  isSame(row: RowPlace, other: RowPlace): boolean {
    const part = this.#part(row);
    const otherPart = this.#part(other);
    if (!isSameInsertId(part, row.row, otherPart, other.row)) return false;
    // Equal times: one that was not changed equals another that was not.
    if (part.sentTimes.get(row.row) !== otherPart.sentTimes.get(other.row)) return false;
    const hasOwnIds = part.sentIds[row.row] === 0 && otherPart.sentIds[other.row] === 0;
    if (hasOwnIds && row.user === other.user) return true;
    return this.#sentId(row) === this.#sentId(other);
  }

  /** Equal for copies, different for all others: what `isSame` compares, as text. */
  key(place: RowPlace): string {
    const sentTime = this.#part(place).sentTimes.get(place.row) ?? '';
    return `${sentTime} ${this.identity(place)}`;
  }

  /** The key without the time as sent: insert id and distinct id. */
  identity(place: RowPlace): string {
    const part = this.#part(place);
    const { start, end } = insertIdAt(part, place.row);
    const insertId = Buffer.from(part.insertIds.bytes.subarray(start, end)).toString('latin1');
    return `${insertId.length} ${insertId}${this.#sentId(place)}`;
  }

  #part(place: RowPlace): EventPart {
    return this.#parts[place.part] as EventPart;
  }

  #sentId(place: RowPlace): string {
    const part = this.#part(place);
    const code = part.sentIds[place.row];
    return code === 0 ? this.#userId(place.user) : part.sentIdTexts[code];
  }
}

export interface RowPlace {
  readonly part: number;
  readonly row: number;
  /** Ordinal that the part holds for the row. */
  readonly user: number;
}

function isSameInsertId(part: EventPart, row: number, other: EventPart, otherRow: number): boolean {
  const a = insertIdAt(part, row);
  const b = insertIdAt(other, otherRow);
  const length = a.end - a.start;
  if (b.end - b.start !== length) return false;
  const bytes = part.insertIds.bytes;
  const otherBytes = other.insertIds.bytes;
  // The ends differ more often than the beginnings, which tell who made the ids.
  for (let i = length - 1; i >= 0; i--) {
    if (bytes[a.start + i] !== otherBytes[b.start + i]) return false;
  }
  return true;
}

/** Where the insert id of a row lies in `insertIds.bytes`. */
export function insertIdAt(part: EventPart, row: number): { start: number; end: number } {
  const { ends, start = 0 } = part.insertIds;
  return { start: row === 0 ? start : ends[row - 1], end: ends[row] };
}
