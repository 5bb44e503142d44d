import type { GroupNames, PropertyName } from '@arbor/schema/catalog';
import { uniteDays } from '@arbor/schema/catalog';
import type { LqsNames } from '@arbor/schema/lqs';

/**
 * Unites what several processes listed, most frequent first. Shards hold different users, so counts
 * add up. A list of values was cut by each process to its own most frequent ones, so the counts of
 * rare values are lower bounds: good enough to suggest, and never used as an answer.
 */
export function mergeNames(parts: readonly LqsNames[], valuesMax = Infinity): LqsNames {
  const counted = <Item extends { count: number }>(
    items: readonly Item[],
    keyOf: (item: Item) => string,
    unite: (known: Item, item: Item) => Item = (known) => known,
  ): Item[] => {
    const byKey = new Map<string, Item>();
    for (const item of items) {
      const key = keyOf(item);
      const known = byKey.get(key);
      const count = (known?.count ?? 0) + item.count;
      byKey.set(key, { ...(known === undefined ? item : unite(known, item)), count });
    }
    return [...byKey.values()].sort((a, b) => b.count - a.count || (keyOf(a) < keyOf(b) ? -1 : 1));
  };
  const sum = (of: (part: LqsNames) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  return {
    events: counted(
      parts.flatMap(({ events }) => events),
      ({ name }) => name,
      uniteDays,
    ),
    properties: counted(
      parts.flatMap(({ properties }) => properties),
      ({ scope, name }) => `${scope} ${name}`,
      uniteTypes,
    ),
    groups: largest(parts.flatMap(({ groups = [] }) => groups)),
    values: counted(
      parts.flatMap(({ values }) => values),
      ({ text }) => text,
    ).slice(0, valuesMax),
    persons: sum(({ persons }) => persons),
    users: sum(({ users }) => users),
  };
}

/**
 * With what is computed of everybody who has an event (`ingestion-api.md` 12): nothing stored tells that it can be asked
 * for. What clients sent under the name is read by nobody.
 */
export function withComputed(names: LqsNames): LqsNames {
  if (names.users === 0) return names;
  const { properties, users: count } = names;
  const firstSeen: PropertyName = {
    scope: 'person',
    name: '$mp_first_event_time',
    types: ['date'],
    count,
  };
  const isStored = ({ scope, name }: PropertyName): boolean =>
    scope === firstSeen.scope && name === firstSeen.name;
  return { ...names, properties: [firstSeen, ...properties.filter((one) => !isStored(one))] };
}

/** Every shard has all profiles of groups, and one that is behind has fewer. */
function largest(all: readonly GroupNames[]): GroupNames[] {
  const byKey = new Map<string, GroupNames>();
  for (const names of all) {
    const known = byKey.get(names.groupKey);
    if (known === undefined || known.count < names.count) byKey.set(names.groupKey, names);
  }
  return [...byKey.values()].sort(
    (a, b) => b.count - a.count || (a.groupKey < b.groupKey ? -1 : 1),
  );
}

/** The larger part says which type is the most frequent. */
function uniteTypes(known: PropertyName, item: PropertyName): PropertyName {
  const [first, second] = known.count >= item.count ? [known, item] : [item, known];
  return { ...first, types: [...new Set([...first.types, ...second.types])] };
}
