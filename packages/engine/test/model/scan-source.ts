import type { PropertyValue } from '@arbor/schema/property-value';
import type {
  CodeArray,
  DayActivity,
  DayRows,
  EventRows,
  ScanColumn,
  ScanDictionary,
  ScanSource,
} from '../../src/query/scan/scan-source.ts';
import type { World, WorldEvent } from './world.ts';

const dayMs = 86_400_000;

const protocolEvents = new Set(['$identify', '$create_alias', '$merge']);

/** An event with what its order needs. */
interface Placed {
  readonly event: WorldEvent;
  readonly user: number;
  readonly arrival: number;
}

/** One shard that holds the whole world, without any of the store's code. */
export function buildScanSource(world: World): ScanSource {
  const ordinals = new Map([['', 0]]);
  for (const user of [...Object.keys(world.people), ...world.events.map(({ user: id }) => id)]) {
    if (!ordinals.has(user)) ordinals.set(user, ordinals.size);
  }
  const ids = [...ordinals.keys()];
  const placed = world.events.map((event, arrival): Placed => {
    return { event, user: ordinals.get(event.user) ?? 0, arrival };
  });
  const eventNames = [...new Set(world.events.map(({ event }) => event))];
  const personColumns = new Map<string, ScanColumn | undefined>();
  return {
    eventNames,
    userCount: ids.length - 1,
    mergedUsers: new Uint32Array(),
    days: groupBy(placed, ({ event }) => Math.floor(event.time / dayMs) * dayMs).map(
      ([startMs, all]) => dayRows(startMs, all, eventNames),
    ),
    userId: (ordinal) => ids[ordinal],
    personColumn: (name) => {
      if (!personColumns.has(name)) {
        personColumns.set(name, column(ids.map((id) => own(world.people[id], name))));
      }
      return personColumns.get(name);
    },
  };
}

function dayRows(startMs: number, placed: readonly Placed[], names: readonly string[]): DayRows {
  const ordered = [...placed].sort(compareByUser);
  const instant = ({ event, user }: Placed): string => `${user} ${event.time}`;
  const tied = groupBy(ordered, instant).some(([, all]) => all.length > 1);
  const ranks = new Map<Placed, number>();
  for (const [, all] of groupBy(ordered, instant)) all.forEach((one, rank) => ranks.set(one, rank));
  return {
    startMs,
    events: groupBy(ordered, ({ event }) => names.indexOf(event.event)).map(([event, all]) =>
      eventRows(event, all, { startMs, ranks: tied ? ranks : null }),
    ),
    activity: activityOf(startMs, ordered),
  };
}

/** `ordered` by user, then by time. */
function activityOf(startMs: number, ordered: readonly Placed[]): DayActivity | null {
  const any = ordered.filter(({ event }) => !protocolEvents.has(event.event));
  if (any.length === 0) return null;
  const users = groupBy(any, ({ user }) => user);
  const timesOf = (all: readonly Placed[]): number[] =>
    all.map(({ event }) => event.time - startMs);
  return {
    users: Uint32Array.from(users, ([user]) => user),
    firstTimes: Uint32Array.from(users, ([, all]) => timesOf(all)[0]),
    lastTimes: Uint32Array.from(users, ([, all]) => {
      const times = timesOf(all);
      return 2 * times[times.length - 1] + Number(times[times.length - 1] === times.at(-2));
    }),
  };
}

function eventRows(
  event: number,
  placed: readonly Placed[],
  { startMs, ranks }: { readonly startMs: number; readonly ranks: Map<Placed, number> | null },
): EventRows {
  const columns = new Map<string, ScanColumn | undefined>();
  const runs = groupBy(placed, ({ user }) => user);
  const starts = [0];
  for (const [, all] of runs) starts.push(starts[starts.length - 1] + all.length);
  return {
    event,
    rowCount: placed.length,
    users: Uint32Array.from(runs, ([user]) => user),
    starts: Uint32Array.from(starts),
    times: Uint32Array.from(placed, (one) => one.event.time - startMs),
    tieRanks: ranks && Uint32Array.from(placed, (one) => ranks.get(one) ?? 0),
    column: (name) => {
      if (!columns.has(name)) {
        columns.set(name, column(placed.map((one) => own(one.event.properties, name))));
      }
      return columns.get(name);
    },
  };
}

function compareByUser(left: Placed, right: Placed): number {
  return (
    left.user - right.user || left.event.time - right.event.time || left.arrival - right.arrival
  );
}

/** Groups in ascending order of their keys where these are numbers, in order of sight otherwise. */
function groupBy<T, K extends number | string>(items: readonly T[], keyOf: (item: T) => K) {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
}

function own(
  properties: Readonly<Record<string, PropertyValue>> | undefined,
  name: string,
): PropertyValue | undefined {
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Widths differ from column to column, as in a segment: the number of values decides. */
function column(values: readonly (PropertyValue | undefined)[]): ScanColumn | undefined {
  const texts = new Map<string, number>();
  const distinct: PropertyValue[] = [null];
  const codes = values.map((value) => {
    if (value === undefined) return 0;
    const text = JSON.stringify(value);
    const known = texts.get(text) ?? distinct.push(value) - 1;
    texts.set(text, known);
    return known;
  });
  if (distinct.length === 1) return undefined;
  return { codes: narrowest(codes, distinct.length), dictionary: dictionary(distinct) };
}

function narrowest(codes: readonly number[], count: number): CodeArray {
  if (count <= 4) return Uint8Array.from(codes);
  return count <= 6 ? Uint16Array.from(codes) : Uint32Array.from(codes);
}

function dictionary(values: readonly PropertyValue[]): ScanDictionary {
  const numbers = Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN));
  return { values, numbers };
}
