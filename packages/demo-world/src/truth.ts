import { dayOf } from './local-day.ts';
import type { DemoEvent } from './record.ts';

/**
 * What reports over the demo world must show, computed from the list of records in the plainest way. It
 * shares nothing with the query engine, not even how identifiers become users: where both agree,
 * either may be trusted.
 *
 * It knows the records it is given. A running demo also has those of today, so ask about ranges that end
 * a funnel's window, or a retention's last interval, before the end of the history.
 */

export interface Truth {
  /** Matching events. */
  total(selection: Selection): number;
  /** Sum of the numbers a property has in them. */
  sum(selection: Selection & { property: string }): number;
  uniques(selection: Selection): number;
  /** Total of each local day, by YYYY-MM-DD; days without any are absent. */
  totalByDay(selection: Selection): ReadonlyMap<string, number>;
  /** Total by value of a property, "(not set)" for events that lack it. */
  totalBy(selection: Selection & { property: string }): ReadonlyMap<string, number>;
  /** Users who reached each step in this order, each once, from their first entry in the range. */
  funnel(options: FunnelSelection): readonly number[];
  /** Rolling retention of those whose first `birth` of the day lies on `day`. */
  retention(options: RetentionSelection): { size: number; counts: readonly number[] };
}

export interface Range {
  /** Local days, both inside. */
  readonly from: string;
  readonly to: string;
}

export interface Selection extends Range {
  /** Null is any event but those of the protocol. */
  readonly event: string | null;
}

export interface FunnelSelection extends Range {
  readonly steps: readonly string[];
  readonly windowMs: number;
}

export interface RetentionSelection {
  readonly day: string;
  readonly birth: string;
  readonly back: string | null;
  readonly intervals: number;
  readonly criterion: 'on' | 'on_or_after';
}

const protocolEvents = new Set(['$identify', '$create_alias', '$merge']);
const dayMs = 86_400_000;

/** Reads the records once; every question afterwards walks over all of them again. */
export function truthOf(events: readonly DemoEvent[], timezone: string): Truth {
  const userOf = resolveUsers(events);
  const localDay = createDayFinder(timezone);
  const inRange = (event: DemoEvent, { from, to }: Range): boolean => {
    const day = localDay(event.properties.time);
    return day >= from && day <= to;
  };
  const select = (selection: Selection): DemoEvent[] =>
    events.filter((one) => matches(one, selection.event) && inRange(one, selection));

  const countBy = (
    selected: readonly DemoEvent[],
    keyOf: (event: DemoEvent) => string,
  ): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const event of selected) {
      const key = keyOf(event);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };

  return {
    total: (selection) => select(selection).length,
    sum: (selection) =>
      select(selection)
        .map((event) => event.properties[selection.property])
        .filter((value) => typeof value === 'number')
        .reduce((sum, value) => sum + value, 0),
    uniques: (selection) => new Set(select(selection).map(userOf)).size,
    totalByDay: (selection) =>
      countBy(select(selection), ({ properties }) => localDay(properties.time)),
    totalBy: (selection) =>
      countBy(select(selection), ({ properties }) =>
        String(properties[selection.property] ?? '(not set)'),
      ),
    funnel: ({ steps, windowMs, from, to }) => {
      const reached = steps.map(() => 0);
      for (const history of byUser(events, userOf).values()) {
        const entry = history.find(
          (event) => matches(event, steps[0] ?? null) && inRange(event, { from, to }),
        );
        if (entry === undefined) continue;
        const count = stepsReached(history, { steps, entry, windowMs });
        for (let step = 0; step < count; step++) reached[step] = (reached[step] ?? 0) + 1;
      }
      return reached;
    },
    retention: ({ day, birth, back, intervals, criterion }) => {
      let size = 0;
      const counts = Array.from({ length: intervals }, () => 0);
      for (const history of byUser(events, userOf).values()) {
        const born = history.find(
          (event) => matches(event, birth) && localDay(event.properties.time) === day,
        );
        if (born === undefined) continue;
        size++;
        const seen = intervalsSeen(history, { born, back, intervals });
        for (let interval = 0; interval < intervals; interval++) {
          const retained =
            criterion === 'on' ? seen.has(interval) : [...seen].some((one) => one >= interval);
          if (retained) counts[interval] = (counts[interval] ?? 0) + 1;
        }
      }
      return { size, counts };
    },
  };
}

/** From each event to its user: identifiers that ever spoke together belong to one. */
export function resolveUsers(events: readonly DemoEvent[]): (event: DemoEvent) => string {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    return root;
  };
  const unite = (a: string, b: string): void => {
    const [rootA, rootB] = [rootOf(a), rootOf(b)];
    if (rootA !== rootB) parents.set(rootA, rootB);
  };
  for (const { event, properties } of events) {
    const { $device_id: device, $user_id: user } = properties;
    if (device !== undefined && user !== undefined)
      unite(`$device:${String(device)}`, String(user));
    if (event === '$identify') {
      unite(String(properties['$anon_id']), String(properties['$identified_id']));
    }
  }
  return ({ properties }) => rootOf(properties.distinct_id);
}

/** `dayOf` asked once a quarter of an hour: no zone begins a day in between. */
function createDayFinder(timezone: string): (time: number) => string {
  const days = new Map<number, string>();
  return (time) => {
    const quarter = Math.floor(time / 900_000);
    const known = days.get(quarter);
    if (known !== undefined) return known;
    const day = dayOf(time, timezone);
    days.set(quarter, day);
    return day;
  };
}

function matches({ event }: DemoEvent, name: string | null): boolean {
  return name === null ? !protocolEvents.has(event) : event === name;
}

/** Everything a user ever did, in order of time. */
function byUser(
  events: readonly DemoEvent[],
  userOf: (event: DemoEvent) => string,
): Map<string, DemoEvent[]> {
  const histories = new Map<string, DemoEvent[]>();
  for (const event of events) {
    const user = userOf(event);
    const history = histories.get(user);
    if (history === undefined) histories.set(user, [event]);
    else history.push(event);
  }
  for (const history of histories.values()) {
    history.sort((a, b) => a.properties.time - b.properties.time);
  }
  return histories;
}

function stepsReached(
  history: readonly DemoEvent[],
  attempt: { steps: readonly string[]; entry: DemoEvent; windowMs: number },
): number {
  const { steps, entry, windowMs } = attempt;
  let reached = 1;
  for (const event of history.slice(history.indexOf(entry) + 1)) {
    const late = event.properties.time > entry.properties.time + windowMs;
    if (late || reached === steps.length) break;
    if (matches(event, steps[reached] ?? null)) reached++;
  }
  return reached;
}

function intervalsSeen(
  history: readonly DemoEvent[],
  cohort: { born: DemoEvent; back: string | null; intervals: number },
): Set<number> {
  const { born, back, intervals } = cohort;
  const seen = new Set<number>();
  for (const event of history) {
    const after = event.properties.time - born.properties.time;
    if (event === born || after < 0 || !matches(event, back)) continue;
    const interval = Math.floor(after / dayMs);
    if (interval < intervals) seen.add(interval);
  }
  return seen;
}
