import type { PropertyValue } from '@arbor/schema/property-value';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import { wholeBuckets } from './naive-time.ts';
import type { World, WorldEvent } from './world.ts';

export interface NaiveSession {
  /** In order of time, then of arrival. */
  readonly events: readonly WorldEvent[];
  /** An event ended it, and not a midnight in the middle. */
  readonly hasDuration: boolean;
}

const never = [
  '$identify',
  '$create_alias',
  '$merge',
  '$hotshard_events',
  '$campaign_delivery',
  '$campaign_bounced',
  '$campaign_marked_spam',
  '$message_suppressed',
  '$unsubscribe',
  '$journey_entered',
  '$session_start',
  '$session_end',
];

const associated = [
  '$app_build_number',
  '$app_version_string',
  '$browser',
  '$city',
  '$country_code',
  '$current_url',
  '$device',
  '$manufacturer',
  '$os',
  '$region',
  'mp_country_code',
  'mp_lib',
  'mp_platform',
  'utm_campaign',
  'utm_content',
  'utm_source',
];

/** reports.md 12: all sessions of all users, user by user, in order of time. */
export function naiveSessions(world: World, context: PlanContext): NaiveSession[] {
  const { sessions, hiddenEvents } = context.definitions ?? noDefinitions;
  const { mode } = sessions;
  const days = wholeBuckets('day', context.timezone, 1);
  const dayOf = ({ time }: WorldEvent): number =>
    days.findIndex(({ startMs, endMs }) => startMs <= time && time < endMs);
  const left = [...never, ...sessions.excluded, ...hiddenEvents, ...(world.hiddenEvents ?? [])];
  const users = [...new Set(world.events.map(({ user }) => user))].filter((user) => user !== '');
  return users.flatMap((user) => {
    const events = world.events
      .filter((event) => event.user === user && !left.includes(event.event))
      .sort((one, other) => one.time - other.time);
    switch (mode.type) {
      case 'timeout':
        return cutWhere(
          events,
          (before, event) =>
            dayOf(before) !== dayOf(event) || event.time - before.time > mode.timeoutMs,
        );
      case 'property': {
        const value = (event: WorldEvent): PropertyValue => event.properties[mode.name] ?? null;
        const text = (event: WorldEvent): string => JSON.stringify(value(event));
        return cutWhere(
          events.filter((event) => value(event) !== null),
          (before, event) => dayOf(before) !== dayOf(event) || text(before) !== text(event),
        );
      }
      case 'events':
        return cutByEvents(events, mode, dayOf);
    }
  });
}

function cutWhere(
  events: readonly WorldEvent[],
  isCut: (before: WorldEvent, event: WorldEvent) => boolean,
): NaiveSession[] {
  const sessions: { events: WorldEvent[]; hasDuration: boolean }[] = [];
  let before: WorldEvent | undefined;
  for (const event of events) {
    if (before === undefined || isCut(before, event)) {
      sessions.push({ events: [], hasDuration: true });
    }
    sessions[sessions.length - 1].events.push(event);
    before = event;
  }
  return sessions;
}

/** Day by day; what a day's own events leave open goes on until the next midnight. */
function cutByEvents(
  events: readonly WorldEvent[],
  mode: { readonly start: string; readonly end: string },
  dayOf: (event: WorldEvent) => number,
): NaiveSession[] {
  const all: NaiveSession[] = [];
  for (const day of new Set(events.map(dayOf))) {
    const yesterday = events.filter((event) => dayOf(event) === day - 1);
    const today = events.filter((event) => dayOf(event) === day);
    all.push(...walkDay(today, mode, walkDay(yesterday, mode, false).isOpen).sessions);
  }
  return all;
}

function walkDay(
  events: readonly WorldEvent[],
  { start, end }: { readonly start: string; readonly end: string },
  goesOn: boolean,
): { readonly sessions: NaiveSession[]; readonly isOpen: boolean } {
  const sessions: NaiveSession[] = [];
  let open: WorldEvent[] | null = goesOn ? [] : null;
  let isCut = goesOn;
  for (const event of events) {
    if (open === null) {
      if (event.event === start) open = [event];
      continue;
    }
    open.push(event);
    if (event.event !== end) continue;
    sessions.push({ events: open, hasDuration: !isCut });
    open = null;
    isCut = false;
  }
  if (open !== null && open.length > 0) sessions.push({ events: open, hasDuration: false });
  return { sessions, isOpen: open !== null };
}

/** The first event of the session that an event made here belongs to. */
const firstOfMade = new WeakMap<WorldEvent, WorldEvent>();

/** The world with the ends of sessions as events, which "any event" leaves out (3.2). */
export function withSessionEvents(world: World, context: PlanContext): World {
  const sessions = naiveSessions(world, context);
  const events = world.events.flatMap((event) => {
    const session = sessions.find((own) => own.events.includes(event));
    if (session === undefined) return [event];
    const edge = (name: string): WorldEvent => {
      const made = { ...event, event: name, properties: propertiesOf(session, context) };
      firstOfMade.set(made, session.events[0]);
      return made;
    };
    return [
      ...(session.events[0] === event ? [edge('$session_start')] : []),
      event,
      ...(session.events.at(-1) === event ? [edge('$session_end')] : []),
    ];
  });
  const hiddenEvents = [...(world.hiddenEvents ?? []), '$session_start', '$session_end'];
  return { ...world, events, hiddenEvents };
}

/** The number of the session that an event is in, consecutive for each user; −1 = in none. */
export function sessionNumbers(world: World, context: PlanContext): (event: WorldEvent) => number {
  const sessions = naiveSessions(world, context);
  return (event) => {
    const member = firstOfMade.get(event) ?? event;
    return sessions.findIndex(({ events }) => events.includes(member));
  };
}

function propertiesOf(
  { events, hasDuration }: NaiveSession,
  context: PlanContext,
): WorldEvent['properties'] {
  const first = events[0];
  const last = events[events.length - 1];
  const { mode, properties = [] } = (context.definitions ?? noDefinitions).sessions;
  const asked = mode.type === 'timeout' ? events : [first];
  const values = [...associated, ...properties].map((name) => {
    const value = asked.map((event) => event.properties[name] ?? null).find((v) => v !== null);
    return [name, value ?? null] as const;
  });
  return {
    ...Object.fromEntries(values),
    ...(hasDuration && { $duration_s: (last.time - first.time) / 1000 }),
    $event_count: events.length,
    $origin_start: first.event,
    $origin_end: last.event,
  };
}
