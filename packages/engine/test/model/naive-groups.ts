import type { Measure, Query } from '@arbor/schema/query';
import { groupsOf } from './naive-values.ts';
import type { World } from './world.ts';

const ofEvents = new Set<Measure['type']>([
  'total',
  'sum',
  'average',
  'min',
  'max',
  'median',
  'percentile',
  'distinct_count',
  'distribution',
  'sessions',
]);

/** The world that a report looks at. One of several metrics has those of one kind alone. */
export function countedWorld(world: World, query: Query): World {
  if (query.type === 'cohort' || query.type === 'list' || query.type === 'users') return world;
  if (query.groupKey === undefined) return world;
  return measuresEvents(query)
    ? { ...world, cohortsOf: query.groupKey }
    : worldOfGroups(world, query.groupKey);
}

/**
 * What is measured of events is measured of those that have the property, as users did them. What is worked out of a
 * user's history (behaviour, what was borrowed, touches, sessions) is of all of it: only the measured events are fewer.
 */
export function countedQuery(query: Query): Query {
  if (query.type !== 'insights' || query.groupKey === undefined) return query;
  if (!measuresEvents(query)) return query;
  const property = { scope: 'event' as const, name: query.groupKey };
  const isSet = { type: 'property' as const, property, operator: 'is_set' as const, values: [] };
  return { ...query, filters: [...query.filters, isSet] };
}

/** Whether the metrics of a report on groups count no groups. */
function measuresEvents(query: Query): boolean {
  if (query.type !== 'insights') return false;
  const kinds = new Set(
    query.metrics.map((metric) => 'measure' in metric && ofEvents.has(metric.measure.type)),
  );
  if (kinds.size > 1) throw new Error('metrics of events and of groups are asked apart');
  return kinds.has(true);
}

/** 21: the world in which the groups of a key are the users, and an event is one of each of its groups. */
function worldOfGroups(world: World, groupKey: string): World {
  const inOrder = [...world.events].sort((left, right) =>
    left.user < right.user ? -1 : left.user > right.user ? 1 : 0,
  );
  return {
    ...world,
    events: inOrder.flatMap((event) =>
      groupsOf(event, groupKey).map((group) => ({
        ...event,
        user: group,
        doer: event.user,
        properties: { ...event.properties, [groupKey]: group },
      })),
    ),
    people: world.groups?.[groupKey] ?? {},
    doers: world.people,
  };
}

/** The world in which cohorts of a question are judged: that of groups, whatever is measured (21). */
export function cohortWorld(world: World, query: Query): World {
  const isOfUsers = query.type === 'cohort' || query.type === 'list' || query.type === 'users';
  if (isOfUsers || query.groupKey === undefined) return countedWorld(world, query);
  return worldOfGroups(world, query.groupKey);
}
