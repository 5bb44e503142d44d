import type { FunnelQuery, PropertyRef } from '@arbor/schema/query';
import { matches } from './naive-selection.ts';
import type { NaiveRange } from './naive-time.ts';
import { lookupIn } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

export interface NaiveAttempt {
  /** In the order in which steps were done. */
  readonly events: readonly WorldEvent[];
  /** An exclusion that drops came; after the last step of it had been reached. */
  readonly spoilt: 'no' | 'before' | 'after';
  /** Nothing more can come of it. */
  readonly ended: boolean;
}

/** Which entries are followed (5.2, 5.4, 5.9). */
export interface NaiveWalk {
  readonly entries: 'first' | 'sequence' | 'every';
  readonly supersede: boolean;
  readonly useOnce: boolean;
}

export interface NaiveFunnelWorld {
  readonly world: World;
  readonly query: FunnelQuery;
  readonly windowMs: number;
  /** −1 = in none; not looked at where there are no sessions. */
  readonly sessionOf: ((event: WorldEvent) => number) | null;
  readonly sessionsAfter: number;
}

/**
 * The attempts of one user: `own` are the events that may be steps, `all` everything he did that the funnel may
 * see, both in order of time. Entries lie in the period.
 */
export function naiveAttempts(
  own: readonly WorldEvent[],
  all: readonly WorldEvent[],
  period: NaiveRange,
  walk: NaiveWalk,
  funnel: NaiveFunnelWorld,
): NaiveAttempt[] {
  const { query } = funnel;
  const found = streams(own, funnel).flatMap((stream) =>
    walkStream(stream, all, period, walk, funnel),
  );
  // Streams of held values lie side by side: the attempts of a user are told by their entries.
  return query.hold.length === 0
    ? found
    : found.sort((one, other) => all.indexOf(one.events[0]) - all.indexOf(other.events[0]));
}

/** 5.6: each combination of values by itself; without one of them an event is no part of it. */
function streams(own: readonly WorldEvent[], { world, query }: NaiveFunnelWorld): WorldEvent[][] {
  if (query.hold.length === 0) return [[...own]];
  const keyOf = (event: WorldEvent): string | null => {
    const values = query.hold.map((property: PropertyRef) => lookupIn(world, event)(property));
    return values.includes(null) ? null : JSON.stringify(values);
  };
  const keys = [...new Set(own.map(keyOf))].filter((key) => key !== null);
  return keys.map((key) => own.filter((event) => keyOf(event) === key));
}

function walkStream(
  stream: readonly WorldEvent[],
  all: readonly WorldEvent[],
  period: NaiveRange,
  walk: NaiveWalk,
  funnel: NaiveFunnelWorld,
): NaiveAttempt[] {
  const { query, sessionOf } = funnel;
  const entries = stream.filter(
    (event) =>
      event.time >= period.startMs &&
      event.time < period.endMs &&
      firstGroup(query).some((step) => matches(query.steps[step], event, funnel.world)),
  );
  const attempts: NaiveAttempt[] = [];
  const used: WorldEvent[] = [];
  let mayBegin = (_entry: WorldEvent): boolean => true;
  for (const entry of entries) {
    if (used.includes(entry) || !mayBegin(entry)) continue;
    const { attempt, isNextEntry } = follow(stream, all, { entry, entries, used }, walk, funnel);
    attempts.push(attempt);
    if (walk.useOnce) used.push(...attempt.events);
    if (walk.entries === 'sequence') mayBegin = isNextEntry;
    if (walk.entries === 'first') {
      mayBegin = (next) =>
        query.counting === 'sessions' && sessionOf !== null && sessionOf(next) > sessionOf(entry);
    }
  }
  return attempts;
}

/** Steps that may begin an attempt: in any order all up to the first anchor (5.5). */
function firstGroup(query: FunnelQuery): number[] {
  return groupsOf(query)[0];
}

export function groupsOf({ order, steps, anchors }: FunnelQuery): number[][] {
  const groups: number[][] = [];
  steps.forEach((_, step) => {
    const isAlone = order !== 'any' || anchors.includes(step) || anchors.includes(step - 1);
    const last = groups.at(-1);
    if (last === undefined || isAlone) groups.push([step]);
    else last.push(step);
  });
  return groups;
}

