import type { PropertyValue } from '@arbor/schema/property-value';
import type { FlowQuery } from '@arbor/schema/query';
import type { FlowGraph, FlowResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { segmentsBy } from './naive-breakdowns.ts';
import { matches } from './naive-selection.ts';
import { sessionNumbers } from './naive-sessions.ts';
import { naiveRange } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { allSegments, lookupIn, passes, ranked, same } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

const unitSeconds = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  session: Infinity,
};

/** The events of the anchors reached, in order. */
type Path = readonly WorldEvent[];

/** What a path shows at a step; null = dropped off there. */
export interface NaivePlace {
  readonly anchor: number;
  readonly step: number;
  readonly event: WorldEvent | null;
}

/** Everything that the paths of one question are made of. */
export class NaiveFlow {
  readonly #world: World;
  readonly #query: FlowQuery;
  readonly #range: NaiveRange;
  readonly #windowMs: number;
  readonly #sessionOf: (event: WorldEvent) => number;
  readonly #hidden: readonly string[];

  constructor(world: World, query: FlowQuery, context: PlanContext) {
    this.#world = world;
    this.#query = query;
    this.#range = naiveRange(query.range.from, query.range.to, context.timezone);
    this.#windowMs = query.window.value * unitSeconds[query.window.unit] * 1000;
    const usesSessions = query.counting === 'sessions' || query.window.unit === 'session';
    this.#sessionOf = usesSessions ? sessionNumbers(world, context) : () => 0;
    this.#hidden = [...query.hidden, ...(context.definitions?.hiddenEvents ?? [])];
  }

