import type { ConformanceCase } from '../cases/case-types.ts';
import type { Project } from './arbor-client.ts';

/** A property of everybody's profile, by which one sees that the profiles have come. */
export const markerProperty = 'conformance case';

/**
 * What `/import` takes: aliases of each person, then the events in their order, which is their order of arrival.
 * Every event has an id of its own, so that none is taken for a copy of another.
 */
export function eventRecords({ people, events }: ConformanceCase): object[] {
  // No report counts aliases, so their time is any that is allowed.
  const time = events[0] && Date.parse(events[0].time);
  const aliases = people.flatMap(({ id, aliases: own = [] }) =>
    own.map((alias) => ({ event: '$create_alias', properties: { distinct_id: id, alias, time } })),
  );
  const records = events.map(({ user, event, time: at, properties = {} }) => ({
    event,
    properties: { ...properties, time: Date.parse(at), distinct_id: user },
  }));
  return [...aliases, ...records].map(({ event, properties }, i) => ({
    event,
    properties: { ...properties, $insert_id: `record-${i}` },
  }));
}

/** What `/engage` takes. Nobody's address says where they are. */
export function peopleRecords({ id: name, people }: ConformanceCase, { token }: Project): object[] {
  return people.map(({ id, properties = {} }) => ({
    $token: token,
    $distinct_id: id,
    $ip: '0',
    $set: { ...properties, [markerProperty]: name },
  }));
}

/** What must be counted when all of it has come. */
export function countsOf({ people, events }: ConformanceCase) {
  const personOf = new Map(people.flatMap(({ id, aliases = [] }) => aliases.map((a) => [a, id])));
  const users = new Set(events.map(({ user }) => personOf.get(user) ?? user));
  return { events: events.length, users: users.size, people: people.length };
}
