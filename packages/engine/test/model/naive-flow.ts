import type { FlowQuery, ListPoint } from '@arbor/schema/query';
import type { FlowGraph, FlowResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { segmentsBy } from './naive-breakdowns.ts';
import { NaiveFlow } from './naive-flow-paths.ts';
import type { NaivePlace, Path } from './naive-flow-paths.ts';
import { allSegments, lookupIn, ranked, same } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

/** reports.md 8. */
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

/** 4.6: whose paths are behind a number of a flow. */
export function naiveFlowUsers(
  world: World,
  query: FlowQuery,
  context: PlanContext,
  point: Extract<ListPoint, { type: 'flow' | 'flow_path' }>,
): string[] {
  const flow = new NaiveFlow(world, query, context);
  const { segment } = point;
  const paths = flow
    .paths()
    .filter(
      ([entry]) =>
        segment === null ||
        segmentsBy(query, lookupIn(world, entry), world).some((own) =>
          same(own, segment as Segment),
        ),
    );
  const all = paths.map((path) => ({ path, places: flow.places(path) }));
  const isBehind =
    point.type === 'flow' ? placeTest(flow, query, all, point) : wayTest(flow, query, point);
  return [...new Set(all.filter(isBehind).map(({ path }) => path[0].user))];
}

function placeTest(
  flow: NaiveFlow,
  query: FlowQuery,
  all: readonly PlacedPath[],
  { anchor, step, node, link, outcome }: Extract<ListPoint, { type: 'flow' }>,
): (path: PlacedPath) => boolean {
  const { keyOf } = keysOf(flow, query, all);
  return ({ path, places }) => {
    if (outcome === 'reached') return path.length > anchor;
    const at = places.findIndex((own) => own.anchor === anchor && own.step === step);
    if (at < 0 || keyOf(places[at]) !== node) return false;
    if (link === null) return true;
    const from = places.slice(0, at).findLast(({ event }) => event !== null);
    return from !== undefined && keyOf(from) === link;
  };
}

function wayTest(
  flow: NaiveFlow,
  { anchors }: FlowQuery,
  { events, values = [], outcome }: Extract<ListPoint, { type: 'flow_path' }>,
): (path: PlacedPath) => boolean {
  const wanted = events.map((event, i) => {
    const value = values[i] ?? null;
    if (event === null) return null;
    return value === null ? [event] : [event, value.type, value.text];
  });
  return ({ path, places }) => {
    const way = wayOf(flow, places);
    const own = outcome === 'begins' ? way.slice(0, wanted.length) : way;
    const isConverted = path.length === anchors.length;
    return (
      JSON.stringify(own) === JSON.stringify(wanted) && (outcome !== 'converted' || isConverted)
    );
  };
}

/** What a path shows from the first anchor on. */
function wayOf(flow: NaiveFlow, places: readonly NaivePlace[]): (string[] | null)[] {
  const from = places.findIndex(({ anchor, step }) => anchor === 0 && step === 0);
  const ways = places.slice(from).map(({ event }) => (event === null ? null : names(flow, event)));
  // Who dropped off has dropped off once.
  const end = ways.indexOf(null);
  return end < 0 ? ways : ways.slice(0, end + 1);
}

type PlacedPath = { readonly path: Path; readonly places: readonly NaivePlace[] };

/** The steps of a graph with their nodes, and the key of the node that a place is; null = dropped off. */
function keysOf(flow: NaiveFlow, query: FlowQuery, all: readonly PlacedPath[]) {
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
  return { steps, listed, keyOf };
}

function graphOf(flow: NaiveFlow, query: FlowQuery, paths: readonly Path[]): FlowGraph {
  const all = paths.map((path) => ({ path, places: flow.places(path) }));
  const { steps, listed, keyOf } = keysOf(flow, query, all);
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
  all: readonly PlacedPath[],
): Pick<FlowGraph, 'paths' | 'pathCount'> {
  if (query.pathsMax === 0) return { paths: [], pathCount: 0 };
  const whole = all.map(({ path, places }) => {
    return { way: wayOf(flow, places), isConverted: path.length === query.anchors.length };
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
