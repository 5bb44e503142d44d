import type { EventMatch } from '../row-mask.ts';
import type { DayRows, EventRows } from '../scan-source.ts';
import type { RangeCursor } from '../user-slice.ts';
import type { DayPieces } from './day-pieces.ts';
import { propertyOf, propertyOfUsers } from './property-columns.ts';
import type { RowProperty } from './property-columns.ts';
import type { DictionarySegments } from '../segment-index.ts';
import type { UserGroup } from './user-group.ts';

/** A day of which a group needs something. */
export interface PreparedDay {
  readonly pieces: DayPieces;
  /** A bit for each piece that some counter looks at. */
  readonly observed: number;
  /** Who was active, where that is enough; rows of events are not looked at then. */
  readonly activity: PreparedActivity | null;
  readonly events: readonly PreparedEvent[];
}

export interface PreparedActivity extends SegmentedBy {
  readonly users: Uint32Array;
  readonly cursor: RangeCursor;
}

/** How users or rows fall into segments. */
export interface SegmentedBy {
  /** The breakdown; null = there is none. */
  readonly property: RowProperty | null;
  /** Of the breakdown's dictionary, where it has one. */
  readonly slots: DictionarySegments | null;
}

/** An event of which some rows may pass. */
export interface PreparedEvent extends SegmentedBy {
  readonly rows: EventRows;
  readonly match: EventMatch;
  readonly cursor: RangeCursor;
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
    const activity = observed === 0 || pieces.count > 1 ? null : this.#prepareActivity(day);
    const hasRows = observed !== 0 && activity === null;
    const events = hasRows ? day.events.flatMap((rows) => this.#prepareEvent(rows)) : [];
    return { pieces, observed, activity, events };
  }

  #prepareActivity({ activity }: DayRows): PreparedActivity | null {
    const { presence, breakdown, source } = this.#group;
    if (activity === null || presence === null) return null;
    const segmentedBy = this.#segmentedBy(breakdown && propertyOfUsers(breakdown, source));
    return { users: activity.users, ...segmentedBy, cursor: { user: 0, run: 0 } };
  }

  #prepareEvent(rows: EventRows): PreparedEvent[] {
    const { breakdown, source } = this.#group;
    const match = this.#group.match.ofEvent(rows.event);
    if (match === null) return [];
    const property = breakdown && propertyOf(breakdown, rows, source);
    return [{ rows, match, ...this.#segmentedBy(property), cursor: { user: 0, run: 0 } }];
  }

  #segmentedBy(property: RowProperty | null): SegmentedBy {
    const own = property === null || property.by === 'event' ? null : property.column.dictionary;
    return { property, slots: own && this.#group.slots.of(own) };
  }
}

function observedPieces(group: UserGroup, { first, count }: DayPieces): number {
  let observed = 0;
  for (let piece = 0; piece < count; piece++) {
    if (group.observes(first + piece)) observed |= 1 << piece;
  }
  return observed;
}
