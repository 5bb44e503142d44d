import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyColumn, ShardView } from '../query/exec/shard-view.ts';
import { distinctIdProperty, eventNameProperty } from '../query/scan/people-mask.ts';
import { PropertyDictionary } from '../store/property-dictionary.ts';
import type { DecodedDay } from './day-unit.ts';
import type { Slice, SliceColumn } from './slice.ts';
import { sliceColumn } from './slice.ts';

/** A column of persons of one shard, by ordinal. */
export interface PersonColumn {
  readonly codes: Uint32Array;
  readonly values: readonly PropertyValue[];
}

export interface SliceViewOptions {
  readonly slice: Slice;
  readonly decoded: DecodedDay;
  readonly dayStartMs: number;
  /** User ordinals by unit of the slice, by place. */
  readonly users: readonly Uint32Array[];
  /** Times by unit of the slice, by place: ms since the day began. */
  readonly times: readonly Uint32Array[];
  /** By shard, by name. */
  readonly persons: readonly ReadonlyMap<string, PersonColumn>[];
}

/**
 * The rows of a slice as filters read them. In order of time and not of users: for filters about single rows
 * (`checkRowFilters`) it makes no difference. Users are numbered anew, from 1, and stand for those of all shards.
 */
export function sliceView(options: SliceViewOptions): ShardView {
  const { slice, dayStartMs } = options;
  const rowCount = slice.unitOf.length;
  const { users, owners } = numberUsers(options);
  const times = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    times[row] = dayStartMs + options.times[slice.unitOf[row]][slice.placeOf[row]];
  }
  let ids: string[] | null = null;
  const userIds = (): string[] =>
    (ids ??= owners.map(({ unit, ordinal }) => slice.units[unit].unit.users.id(ordinal)));
  return {
    rowCount,
    times,
    users,
    events: Uint32Array.from(slice.unitOf),
    eventNames: slice.units.map(({ unit }) => unit.event),
    userCount: owners.length - 1,
    get userIds() {
      return userIds();
    },
    eventProperty: (name) => {
      if (name === distinctIdProperty) return { codes: users, values: userIds() };
      return name === eventNameProperty ? nameColumn(slice) : eventProperty(options, name);
    },
    personProperty: (name) =>
      name === distinctIdProperty
        ? { codes: Uint32Array.from(owners, (_, user) => user), values: userIds() }
        : personProperty(options, owners, name),
  };
}

interface Owner {
  /** A unit of the slice, whose shard knows him. */
  readonly unit: number;
  readonly ordinal: number;
}

/** Whose each row is, 0 = nobody's, and who that is. */
function numberUsers({ slice, users }: SliceViewOptions): { users: Uint32Array; owners: Owner[] } {
  const numbered = new Uint32Array(slice.unitOf.length);
  const owners: Owner[] = [{ unit: 0, ordinal: 0 }];
  const known = new Map<number, Map<number, number>>();
  for (let row = 0; row < numbered.length; row++) {
    const unit = slice.unitOf[row];
    const ordinal = users[unit][slice.placeOf[row]];
    if (ordinal === 0) continue;
    const { shard } = slice.units[unit].unit;
    let ofShard = known.get(shard);
    if (ofShard === undefined) known.set(shard, (ofShard = new Map()));
    let number = ofShard.get(ordinal);
    if (number === undefined) {
      number = owners.push({ unit, ordinal }) - 1;
      ofShard.set(ordinal, number);
    }
    numbered[row] = number;
  }
  return { users: numbered, owners };
}

function nameColumn({ unitOf, units }: Slice): PropertyColumn {
  const names = units.map(({ unit }) => unit.event);
  return { codes: Uint32Array.from(unitOf, (unit) => unit + 1), values: [null, ...names] };
}

function eventProperty(
  { slice, decoded }: SliceViewOptions,
  name: string,
): PropertyColumn | undefined {
  const dictionary = new PropertyDictionary();
  const columns = slice.units.map((own) => {
    const column = sliceColumn(own, name, decoded);
    return column && translated(column, own.parts, dictionary);
  });
  if (columns.every((column) => column === undefined)) return undefined;
  const codes = new Uint32Array(slice.unitOf.length);
  for (let row = 0; row < codes.length; row++) {
    codes[row] = columns[slice.unitOf[row]]?.[slice.placeOf[row]] ?? 0;
  }
  return { codes, values: dictionary.values };
}

/** The codes of a column as codes of the dictionary, which learns what occurs. */
function translated(
  { codes, values }: SliceColumn,
  parts: Uint16Array,
  dictionary: PropertyDictionary,
): Uint32Array {
  const known = values.map(() => new Map<number, number>());
  const target = new Uint32Array(codes.length);
  for (let place = 0; place < codes.length; place++) {
    const code = codes[place];
    if (code === 0) continue;
    const ofPart = known[parts[place]];
    let own = ofPart.get(code);
    if (own === undefined) {
      own = dictionary.codeOf(values[parts[place]]?.()[code] ?? null);
      ofPart.set(code, own);
    }
    target[place] = own;
  }
  return target;
}

function personProperty(
  { slice, persons }: SliceViewOptions,
  owners: readonly Owner[],
  name: string,
): PropertyColumn | undefined {
  if (persons.every((columns) => !columns.has(name))) return undefined;
  const dictionary = new PropertyDictionary();
  const codes = Uint32Array.from(owners, ({ unit, ordinal }) => {
    const column = persons[slice.units[unit].unit.shard].get(name);
    // Who came after the export began has none yet.
    const code = column?.codes[ordinal] ?? 0;
    return column === undefined || code === 0 ? 0 : dictionary.codeOf(column.values[code]);
  });
  return { codes, values: dictionary.values };
}
