import type { PropertyValue } from '@arbor/schema/property-value';
import { profileProperty } from '../../src/query/exec/shard-view.ts';
import type { PropertyColumn, ShardView } from '../../src/query/exec/shard-view.ts';
import type { World, WorldEvent } from './world.ts';

/** Spreads a world over shards, users whole, without any of the store's code. */
export function buildViews(world: World, shardCount: number): ShardView[] {
  const events = Array.from({ length: shardCount }, (): WorldEvent[] => []);
  for (const event of world.events) events[shardOf(event.user, shardCount)].push(event);
  const people = Array.from({ length: shardCount }, (): string[] => []);
  for (const user of Object.keys(world.people)) people[shardOf(user, shardCount)].push(user);
  return events.map((own, shard) => buildView(own, people[shard], world.people));
}

/** Where a user lies in the tests. */
export function shardOf(user: string, shardCount: number): number {
  let hash = 7;
  for (let i = 0; i < user.length; i++) hash = (hash * 31 + user.charCodeAt(i)) >>> 0;
  return user === '' ? 0 : hash % shardCount;
}

/** One shard: rows ordered by (user ordinal, time, arrival). */
function buildView(
  events: readonly WorldEvent[],
  people: readonly string[],
  profiles: World['people'],
): ShardView {
  const ordinals = new Map([['', 0]]);
  for (const user of [...people, ...events.map((event) => event.user)]) {
    if (!ordinals.has(user)) ordinals.set(user, ordinals.size);
  }
  const ordinalOf = Uint32Array.from(events, ({ user }) => ordinals.get(user) ?? 0);
  const order = Uint32Array.from(events, (_, i) => i).sort(
    (left, right) =>
      ordinalOf[left] - ordinalOf[right] || events[left].time - events[right].time || left - right,
  );
  const userIds = [...ordinals.keys()];
  const names = new Map<string, number>();
  for (const { event } of events) if (!names.has(event)) names.set(event, names.size);
  return {
    rowCount: events.length,
    times: Float64Array.from(order, (i) => events[i].time),
    users: Uint32Array.from(order, (i) => ordinalOf[i]),
    events: Uint32Array.from(order, (i) => names.get(events[i].event) ?? 0),
    eventNames: [...names.keys()],
    userCount: userIds.length - 1,
    userIds,
    eventProperty: (name) =>
      column(events.length, (row) => own(events[order[row]].properties, name)),
    personProperty: (name) =>
      column(userIds.length, (ordinal) =>
        ordinal === 0 ? undefined : ofPerson(profiles, userIds[ordinal], name),
      ),
  };
}

/** A property of a person; whether there is a profile at all is one too. */
function ofPerson(
  profiles: World['people'],
  user: string,
  name: string,
): PropertyValue | undefined {
  if (!Object.hasOwn(profiles, user)) return undefined;
  return name === profileProperty ? true : own(profiles[user], name);
}

function own(
  properties: Readonly<Record<string, PropertyValue>>,
  name: string,
): PropertyValue | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function column(
  count: number,
  valueAt: (index: number) => PropertyValue | undefined,
): PropertyColumn | undefined {
  const codes = new Uint32Array(count);
  const values: PropertyValue[] = [null];
  const codeByText = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const value = valueAt(i);
    if (value === undefined) continue;
    const text = JSON.stringify(value);
    let code = codeByText.get(text);
    if (code === undefined) {
      code = values.push(value) - 1;
      codeByText.set(text, code);
    }
    codes[i] = code;
  }
  return values.length === 1 ? undefined : { codes, values };
}
