import type { EventMatch } from '../row-mask.ts';
import type { DayRows, EventRows } from '../scan-source.ts';
import type { DayPieces } from './day-pieces.ts';
import { propertyOf } from './property-columns.ts';
import type { RowProperty } from './property-columns.ts';
import type { DictionarySlots } from './slot-table.ts';
import type { UserGroup } from './user-group.ts';

/** A day of which a group needs something. */
export interface PreparedDay {
  readonly pieces: DayPieces;
  /** A bit for each piece that some counter looks at. */
  readonly observed: number;
  readonly events: readonly PreparedEvent[];
}

/** An event of which some rows may pass. */
export interface PreparedEvent {
  readonly rows: EventRows;
  readonly match: EventMatch;
  /** The breakdown; null = there is none. */
  readonly property: RowProperty | null;
  /** Of the breakdown's dictionary, where it has one. */
  readonly slots: DictionarySlots | null;
  /**
   * Where the range before ended. Ranges come mostly in ascending order, so that the next one is found
   * without a search through the day.
   */
  readonly cursor: { user: number; run: number };
}

/** What a range needs of each day is the same for all ranges, and there are hundreds of them. */
export class PreparedDays {
  readonly #group: UserGroup;
  readonly #days = new WeakMap<DayRows, PreparedDay>();

  constructor(group: UserGroup) {
    this.#group = group;
  }

  of(day: DayRows): PreparedDay {
    const known = this.#days.get(day) ?? this.#prepare(day);
    this.#days.set(day, known);
    return known;
  }

  #prepare(day: DayRows): PreparedDay {
    const pieces = this.#group.cutter.of(day.startMs);
    const observed = observedPieces(this.#group, pieces);
    const events = observed === 0 ? [] : day.events.flatMap((rows) => this.#prepareEvent(rows));
    return { pieces, observed, events };
  }

  #prepareEvent(rows: EventRows): PreparedEvent[] {
    const { breakdown, source, slots } = this.#group;
    const match = this.#group.match.ofEvent(rows.event);
    if (match === null) return [];
    const property = breakdown && propertyOf(breakdown, rows, source);
    const own = property === null || property.by === 'event' ? null : property.column.dictionary;
    const cursor = { user: 0, run: 0 };
    return [{ rows, match, property, slots: own && slots.of(own), cursor }];
  }
}

function observedPieces(group: UserGroup, { first, count }: DayPieces): number {
  let observed = 0;
  for (let piece = 0; piece < count; piece++) {
    if (group.observes(first + piece)) observed |= 1 << piece;
  }
  return observed;
}
