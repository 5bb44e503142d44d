import { dayMs } from '../../format/segment/segment-rows.ts';
import { GrowableUint32 } from '../../base/growable.ts';
import { type EventPart, type MergeUsers } from './event-part.ts';
import { userAt } from './event-merge.ts';
import { placeOf } from './redirected-runs.ts';
import { SameEvent } from './same-event.ts';

/** A part of a day, opened as far as the search for copies must. */
export interface SearchPart {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** Rows whose time the edge changed (`SegmentRows.sentTimes`). */
  readonly oddRowCount: number;
  /** In the order of the part. */
  readonly events: readonly { readonly name: string; readonly rowCount: number }[];
  /** `hiddenRows` is not read. Of a part with `oddRowCount` 0 only the events of copies are asked for. */
  event(event: number): EventPart;
}

/** One row that may be a copy of another. */
interface Copy {
  readonly part: number;
  readonly event: number;
  /** Of the event. */
  readonly row: number;
  readonly sequence: number;
  readonly tieRank: number;
}

/**
 * By part the rows (of the part, ascending) whose event is held by a later copy with another time. The time of a copy
 * differs only where the edge changed it (an event of the future gets the time of its arrival), so the
 * search starts from those few rows, wherever they lie, and looks for unchanged copies at the time they
 * were sent with. Of all copies the last to arrive, by (sequence, part, tie rank), stays.
 *
 * `parts`: all of the project in the shard, ascending by day, those of a day in the order of their generations.
 */
export function findHiddenOddRows(parts: readonly SearchPart[], users: MergeUsers): Uint32Array[] {
  const search = new CopySearch(parts, users);
  for (const [part, { oddRowCount, events }] of parts.entries()) {
    if (oddRowCount === 0) continue;
    for (let event = 0; event < events.length; event++) search.addOddRows(part, event);
  }
  return search.hiddenRows();
}

class CopySearch {
  readonly #parts: readonly SearchPart[];
  readonly #users: MergeUsers;
  /** By part and event, opened once. */
  readonly #opened: (EventPart | undefined)[][];
  /** By what copies have in common: all of them that were found. */
  readonly #copies = new Map<string, Copy[]>();
  /** Ordinals of one user by each of them; made when it is first needed. */
  #groups: Map<number, number[]> | undefined;

  constructor(parts: readonly SearchPart[], users: MergeUsers) {
    this.#parts = parts;
    this.#users = users;
    this.#opened = parts.map(() => []);
  }

  addOddRows(part: number, event: number): void {
    const rows = this.#open(part, event);
    const { name } = this.#parts[part].events[event];
    const same = new SameEvent([rows], (ordinal) => this.#users.userId(ordinal));
    for (const [row, sentTime] of rows.sentTimes) {
      const place = { part: 0, row, user: userAt(rows, row) };
      const key = `${sentTime} ${same.identity(place)} ${name}`;
      let copies = this.#copies.get(key);
      if (copies === undefined) {
        copies = this.#unchangedCopies(name, sentTime, { same: same.identity(place), ...place });
        this.#copies.set(key, copies);
      }
      copies.push(copyAt(rows, { part, event, row }));
    }
  }

  hiddenRows(): Uint32Array[] {
    const hidden = this.#parts.map(() => new GrowableUint32());
    for (const copies of this.#copies.values()) {
      if (copies.length === 1) continue;
      const last = copies.reduce((best, copy) => (isLater(copy, best) ? copy : best));
      for (const copy of copies) {
        if (copy !== last) hidden[copy.part].push(this.#rowOfPart(copy));
      }
    }
    return hidden.map(({ array, length }) => array.slice(0, length).sort());
  }

  /** Rows of the event that were sent with this time and kept it. */
  #unchangedCopies(
    name: string,
    sentTime: number,
    odd: { readonly same: string; readonly user: number },
  ): Copy[] {
    const day = Math.floor(sentTime / dayMs);
    const time = sentTime - day * dayMs;
    const copies: Copy[] = [];
    for (const [part, { day: partDay, events }] of this.#parts.entries()) {
      if (partDay !== day) continue;
      const event = events.findIndex((one) => one.name === name);
      if (event < 0) continue;
      const rows = this.#open(part, event);
      const same = new SameEvent([rows], (ordinal) => this.#users.userId(ordinal));
      for (const user of this.#ordinalsOf(odd.user)) {
        for (const row of rowsAt(rows, user, time)) {
          if (rows.sentTimes.has(row) || same.identity({ part: 0, row, user }) !== odd.same)
            continue;
          copies.push(copyAt(rows, { part, event, row }));
        }
      }
    }
    return copies;
  }

  #open(part: number, event: number): EventPart {
    return (this.#opened[part][event] ??= this.#parts[part].event(event));
  }

  /** All ordinals of the user that this one belongs to. */
  #ordinalsOf(user: number): readonly number[] {
    this.#groups ??= groupsOf(this.#users);
    return this.#groups.get(user) ?? [user];
  }

  #rowOfPart({ part, event, row }: Copy): number {
    const { events } = this.#parts[part];
    let start = 0;
    for (let i = 0; i < event; i++) start += events[i].rowCount;
    return start + row;
  }
}

function groupsOf({ redirects: { losers, winners } }: MergeUsers): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < losers.length; i++) {
    const group = groups.get(winners[i]) ?? [winners[i]];
    group.push(losers[i]);
    groups.set(winners[i], group).set(losers[i], group);
  }
  return groups;
}

/** Rows of one user at one time. */
function rowsAt({ users, starts, times }: EventPart, user: number, time: number): number[] {
  const run = placeOf(users, user);
  if (users[run] !== user) return [];
  const end = starts[run + 1];
  const first = starts[run] + placeOf(times.subarray(starts[run], end), time);
  const rows: number[] = [];
  for (let row = first; row < end && times[row] === time; row++) rows.push(row);
  return rows;
}

function copyAt(rows: EventPart, place: { part: number; event: number; row: number }): Copy {
  const sequence = rows.batchSequences[rows.batches[place.row]];
  return { ...place, sequence, tieRank: rows.tieRanks?.[place.row] ?? 0 };
}

function isLater(copy: Copy, other: Copy): boolean {
  const difference =
    copy.sequence - other.sequence || copy.part - other.part || copy.tieRank - other.tieRank;
  return difference !== 0 ? difference > 0 : copy.row > other.row;
}
