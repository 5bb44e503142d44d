import type { EventMatch, EventSelector } from '@arbor/schema/query';
import { lookupIn, passes } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

/** "A or B" (4.1). */
export function matches(selector: EventSelector, event: WorldEvent, world: World): boolean {
  return selector.anyOf.some((match) => matchesOne(match, event, world));
}

/** 3.4: with a first time, nothing of the kind may lie before. Nobody has a history. */
function matchesOne(match: EventMatch, event: WorldEvent, world: World): boolean {
  const passesFilters = (one: WorldEvent): boolean =>
    match.filters.every((filter) => passes(filter, lookupIn(world, one)));
  const isMeant = (one: WorldEvent): boolean =>
    match.definition === undefined
      ? hasName(match.event, one, world)
      : match.definition.some(
          (own) =>
            hasName(own.event, one, world) &&
            own.filters.every((filter) => passes(filter, lookupIn(world, one))),
        );
  if (!isMeant(event) || !passesFilters(event)) return false;
  if (match.firstTime === undefined) return true;
  if (event.user === '') return false;
  const earlier = world.events.filter(
    (one) => one.user === event.user && one.time < event.time && isMeant(one),
  );
  return match.firstTime === 'event' ? earlier.length === 0 : !earlier.some(passesFilters);
}

/** Any event leaves out the protocol's own and hidden ones (3.2). */
function hasName(
  name: string | null,
  { event }: WorldEvent,
  { hiddenEvents = [] }: World,
): boolean {
  if (name !== null) return name === event;
  return !['$identify', '$create_alias', '$merge', ...hiddenEvents].includes(event);
}
