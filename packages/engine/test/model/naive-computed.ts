import { compileExpression } from '@arbor/expression/compile-expression';
import { parseComputed } from '@arbor/expression/expression';
import type { Value } from '@arbor/expression/value';
import type { PropertyValue } from '@arbor/schema/property-value';
import type {
  ComputedProperty,
  Duration,
  EventSelector,
  PropertyCast,
  PropertyRef,
} from '@arbor/schema/query';
import type { ProjectDefinitions } from '../../src/query/plan/plan-scope.ts';
import { touchShares } from './naive-attribution.ts';
import type { World, WorldEvent } from './world.ts';

/** The value of any property at an event; null = has none. reports.md 3.3, 3.5, 3.6, 14. */
export function valueAt(world: World, event: WorldEvent, property: PropertyRef): PropertyValue {
  const { scope, name, path, computed } = property;
  if (computed?.type === 'behavior') {
    const value =
      computed.within === undefined
        ? behaviorOf(world, event.user, computed, bucketAt(world, event))
        : behaviorAfter(world, event, computed, computed.within);
    return cast(property.cast, value);
  }
  if (scope === 'person') {
    const { doer, user } = event;
    if (doer === undefined) return valueOfUser(world, user, property);
    return valueOfUser({ ...world, people: world.doers ?? {} }, doer, property);
  }
  if (scope === 'group') return derived(world, property, ofGroups(world, event, property));
  const stored = storedAt(world, event, name);
  switch (computed?.type) {
    case undefined:
    case 'lookup':
    case 'items':
      return derived(world, property, stored);
    case 'formula':
      return cast(
        property.cast,
        formula(world, computed, (source, of) => {
          if (source === 'user') return world.people[event.user]?.[of];
          if (source === 'properties') {
            // A stored null is a value here, unlike in filters: "not" of it is nothing (query-api.md 19).
            const value = storedAt(world, event, of);
            return value === null && event.properties[of] !== null ? undefined : value;
          }
          if (of === '$time') return event.time / 1000;
          if (of === '$event') return event.event;
          return of === '$distinct_id' && event.user !== '' ? event.user : undefined;
        }),
      );
    case 'borrowed': {
      const lender = earlier(world, event).findLast(
        (one) =>
          matchesIn(world, computed.selector, one) &&
          nested(storedAt(world, one, name), path) !== null,
      );
      const isNear = lender !== undefined && event.time - lender.time <= ms(computed.within);
      return cast(property.cast, isNear ? nested(storedAt(world, lender, name), path) : null);
    }
    case 'attributed': {
      const shares = attributedTo(world, event, property);
      const values = shares.flatMap(({ value, share }) => (share > 1e-12 ? [value] : []));
      const { type } = computed.model;
      const own = values.map((value) => cast(property.cast, value));
      if (values.length === 0) return cast(property.cast, null);
      if (type === 'first' || type === 'last') return own[0];
      const items = new Map(own.flat().map((item) => [JSON.stringify(item), item]));
      return [...items].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
    }
    case 'until_next': {
      if (event.user === '') return cast(property.cast, null);
      const next = inOrder(world, event.user)
        .filter((one) => one.event === event.event)
        .find((_, i, own) => i > 0 && own[i - 1] === event);
      return cast(
        property.cast,
        next === undefined ? 'Did not convert' : (next.time - event.time) / 1000,
      );
    }
  }
}

/** What the group has that the event names, or each of several. */
function ofGroups(
  { groups = {} }: World,
  { properties }: WorldEvent,
  { groupKey = '', name }: PropertyRef,
): PropertyValue {
  const known = new Map(Object.entries(groups[groupKey] ?? {}));
  const ofGroup = (id: PropertyValue): PropertyValue => {
    if (id === null || typeof id === 'object') return null;
    return known.get(String(id))?.[name] ?? null;
  };
  const named = properties[groupKey] ?? null;
  if (!Array.isArray(named)) return ofGroup(named);
  return named.map((id: PropertyValue) => ofGroup(id)).flat(1) as PropertyValue[];
}

/** What an event has: of properties that were merged the first that it has (18). */
function storedAt({ asked }: World, { properties }: WorldEvent, name: string): PropertyValue {
  const names = asked?.context.definitions?.propertyNames(name) ?? [name];
  return names.map((own) => properties[own] ?? null).find((value) => value !== null) ?? null;
}

