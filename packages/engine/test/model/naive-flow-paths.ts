import type { PropertyValue } from '@arbor/schema/property-value';
import type { FlowQuery } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { matches } from './naive-selection.ts';
import { sessionNumbers } from './naive-sessions.ts';
import { naiveRange } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { lookupIn, passes } from './naive-values.ts';
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
export type Path = readonly WorldEvent[];

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