function follow(
  stream: readonly WorldEvent[],
  all: readonly WorldEvent[],
  {
    entry,
    entries,
    used,
  }: {
    readonly entry: WorldEvent;
    readonly entries: readonly WorldEvent[];
    readonly used: readonly WorldEvent[];
  },
  walk: NaiveWalk,
  funnel: NaiveFunnelWorld,
): {
  readonly attempt: NaiveAttempt;
  readonly isNextEntry: (event: WorldEvent) => boolean;
} {
  const { query } = funnel;
  const position = (event: WorldEvent): number => all.indexOf(event);
  const within = (event: WorldEvent): boolean => isWithin(event, entry, funnel);
  const { reached, broken } = reachedFrom(stream, all, entry, used, funnel);
  const next = entries.find((one) => position(one) > position(entry) && !used.includes(one));
  const isSuperseded =
    walk.supersede &&
    reached.length > 1 &&
    next !== undefined &&
    position(next) < position(reached[1]);
  const steps = isSuperseded ? [entry] : reached;
  // What comes after the break, or after the newer entry, is not of this attempt.
  const isOf = (event: WorldEvent): boolean =>
    (broken === null || position(event) <= position(broken)) &&
    (!isSuperseded || next === undefined || position(event) < position(next));
  const obstacle = (
    { from, to = query.steps.length - 1, selector }: FunnelQuery['exclusions'][number],
    own: readonly WorldEvent[],
    isBefore: (event: WorldEvent) => boolean,
  ): WorldEvent | undefined =>
    from >= own.length
      ? undefined
      : all.find(
          (event) =>
            matches(selector, event, funnel.world) &&
            !own.includes(event) &&
            event.time > own[from].time + query.graceMs &&
            (to < own.length
              ? event.time < own[to].time - query.graceMs
              : within(event) && isOf(event) && isBefore(event)),
        );
  const stops = query.exclusions
    .filter(({ mode }) => mode === 'stop')
    .map((exclusion) => obstacle(exclusion, steps, () => true))
    .filter((event) => event !== undefined)
    .sort((one, other) => position(one) - position(other));
  const stop = stops.at(0);
  const lost = steps.findIndex(
    (event, step) => step > 0 && stop !== undefined && event.time - query.graceMs > stop.time,
  );
  const kept = lost < 0 ? steps : steps.slice(0, lost);
  const drops = query.exclusions
    .filter(({ mode }) => mode === 'drop')
    .map((exclusion) => ({
      exclusion,
      event: obstacle(
        exclusion,
        kept,
        (event) => stop === undefined || position(event) < position(stop),
      ),
    }))
    .filter(({ event }) => event !== undefined);
  const isAfter = drops.some(({ exclusion: { to = query.steps.length - 1 } }) => to < kept.length);
  const endings = [stop, ...drops.map(({ event }) => event)].filter((event) => event !== undefined);
  const isConverted = steps.length === query.steps.length;
  const isNextEntry = (event: WorldEvent): boolean => {
    if (endings.length > 0) return position(event) > Math.min(...endings.map(position));
    if (broken !== null) return position(event) >= position(broken);
    if (isConverted) return position(event) > Math.max(...steps.map(position));
    return !within(event) && position(event) > position(entry);
  };
  const spoilt = drops.length === 0 ? 'no' : isAfter ? 'after' : 'before';
  const ended = isSuperseded || endings.length > 0 || broken !== null;
  return { attempt: { events: kept, spoilt, ended }, isNextEntry };
}

/** Not later than the window lets an attempt be. */
function isWithin(event: WorldEvent, entry: WorldEvent, funnel: NaiveFunnelWorld): boolean {
  const { windowMs, sessionOf, sessionsAfter } = funnel;
  if (sessionOf === null) return event.time <= entry.time + windowMs;
  return sessionOf(event) <= sessionOf(entry) + sessionsAfter;
}

/** 5.2, 5.3, 5.5: each event does what it may do next. */
function reachedFrom(
  stream: readonly WorldEvent[],
  all: readonly WorldEvent[],
  entry: WorldEvent,
  used: readonly WorldEvent[],
  funnel: NaiveFunnelWorld,
): { readonly reached: WorldEvent[]; readonly broken: WorldEvent | null } {
  const { query, world, sessionOf } = funnel;
  const isFree = (event: WorldEvent): boolean =>
    !used.includes(event) &&
    isWithin(event, entry, funnel) &&
    (sessionOf === null || sessionOf(event) >= sessionOf(entry));
  const reached = [entry];
  const groups = groupsOf(query);
  for (const [g, group] of groups.entries()) {
    const before = g === 0 ? [entry] : reached.slice(-groups[g - 1].length);
    const fromMs = Math.max(...before.map(({ time }) => time)) - query.graceMs;
    const done: WorldEvent[] = g === 0 ? [entry] : [];
    for (const event of stream) {
      if (done.length === group.length) break;
      if (reached.includes(event) || !isFree(event) || event.time < fromMs) continue;
      if (!canDo([...done, event], group, query, world)) continue;
      const broken = query.order === 'strict' ? brokenBy(all, reached, event, funnel) : null;
      if (broken !== null) return { reached, broken };
      done.push(event);
      reached.push(event);
    }
    if (done.length === group.length) continue;
    const broken = query.order === 'strict' ? brokenBy(all, reached, null, funnel) : null;
    return { reached, broken };
  }
  return { reached, broken: null };
}

/** Whether each of the events can do another step of the group. */
export function canDo(
  events: readonly WorldEvent[],
  group: readonly number[],
  query: FunnelQuery,
  world: World,
): boolean {
  const [first, ...others] = events;
  if (first === undefined) return true;
  return group.some(
    (step) =>
      matches(query.steps[step], first, world) &&
      canDo(
        others,
        group.filter((other) => other !== step),
        query,
        world,
      ),
  );
}

/** The event that lies between the last step and the next, or in the rest of the window. */
function brokenBy(
  all: readonly WorldEvent[],
  reached: readonly WorldEvent[],
  next: WorldEvent | null,
  funnel: NaiveFunnelWorld,
): WorldEvent | null {
  const { query, world } = funnel;
  const last = reached[reached.length - 1];
  const anything = { anyOf: [{ event: null, filters: [] }] };
  const counts = (event: WorldEvent): boolean =>
    [anything, ...query.steps].some((selector) => matches(selector, event, world));
  const isRepeat = (event: WorldEvent): boolean =>
    query.strictRepeat === 'allow' && matches(query.steps[reached.length - 1], event, world);
  const found = all.find(
    (event) =>
      counts(event) &&
      !reached.includes(event) &&
      !isRepeat(event) &&
      event.time > last.time + query.graceMs &&
      (next === null || event.time < next.time - query.graceMs) &&
      isWithin(event, reached[0], funnel),
  );
  return found ?? null;
}