/** The same of a property of persons, who have no event. */
export function valueOfUser(world: World, user: string, property: PropertyRef): PropertyValue {
  const { computed } = property;
  if (computed?.type === 'behavior') {
    return cast(property.cast, behaviorOf(world, user, computed, null));
  }
  const profile = world.people[user] ?? {};
  if (computed?.type === 'formula') {
    return cast(
      property.cast,
      formula(world, computed, (source, of) => (source === 'event' ? undefined : profile[of])),
    );
  }
  return derived(world, property, profile[property.name] ?? null);
}

/** What follows from one stored value: nested keys, then a lookup or an aggregate, then the cast. */
export function derived(world: World, property: PropertyRef, stored: PropertyValue): PropertyValue {
  const { computed } = property;
  let value = nested(stored, property.path);
  if (computed?.type === 'lookup') {
    const table = world.asked?.context.definitions?.lookup(computed.table, computed.column);
    value = Array.isArray(value)
      ? value.map((item: PropertyValue) => lookedUp(table, item))
      : lookedUp(table, value);
  }
  if (computed?.type === 'items' && value !== null) {
    const list = (Array.isArray(value) ? value : [value]) as PropertyValue[];
    const { key } = computed;
    const own = key === undefined ? list : list.map((item) => nested(item, [key]));
    if (computed.aggregate === 'size') value = list.length;
    else if (computed.aggregate === 'sum') {
      value = own.filter((item) => typeof item === 'number').reduce((sum, item) => sum + item, 0);
    } else {
      const texts = own.filter((item) => item !== null).map((item) => JSON.stringify(item));
      value = new Set(texts).size;
    }
  }
  return cast(property.cast, value);
}

function lookedUp(
  table: ReturnType<ProjectDefinitions['lookup']>,
  key: PropertyValue,
): PropertyValue {
  const at =
    table && key !== null && typeof key !== 'object' ? table.keys.indexOf(String(key)) : -1;
  return at < 0 ? null : (table?.values[at] ?? null);
}

function nested(value: PropertyValue, path: readonly string[] = []): PropertyValue {
  if (path.length === 0 || value === null) return value;
  if (Array.isArray(value)) return value.map((item: PropertyValue) => nested(item, path)).flat(1);
  if (typeof value !== 'object' || !Object.keys(value).includes(path[0])) return null;
  return nested((value as { [key: string]: PropertyValue })[path[0]], path.slice(1));
}

/** 3.5. */
export function cast(to: PropertyCast | undefined, value: PropertyValue): PropertyValue {
  if (to === 'boolean') return ![null, false, 0, '', 'false'].includes(value as string);
  if (to === undefined || value === null) return value;
  if (to === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (to === 'list') {
    if (Array.isArray(value)) return value;
    return typeof value === 'string' ? (listOfText(value) ?? [value]) : [value];
  }
  if (Array.isArray(value)) {
    return value.map((item: PropertyValue) => (Array.isArray(item) ? null : cast(to, item)));
  }
  if (to === 'number') {
    if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
    return typeof value === 'number' ? value : null;
  }
  if (typeof value === 'number') {
    return new Date(Math.abs(value) < 1e11 ? value * 1000 : value).toISOString();
  }
  return typeof value === 'string' && isDate(value) ? value : null;
}

function listOfText(text: string): PropertyValue[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? (parsed as PropertyValue[]) : null;
  } catch {
    return null;
  }
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);

function formula(
  { asked }: World,
  { expression, dialect }: Extract<ComputedProperty, { type: 'formula' }>,
  read: (source: string, name: string) => PropertyValue | undefined,
): PropertyValue {
  const { nowMs = 0, timezone = 'UTC' } = asked?.context ?? {};
  const { evaluate } = compileExpression(parseComputed(expression, dialect), { nowMs, timezone });
  const result: Value = evaluate(({ source, name }) => read(source, name));
  return JSON.parse(JSON.stringify(result ?? null)) as PropertyValue;
}

/** 14.5 and 4.5: over the bucket of the event in charts by time, over the whole range otherwise. */
function behaviorOf(
  world: World,
  user: string,
  behavior: Extract<ComputedProperty, { type: 'behavior' }>,
  bucket: { startMs: number; endMs: number } | null | undefined,
): PropertyValue {
  if (user === '' || bucket === undefined) return null;
  const span = bucket ?? world.asked?.range ?? { startMs: 0, endMs: 0 };
  const own = world.events.filter(
    (one) =>
      one.user === user &&
      one.time >= span.startMs &&
      one.time < span.endMs &&
      matchesIn(world, behavior.selector, one),
  );
  return aggregated(world, own, behavior);
}

