import fc from 'fast-check';
import type { FilterInput, QueryInput } from '@arbor/schema/query';
import { historyParts } from './random-cohort.ts';
import { propertyQuery, richWorld } from './random-properties.ts';
import { propertyFilter, range, selector } from './random-worlds.ts';
import type { World } from './world.ts';

/** Event properties that name groups: texts and numbers in one, mostly lists in the other. */
const groupKey = fc.constantFrom('source', 'tags');

/** Groups that events name now and then, with all that persons have. */
export const worldOfGroups: fc.Arbitrary<World> = fc
  .tuple(richWorld, richWorld, richWorld)
  .map(([world, { people: first }, { people: second }]) => ({
    ...world,
    groups: {
      source: named(first, ['ads', '5', 'true']),
      tags: named(second, ['mail', '1', 'ads']),
    },
  }));

function named(
  { ada, bob, dan }: World['people'],
  ids: readonly string[],
): Record<string, World['people'][string]> {
  const profiles = [ada, bob, dan];
  return Object.fromEntries(
    ids.flatMap((id, i) => {
      const profile: World['people'][string] | undefined = profiles[i];
      return profile === undefined ? [] : [[id, profile] as const];
    }),
  );
}

/** Every report that reads properties of groups wherever it would read those of persons. */
export const groupQuery: fc.Arbitrary<QueryInput> = fc
  .tuple(propertyQuery, groupKey)
  .map(([query, key]) => {
    const text = JSON.stringify(query).replaceAll(
      /"scope":"person","name":"(?!made)/g,
      `"scope":"group","groupKey":"${key}","name":"`,
    );
    return JSON.parse(text) as QueryInput;
  })
  .filter((query) => JSON.stringify(query).includes('"scope":"group"'));

/** Cohorts that reports on groups are filtered by: of groups, so that some of the ids are theirs. */
const ofGroups = historyParts({ propertyFilter, selector, range }).filter;

/** Every report that counts groups. Persons in it are whoever did an event, and of groups some properties are read. */
export const countingQuery: fc.Arbitrary<QueryInput> = fc
  .tuple(propertyQuery, groupKey, fc.boolean(), fc.option(ofGroups, { nil: undefined, freq: 2 }))
  .map(([query, key, readsGroups, cohort]) => {
    const text = JSON.stringify(query);
    const named = `"scope":"group","groupKey":"${key}","name":"`;
    const own = JSON.parse(
      readsGroups ? text.replaceAll(/"scope":"person","name":"(?!made)/g, named) : text,
    ) as QueryInput;
    const filtered = cohort ? { ...own, filters: [...filtersOf(own), cohort] } : own;
    return {
      ...(JSON.parse(withGroupIds(JSON.stringify(filtered))) as QueryInput),
      groupKey: key,
    } as QueryInput;
  })
  // A formula over persons is refused where groups are counted.
  .filter(
    (query) =>
      !/user\[|"scope":"person","name":"made[^"]*","computed":\{"type":"formula"/.test(
        JSON.stringify(query),
      ),
  )
  .filter(isOfOneKind);

function filtersOf(query: QueryInput): readonly FilterInput[] {
  return (('filters' in query ? query.filters : undefined) as FilterInput[] | undefined) ?? [];
}

/** Frozen cohorts of groups instead of users. */
function withGroupIds(text: string): string {
  const groups: Record<string, string> = { ada: 'ads', bob: '5', dan: 'mail' };
  return text.replaceAll(/"ids":\[[^\]]*\]/g, (ids) =>
    ids.replaceAll(/"(ada|bob|dan)"/g, (_, id: string) => JSON.stringify(groups[id])),
  );
}

/** Profiles are those of users, and metrics of events and of groups are asked apart. */
function isOfOneKind(query: QueryInput): boolean {
  if (query.type !== 'insights') return true;
  if (query.metrics.some(({ type }) => type === 'people')) return false;
  const kinds = query.metrics.map(
    (metric) => 'measure' in metric && metric.measure.type === 'unique',
  );
  return new Set(kinds).size === 1;
}
