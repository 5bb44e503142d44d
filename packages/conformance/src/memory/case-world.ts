import type { World } from '@arbor/engine/test/model/world';
import type { Properties } from '@arbor/schema/property-value';
import type { ConformanceCase } from '../cases/case-types.ts';

/** A case as the tests of the engine know worlds: aliases resolved, times as instants. */
export function toWorld({ people, events }: ConformanceCase): World {
  const canonical = new Map(people.flatMap(({ id, aliases = [] }) => aliases.map((a) => [a, id])));
  return {
    events: events.map(({ user, event, time, properties = {} }) => ({
      user: canonical.get(user) ?? user,
      event,
      time: Date.parse(time),
      properties,
    })),
    people: Object.fromEntries(
      people.map(({ id, properties = {} }): [string, Properties] => [id, properties]),
    ),
  };
}
