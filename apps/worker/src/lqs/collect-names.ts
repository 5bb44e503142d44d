import type { GroupNames, PropertyName } from '@arbor/schema/catalog';
import { uniteDays } from '@arbor/schema/catalog';
import type { LqsNames, LqsNamesRequest } from '@arbor/schema/lqs';
import { shardHere } from './run-query.ts';

/** The part of a shard's store that knows which names occur. */
export interface NamedShard {
  names(project: number, request?: LqsNamesRequest['values']): LqsNames | Promise<LqsNames>;
}

/** What the pickers list, over several shards: counts add up, most frequent first. */
export async function collectNames(
  shards: ReadonlyMap<number, NamedShard>,
  request: LqsNamesRequest,
): Promise<LqsNames> {
  const stores = request.shards.map((shard) => shardHere(shards, shard));
  const parts: LqsNames[] = [];
  for (const store of stores) {
    parts.push(await store.names(request.project, request.values));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const sum = (field: 'persons' | 'users'): number =>
    parts.reduce((total, part) => total + part[field], 0);
  return {
    events: addUp(
      parts.flatMap(({ events }) => events),
      ({ name }) => name,
      uniteDays,
    ),
    properties: mergeProperties(parts.flatMap(({ properties }) => properties)),
    groups: largest(parts.flatMap(({ groups = [] }) => groups)),
    values: addUp(
      parts.flatMap(({ values }) => values),
      ({ text }) => text,
    ).slice(0, request.values?.max),
    persons: sum('persons'),
    users: sum('users'),
  };
}

/** Every shard has all profiles of groups, and one that is behind has fewer. */
function largest(all: readonly GroupNames[]): GroupNames[] {
  const byKey = new Map<string, GroupNames>();
  for (const names of all) {
    const known = byKey.get(names.groupKey);
    if (known === undefined || known.count < names.count) byKey.set(names.groupKey, names);
  }
  return byCount([...byKey.values()], ({ groupKey }) => groupKey);
}

function addUp<Counted extends { count: number }>(
  all: readonly Counted[],
  nameOf: (one: Counted) => string,
  unite: (total: Counted, one: Counted) => Counted = (total) => total,
): Counted[] {
  const totals = new Map<string, Counted>();
  for (const one of all) {
    const total = totals.get(nameOf(one));
    const count = (total?.count ?? 0) + one.count;
    totals.set(nameOf(one), { ...(total === undefined ? one : unite(total, one)), count });
  }
  return byCount([...totals.values()], nameOf);
}

/** Types in the order of the shards' own lists, those of the largest shard first. */
function mergeProperties(all: readonly PropertyName[]): PropertyName[] {
  const keyOf = ({ scope, name }: PropertyName): string => `${scope} ${name}`;
  const types = new Map<string, Set<PropertyName['types'][number]>>();
  for (const property of all.toSorted((a, b) => b.count - a.count)) {
    const known = types.get(keyOf(property)) ?? new Set();
    types.set(keyOf(property), known);
    for (const type of property.types) known.add(type);
  }
  return addUp(all, keyOf).map((property) => ({
    ...property,
    types: [...(types.get(keyOf(property)) ?? [])],
  }));
}

/** Ties by name, so that two replicas list the same. */
function byCount<Counted extends { count: number }>(
  all: Counted[],
  nameOf: (one: Counted) => string,
): Counted[] {
  return all.sort((a, b) => b.count - a.count || (nameOf(a) < nameOf(b) ? -1 : 1));
}