/** 14.5: what comes after an event, at most so long after it. */
function behaviorAfter(
  world: World,
  event: WorldEvent,
  behavior: Extract<ComputedProperty, { type: 'behavior' }>,
  within: Duration,
): PropertyValue {
  if (event.user === '') return null;
  const all = inOrder(world, event.user);
  const own = all
    .slice(all.indexOf(event) + 1)
    .filter((one) => one.time - event.time <= ms(within))
    .filter((one) => matchesIn(world, behavior.selector, one));
  return aggregated(world, own, behavior);
}

/** 5.10: of the events of an attempt `from` and `to` are two; what fulfils any step is not counted. */
export function behaviorBetween(
  world: World,
  steps: readonly WorldEvent[],
  { computed, cast: to }: PropertyRef,
): PropertyValue {
  if (computed?.type !== 'behavior' || computed.between === undefined) {
    throw new Error('this lies between no steps');
  }
  const ends = [steps[computed.between.from], steps[computed.between.to]];
  if (ends[0] === undefined || ends[1] === undefined) return cast(to, null);
  const all = inOrder(world, ends[0].user);
  // Grace lets a later step come first.
  const places = ends.map((end) => all.indexOf(end)).sort((left, right) => left - right);
  const own = all
    .slice(places[0], places[1])
    .filter((event) => !steps.includes(event) && matchesIn(world, computed.selector, event));
  return cast(to, aggregated(world, own, computed));
}

function aggregated(
  world: World,
  own: readonly WorldEvent[],
  { aggregate, property }: Extract<ComputedProperty, { type: 'behavior' }>,
): PropertyValue {
  if (aggregate === 'count' || property === undefined) return own.length;
  const values = own.map((one) => valueAt(world, one, property)).filter((value) => value !== null);
  if (aggregate === 'distinct_count') return new Set(values.map((one) => JSON.stringify(one))).size;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (aggregate === 'sum') return sum;
  if (aggregate === 'average') return sum / numbers.length;
  return aggregate === 'min' ? Math.min(...numbers) : Math.max(...numbers);
}

/** Null = the whole range counts; undefined = the event lies in no bucket. */
function bucketAt({ asked }: World, { time }: WorldEvent) {
  if (asked === undefined || asked.buckets === null || asked.buckets.length === 1) return null;
  return asked.buckets.find(({ startMs, endMs }) => time >= startMs && time < endMs);
}

const noTouches = ['$identify', '$create_alias', '$merge', '$session_start', '$session_end'];

/** 14.6: what the touches up to an event have of it. */
export function attributedTo(
  world: World,
  event: WorldEvent,
  { name, path, computed }: PropertyRef,
): { readonly value: PropertyValue; readonly share: number }[] {
  if (computed?.type !== 'attributed' || event.user === '') return [];
  const touches = [...earlier(world, event), event].flatMap((one) => {
    const value = nested(storedAt(world, one, name), path);
    const isTouch =
      value !== null &&
      event.time - one.time <= ms(computed.lookback) &&
      (one === event || !noTouches.includes(one.event));
    return isTouch ? [{ value, ageMs: event.time - one.time }] : [];
  });
  const shares = touchShares(
    computed.model,
    touches.map(({ ageMs }) => ageMs),
  );
  return touches.map(({ value }, i) => ({ value, share: shares[i] }));
}

function matchesIn(world: World, selector: EventSelector, event: WorldEvent): boolean {
  if (world.asked === undefined) throw new Error('nothing is asked about this world');
  return world.asked.matches(selector, event, world);
}

/** All events of a user by time; of one instant in the order in which they came. */
function inOrder({ events }: World, user: string): WorldEvent[] {
  return events.filter((one) => one.user === user).sort((left, right) => left.time - right.time);
}

function earlier(world: World, event: WorldEvent): WorldEvent[] {
  if (event.user === '') return [];
  const own = inOrder(world, event.user);
  return own.slice(0, own.indexOf(event));
}

function ms({ value, unit }: Duration): number {
  const days = { second: 1 / 86_400, minute: 1 / 1440, hour: 1 / 24, day: 1, week: 7, month: 30 };
  return value * days[unit] * 86_400_000;
}
