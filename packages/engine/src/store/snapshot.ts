import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyColumn, ShardView } from '../query/exec/shard-view.ts';
import type { EventTable } from './event-table.ts';
import type { Profile } from './people/profile.ts';
import { PropertyDictionary } from './property-dictionary.ts';
import type { RowOrder } from './row-order.ts';

/** What the events of a view are made of. Columns are gathered when they are first asked for. */
export class EventSnapshot {
  readonly order: RowOrder;
  readonly times: Float64Array;
  readonly events: Uint32Array;
  readonly eventNames: readonly string[];
  readonly #table: EventTable;
  readonly #columns = new Map<string, PropertyColumn | undefined>();

  /** Copies what may change; the table's rows themselves never do. */
  constructor(table: EventTable, order: RowOrder) {
    this.#table = table;
    this.order = order;
    this.eventNames = table.eventNames.slice();
    const { rows } = order;
    const times = new Float64Array(rows.length);
    const events = new Uint32Array(rows.length);
    const tableTimes = table.times.array;
    const tableEvents = table.events.array;
    for (let i = 0; i < rows.length; i++) {
      times[i] = tableTimes[rows[i]];
      events[i] = tableEvents[rows[i]];
    }
    this.times = times;
    this.events = events;
  }

  property(name: string): PropertyColumn | undefined {
    if (!this.#columns.has(name)) this.#columns.set(name, this.#gather(name));
    return this.#columns.get(name);
  }

  #gather(name: string): PropertyColumn | undefined {
    const dictionary = this.#table.shapeTree.dictionary(name);
    if (!dictionary) return undefined;
    const { rows } = this.order;
    const codes = new Uint32Array(rows.length);
    const found = gatherCodes(this.#table, this.#table.shapeTree.places(name), rows, codes);
    // The dictionary may know values of later or hidden rows; a snapshot of it must not grow.
    return found === 0 ? undefined : { codes, values: dictionary.values.slice() };
  }
}

/** The code of one property by row, 0 where a row lacks it. Returns how many have it. */
function gatherCodes(
  table: EventTable,
  places: Int32Array,
  rows: Uint32Array,
  codes: Uint32Array,
): number {
  const shapes = table.shapes.array;
  const starts = table.valueStarts.array;
  const values = table.values.array;
  let found = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const place = places[shapes[row]];
    if (place < 0) continue;
    codes[i] = values[starts[row] + place];
    found++;
  }
  return found;
}

/** What the people of a view are made of. */
export class PeopleSnapshot {
  /** By ordinal. */
  readonly profiles: ReadonlyMap<number, Profile>;
  readonly #userCount: number;
  readonly #columns = new Map<string, PropertyColumn | undefined>();

  constructor(profiles: ReadonlyMap<number, Profile>, userCount: number) {
    this.profiles = profiles;
    this.#userCount = userCount;
  }

  property(name: string): PropertyColumn | undefined {
    if (!this.#columns.has(name)) this.#columns.set(name, this.#collect(name));
    return this.#columns.get(name);
  }

  #collect(name: string): PropertyColumn | undefined {
    const dictionary = new PropertyDictionary();
    const codes = new Uint32Array(this.#userCount + 1);
    let found = false;
    for (const [user, profile] of this.profiles) {
      const value = profile.get(name);
      if (value === undefined) continue;
      codes[user] = dictionary.codeOf(value);
      found = true;
    }
    return found ? { codes, values: dictionary.values } : undefined;
  }
}

/** Names under which the envelope of an event can be asked for like a property (ingestion-api.md 9.2). */
const eventNameProperty = '$event_name';
const distinctIdProperty = '$distinct_id';

/** A consistent view over both: query/exec/shard-view.ts says what it promises. */
export class TableView implements ShardView {
  readonly rowCount: number;
  readonly times: Float64Array;
  readonly users: Uint32Array;
  readonly events: Uint32Array;
  readonly eventNames: readonly string[];
  readonly userCount: number;
  readonly userIds: readonly string[];
  readonly #events: EventSnapshot;
  readonly #people: PeopleSnapshot;

  constructor(events: EventSnapshot, people: PeopleSnapshot, userIds: readonly string[]) {
    this.#events = events;
    this.#people = people;
    this.rowCount = events.times.length;
    this.times = events.times;
    this.users = events.order.users;
    this.events = events.events;
    this.eventNames = events.eventNames;
    this.userCount = userIds.length - 1;
    this.userIds = userIds;
  }

  eventProperty(name: string): PropertyColumn | undefined {
    if (name === distinctIdProperty) return { codes: this.users, values: this.userIds };
    if (name === eventNameProperty) return eventNameColumn(this.events, this.eventNames);
    return this.#events.property(name);
  }

  personProperty(name: string): PropertyColumn | undefined {
    if (name === distinctIdProperty) return distinctIdColumn(this.userIds);
    return this.#people.property(name);
  }
}

function eventNameColumn(events: Uint32Array, names: readonly string[]): PropertyColumn {
  const codes = new Uint32Array(events.length);
  for (let i = 0; i < events.length; i++) codes[i] = events[i] + 1;
  return { codes, values: [null, ...names] };
}

function distinctIdColumn(userIds: readonly string[]): PropertyColumn {
  const values: readonly PropertyValue[] = userIds;
  const codes = Uint32Array.from(userIds, (id, ordinal) => (id === '' ? 0 : ordinal));
  return { codes, values };
}