  paths(): Path[] {
    const users = new Set(this.#world.events.map(({ user }) => user));
    return [...users]
      .filter((user) => user !== '')
      .flatMap((user) => this.#pathsOf(this.#eventsOf(user)))
      .filter((path) => !this.#showsExcluded(path));
  }

  /** All events of a user that count for the report, in order. */
  #eventsOf(user: string): WorldEvent[] {
    return this.#world.events
      .filter((event) => event.user === user)
      .filter((event) =>
        this.#query.filters.every((filter) => passes(filter, lookupIn(this.#world, event))),
      )
      .sort((left, right) => left.time - right.time);
  }

  #held(event: WorldEvent): PropertyValue[] {
    return this.#query.hold.map((property) => lookupIn(this.#world, event)(property));
  }

  #pathsOf(events: readonly WorldEvent[]): Path[] {
    const { anchors, counting } = this.#query;
    const { startMs, endMs } = this.#range;
    const entries = events.filter(
      (event) =>
        matches(anchors[0].selector, event, this.#world) &&
        event.time >= startMs &&
        event.time < endMs &&
        !this.#held(event).includes(null) &&
        (counting !== 'sessions' || this.#sessionOf(event) >= 0),
    );
    const first = (all: readonly WorldEvent[], key: (event: WorldEvent) => string) =>
      all.filter((event) => all.find((other) => key(other) === key(event)) === event);
    const text = (event: WorldEvent): string => JSON.stringify(this.#held(event));
    if (counting === 'unique') return this.#kept(entries.slice(0, 1), events);
    if (counting === 'sessions') {
      const once = first(entries, (event) => `${this.#sessionOf(event)} ${text(event)}`);
      return this.#kept(once, events);
    }
    const values = new Set(entries.map(text));
    return [...values].flatMap((value) => {
      const own = entries.filter((event) => text(event) === value);
      const found: Path[] = [];
      let isOver = (_event: WorldEvent): boolean => true;
      for (const entry of own) {
        if (!isOver(entry)) continue;
        const followed = this.#follow(entry, events);
        if (followed.path) found.push(followed.path);
        isOver = followed.isOver;
      }
      return found;
    });
  }

  #kept(entries: readonly WorldEvent[], events: readonly WorldEvent[]): Path[] {
    return entries.map((entry) => this.#follow(entry, events).path).filter((path) => path !== null);
  }

  /** One event after the other; no path = an exclusion took it away. */
  #follow(
    entry: WorldEvent,
    events: readonly WorldEvent[],
  ): { readonly path: Path | null; readonly isOver: (event: WorldEvent) => boolean } {
    const { anchors, exclusions, window, counting } = this.#query;
    const reached = [entry];
    const sessions = counting === 'sessions' ? 1 : window.value;
    const bySession = counting === 'sessions' || window.unit === 'session';
    const last = this.#sessionOf(entry) < 0 ? -1 : this.#sessionOf(entry) + sessions - 1;
    const position = (event: WorldEvent): number => events.indexOf(event);
    /** Time or sessions have run out at the event, whether it is in a session or not. */
    const isPast = (event: WorldEvent): boolean => {
      if (event.time > entry.time + this.#windowMs) return true;
      if (!bySession) return false;
      const here = this.#all(event.user).slice(this.#all(event.user).indexOf(event));
      const next = here.map(this.#sessionOf).find((session) => session >= 0);
      return next === undefined || next > last;
    };
    for (const event of events.slice(position(entry) + 1)) {
      if (reached.length === anchors.length) break;
      if (isPast(event)) break;
      const counts =
        matches(anchors[reached.length].selector, event, this.#world) &&
        JSON.stringify(this.#held(event)) === JSON.stringify(this.#held(entry)) &&
        (!bySession || this.#sessionOf(event) >= 0);
      if (counts) {
        reached.push(event);
        continue;
      }
      if (exclusions.some((exclusion) => matches(exclusion, event, this.#world))) {
        return { path: null, isOver: (next) => position(next) > position(event) };
      }
    }
    const end = reached[reached.length - 1];
    return {
      path: reached,
      isOver: reached.length === anchors.length ? (next) => position(next) > position(end) : isPast,
    };
  }

  /** Every event of a user, whatever the report filters. */
  #all(user: string): WorldEvent[] {
    return this.#world.events
      .filter((event) => event.user === user)
      .sort((left, right) => left.time - right.time);
  }

  /** Of a flow of one anchor: whether a step is an excluded event. */
  #showsExcluded(path: Path): boolean {
    const { anchors, exclusions } = this.#query;
    if (anchors.length > 1) return false;
    return this.places(path).some(
      ({ event, step }) =>
        step !== 0 &&
        event !== null &&
        exclusions.some((exclusion) => matches(exclusion, event, this.#world)),
    );
  }

  name(event: WorldEvent): string {
    const custom = this.#query.customEvents.find(({ selector }) =>
      matches(selector, event, this.#world),
    );
    return custom?.name ?? event.event;
  }

  /** What an event is shown as: its name, and the value it is expanded by. */
  label(event: WorldEvent): { readonly event: string; readonly value?: Segment } {
    const name = this.name(event);
    const expansion = this.#query.expand.find((own) => own.event === name);
    if (expansion === undefined) return { event: name };
    const value = lookupIn(this.#world, event)(expansion.property);
    return { event: name, value: whole(value) };
  }

  /** The steps of a path, in order. */
  places(path: Path): NaivePlace[] {
    const { anchors, collapseRepeated, counting } = this.#query;
    const { startMs, endMs } = this.#range;
    const any = { anyOf: [{ event: null, filters: [] }] };
    const events = this.#eventsOf(path[0].user);
    const session = this.#sessionOf(path[0]);
    const shown = events.filter(
      (event) =>
        path.includes(event) ||
        (matches(any, event, this.#world) &&
          !this.#hidden.includes(event.event) &&
          !this.#hidden.includes(this.name(event)) &&
          (counting !== 'sessions' || this.#sessionOf(event) === session)),
    );
    const at = path.map((event) => shown.indexOf(event));
    // Events before the first anchor, between two, and after the last that was reached.
    const gaps = [...at, shown.length].map((end, k) => {
      const isOutside = k === 0 || k === at.length;
      const own = shown
        .slice(k === 0 ? 0 : at[k - 1] + 1, end)
        .filter(({ time }) => !isOutside || (time >= startMs && time < endMs));
      return collapseRepeated ? this.#runs(own, path[k - 1], path[k]) : own.map((event) => [event]);
    });
    const places: NaivePlace[] = [];
    let left = gaps[0];
    for (const [anchor, { before, after }] of anchors.entries()) {
      if (anchor >= path.length) {
        places.push({ anchor, step: 0, event: null });
        break;
      }
      const previous = before === 0 ? [] : left.slice(-before);
      previous.forEach((run, n) => {
        const event = run[run.length - 1];
        places.push({ anchor, step: n - previous.length, event });
      });
      places.push({ anchor, step: 0, event: path[anchor] });
      const following = gaps[anchor + 1].slice(0, after);
      following.forEach(([event], n) => places.push({ anchor, step: n + 1, event }));
      if (anchor === path.length - 1 && following.length < after) {
        places.push({ anchor, step: following.length + 1, event: null });
      }
      left = gaps[anchor + 1].slice(after);
    }
    return places;
  }

  /** Runs of one name, without those that go on in the anchors around them. */
  #runs(
    events: readonly WorldEvent[],
    before: WorldEvent | undefined,
    after: WorldEvent | undefined,
  ): WorldEvent[][] {
    const runs: WorldEvent[][] = [];
    for (const event of events) {
      const run = runs[runs.length - 1];
      if (run !== undefined && this.name(run[0]) === this.name(event)) run.push(event);
      else runs.push([event]);
    }
    if (before && runs.length > 0 && this.name(runs[0][0]) === this.name(before)) runs.shift();
    const last = runs[runs.length - 1];
    if (after && last !== undefined && this.name(last[0]) === this.name(after)) runs.pop();
    return runs;
  }
}

/** A list is one value. */
function whole(value: PropertyValue): Segment {
  if (value === null) return { type: 'not_set', text: '(not set)' };
  if (value === '') return { type: 'empty_string', text: '(empty string)' };
  if (typeof value === 'object') return { type: 'json', text: JSON.stringify(value) };
  return { type: typeof value as 'string' | 'number' | 'boolean', text: String(value) };
}

export function naiveFlow(world: World, query: FlowQuery, context: PlanContext): FlowResult {
  const flow = new NaiveFlow(world, query, context);
  const paths = flow.paths();
  const segmentsOf = ([entry]: Path): Segment[] => segmentsBy(query, lookupIn(world, entry), world);
  const segments = allSegments(paths.map(segmentsOf)).map((segment) => {
    const own = paths.filter((path) => segmentsOf(path).some((other) => same(other, segment)));
    return { segment, rank: own.length, own };
  });
  return {
    type: 'flow',
    ...graphOf(flow, query, paths),
    segments: ranked(segments)
      .slice(0, query.segmentsMax)
      .map(({ segment, own }) => ({ segment, ...graphOf(flow, query, own) })),
    segmentCount: segments.length,
  };
}

function graphOf(flow: NaiveFlow, query: FlowQuery, paths: readonly Path[]): FlowGraph {
  const all = paths.map((path) => ({ path, places: flow.places(path) }));
  const steps = query.anchors.flatMap(({ before, after }, anchor) =>
    Array.from({ length: before + 1 + after }, (_, n) => ({ anchor, step: n - before })),
  );
  const listed = steps.map((step) => nodesOf(flow, query, step, all));
  const keyOf = (place: NaivePlace): string | null => {
    if (place.event === null) return null;
    const step = steps.findIndex((own) => own.anchor === place.anchor && own.step === place.step);
    const { keyByLabel, other } = listed[step];
    return keyByLabel.get(JSON.stringify(names(flow, place.event))) ?? other;
  };
  return {
    entries: paths.length,
    anchors: query.anchors.map((_, anchor) => paths.filter((own) => own.length > anchor).length),
    steps: steps.map(({ anchor, step }, index) => {
      const here = all.flatMap(({ places }) => {
        const at = places.findIndex((own) => own.anchor === anchor && own.step === step);
        return at < 0 ? [] : [{ place: places[at], before: places.slice(0, at) }];
      });
      const pairs = here.flatMap(({ place, before }) => {
        const from = before.findLast(({ event }) => event !== null);
        return from ? [JSON.stringify([keyOf(from), keyOf(place)])] : [];
      });
      return {
        anchor,
        step,
        nodes: listed[index].nodes,
        dropOff: here.filter(({ place }) => place.event === null).length,
        links: counted(pairs)
          .map(([pair, count]) => {
            const [from, to] = JSON.parse(pair) as [string, string | null];
            return { from, to, count };
          })
          .sort(
            (one, other) =>
              other.count - one.count ||
              text(one.from, other.from) ||
              text(one.to ?? '', other.to ?? ''),
          ),
      };
    }),
    ...pathsOf(flow, query, all),
  };
}

function names(flow: NaiveFlow, event: WorldEvent): string[] {
  const { event: name, value } = flow.label(event);
  return value ? [name, value.type, value.text] : [name];
}

function nodesOf(
  flow: NaiveFlow,
  { rows }: FlowQuery,
  { anchor, step }: { readonly anchor: number; readonly step: number },
  all: readonly { readonly places: readonly NaivePlace[] }[],
) {
  const events = all.flatMap(({ places }) =>
    places
      .filter((place) => place.anchor === anchor && place.step === step)
      .flatMap(({ event }) => event ?? []),
  );
  const ordered = counted(events.map((event) => JSON.stringify(names(flow, event))))
    .map(([label, count]) => ({ label, count, parts: JSON.parse(label) as string[] }))
    .sort(
      (one, other) =>
        other.count - one.count ||
        text(one.parts[0], other.parts[0]) ||
        text(one.parts[2] ?? '', other.parts[2] ?? '') ||
        text(one.parts[1] ?? '', other.parts[1] ?? ''),
    );
  const best = ordered.slice(0, rows);
  const rest = ordered.slice(rows);
  const other = JSON.stringify([anchor, step, null, ...best.map(({ parts }) => parts)]);
  const keyByLabel = new Map(
    best.map(({ label, parts }) => [label, JSON.stringify([anchor, step, ...parts])]),
  );
  const nodes: FlowGraph['steps'][number]['nodes'] = best.map(({ label, count, parts }) => ({
    key: keyByLabel.get(label) ?? '',
    event: parts[0],
    ...(parts.length > 1 && { value: { type: parts[1] as Segment['type'], text: parts[2] } }),
    count,
  }));
  if (rest.length > 0) {
    const count = rest.reduce((sum, own) => sum + own.count, 0);
    nodes.push({ key: other, event: null, count });
  }
  return { nodes, keyByLabel, other };
}

function pathsOf(
  flow: NaiveFlow,
  query: FlowQuery,
  all: readonly { readonly path: Path; readonly places: readonly NaivePlace[] }[],
): Pick<FlowGraph, 'paths' | 'pathCount'> {
  if (query.pathsMax === 0) return { paths: [], pathCount: 0 };
  const whole = all.map(({ path, places }) => {
    const from = places.findIndex(({ anchor, step }) => anchor === 0 && step === 0);
    const ways = places
      .slice(from)
      .map(({ event }) => (event === null ? null : names(flow, event)));
    // Who dropped off has dropped off once.
    const end = ways.indexOf(null);
    return {
      way: end < 0 ? ways : ways.slice(0, end + 1),
      isConverted: path.length === query.anchors.length,
    };
  });
  const ordered = counted(whole.map(({ way }) => JSON.stringify(way)))
    .map(([key, count]) => ({ key, count, way: JSON.parse(key) as (string[] | null)[] }))
    .sort((one, other) => other.count - one.count || compareWays(one.way, other.way));
  return {
    paths: ordered.slice(0, query.pathsMax).map(({ key, count, way }) => ({
      events: way.map((part) => part?.[0] ?? null),
      ...(way.some((part) => part !== null && part.length > 1) && {
        values: way.map((part) =>
          part === null || part.length === 1
            ? null
            : { type: part[1] as Segment['type'], text: part[2] },
        ),
      }),
      count,
      converted: whole.filter((own) => JSON.stringify(own.way) === key && own.isConverted).length,
      prefixCounts: way.map(
        (_, n) =>
          whole.filter(
            (own) =>
              JSON.stringify(own.way.slice(0, n + 1)) === JSON.stringify(way.slice(0, n + 1)),
          ).length,
      ),
    })),
    pathCount: ordered.length,
  };
}

function compareWays(one: readonly (string[] | null)[], other: readonly (string[] | null)[]) {
  for (let n = 0; n < Math.min(one.length, other.length); n++) {
    const [left, right] = [one[n], other[n]];
    if (left === null && right === null) continue;
    if (left === null) return -1;
    if (right === null) return 1;
    const order =
      text(left[0], right[0]) ||
      text(left[2] ?? '', right[2] ?? '') ||
      text(left[1] ?? '', right[1] ?? '');
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function counted(keys: readonly string[]): [string, number][] {
  return [...new Set(keys)].map((key) => [key, keys.filter((own) => own === key).length]);
}

function text(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
