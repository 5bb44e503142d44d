import type { GroupNames, PropertyName } from '@arbor/schema/catalog';
import type { LqsNames, LqsNamesRequest } from '@arbor/schema/lqs';
import type { Slices } from '../base/slices.ts';
import { byCountThenName, eventNames } from './event-names.ts';
import { groupProfiles } from './groups/group-profiles.ts';
import type { ProjectTable } from './project-table.ts';
import { knownUsers } from './known-users.ts';
import { propertyValues } from './property-values.ts';
import { typeOfValue, valueTypeNames } from './value-type.ts';

export type NamesValues = NonNullable<LqsNamesRequest['values']>;

/**
 * What the pickers list, of one project in one shard. Of segments only what the catalog says of them is read, so a
 * copy of an event that lies in two places counts twice until the day is compacted.
 */
export async function projectNames(
  table: ProjectTable,
  slices: Slices,
  { request, groups }: { readonly request?: NamesValues; readonly groups?: ProjectTable },
): Promise<LqsNames> {
  const { persons, properties } = peopleNames(table);
  return {
    events: eventNames(table),
    properties: [...eventProperties(table), ...properties],
    persons,
    users: knownUsers(table.usersMoment()).reduce((sum, isKnown) => sum + isKnown, 0),
    groups: groups ? await groupNames(groups, slices) : [],
    values: request ? await propertyValues({ table, groups }, request, slices) : [],
  };
}

function eventProperties({ events, base }: ProjectTable): PropertyName[] {
  const counts = new TypeCountsByName();
  for (const [name, { typeCounts }] of events.shapeTree.properties()) counts.add(name, typeCounts);
  for (const { entry } of base.segments) {
    for (const { name, typeCounts } of entry.meta.properties) counts.add(name, typeCounts);
  }
  return counts.names('event');
}

/** The catalog's people, corrected by those that changed since. */
function peopleNames({ people, base }: ProjectTable): {
  readonly persons: number;
  readonly properties: PropertyName[];
} {
  const counts = new TypeCountsByName();
  const known = base.people.counts();
  for (const [name, typeCounts] of known.properties) counts.add(name, typeCounts);
  let persons = known.people;
  for (const [user, profile] of people.changed()) {
    const before = base.people.profile(user);
    persons += (profile ? 1 : 0) - (before ? 1 : 0);
    for (const [name, value] of before ?? []) counts.addOne(name, typeOfValue(value), -1);
    for (const [name, value] of profile ?? []) counts.addOne(name, typeOfValue(value), 1);
  }
  return { persons, properties: counts.names('person') };
}

/** Of every group key what the profiles of its groups have, by the project of the groups. */
async function groupNames(table: ProjectTable, slices: Slices): Promise<GroupNames[]> {
  const profiles = groupProfiles(table);
  const counts = new Map<string, TypeCountsByName>();
  for (const { name } of peopleNames(table).properties) {
    for (const [groupKey, { values }] of profiles.columns(name)) {
      const own = counts.get(groupKey) ?? new TypeCountsByName();
      counts.set(groupKey, own);
      for (const value of values) own.addOne(name, typeOfValue(value), 1);
    }
    await slices.pause();
  }
  const groupCounts = profiles.counts();
  return Array.from(groupCounts, ([groupKey, count]): GroupNames => {
    const own = counts.get(groupKey)?.names('person') ?? [];
    const properties = own.map(({ name, types, count: holders }) => ({
      name,
      types,
      count: holders,
    }));
    return { groupKey, count, properties };
  }).sort((a, b) => b.count - a.count || (a.groupKey < b.groupKey ? -1 : 1));
}

/** How often each property has a value of each type. */
class TypeCountsByName {
  readonly #counts = new Map<string, Float64Array>();

  add(name: string, typeCounts: ArrayLike<number>): void {
    const counts = this.#of(name);
    for (let type = 0; type < counts.length; type++) counts[type] += typeCounts[type] ?? 0;
  }

  addOne(name: string, type: number, by: 1 | -1): void {
    this.#of(name)[type] += by;
  }

  /** Most frequent first; those that nothing visible has are left out. Types likewise. */
  names(scope: PropertyName['scope']): PropertyName[] {
    return Array.from(this.#counts, ([name, counts]): PropertyName => {
      const types = valueTypeNames
        .map((type, i) => ({ type, count: counts[i] }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count)
        .map(({ type }) => type);
      return { scope, name, types, count: counts.reduce((sum, count) => sum + count, 0) };
    })
      .filter(({ count }) => count > 0)
      .sort(byCountThenName);
  }

  #of(name: string): Float64Array {
    let counts = this.#counts.get(name);
    if (!counts) {
      counts = new Float64Array(valueTypeNames.length);
      this.#counts.set(name, counts);
    }
    return counts;
  }
}
