import type { FlowGraph, FlowResult } from '@arbor/schema/result';
import type { CsvValue } from '#format/csv.ts';
import { segmentKey, segmentName } from '#report/segment.ts';
import { flowLayout, type FlowLayout, type FlowNode } from './layout.ts';
import type { FlowPoint, NodePoint, PathPoint } from './state.ts';

export type PathRow = {
  readonly key: string;
  /** Names of the events in turn; who drops off ends with a word for it. */
  readonly names: readonly string[];
  /** The events that can be steps of a funnel. */
  readonly events: readonly string[];
  readonly count: number;
  readonly share: number | null;
  /** Of these, who reached the last anchor. */
  readonly converted: number;
  /** The path as lists name it. */
  readonly way: Pick<PathPoint, 'events' | 'values'>;
};

export type FlowSegment = {
  readonly key: string;
  readonly name: string;
  readonly entries: number;
  /** As queries name it. */
  readonly point: NonNullable<FlowPoint['segment']>;
};

export type FlowView = {
  readonly layout: FlowLayout;
  readonly entries: number;
  /** Who reached the last anchor; null with one anchor alone. */
  readonly converted: number | null;
  readonly paths: readonly PathRow[];
  readonly pathCount: number;
  readonly segments: readonly FlowSegment[];
  readonly segmentCount: number;
  /** The one that is drawn; null: all users. */
  readonly segment: FlowSegment | null;
  readonly empty: boolean;
};

export const droppedName = 'Dropped off';
const otherName = 'Other events';

/** What the report shows of an answer: the flow of one segment, or of all. */
export function flowView(result: FlowResult, chosen: string | null): FlowView {
  const segments = result.segments.map(({ segment, entries }): FlowSegment => ({
    key: segmentKey(segment),
    name: segmentName(segment),
    entries,
    point: segment,
  }));
  const at = segments.findIndex(({ key }) => key === chosen);
  const graph: FlowGraph = result.segments[at] ?? result;
  return {
    layout: flowLayout(graph),
    entries: graph.entries,
    converted: graph.anchors.length > 1 ? (graph.anchors.at(-1) ?? 0) : null,
    paths: graph.paths.map((path, index) => pathRow(path, index, graph.entries)),
    pathCount: graph.pathCount,
    segments,
    segmentCount: result.segmentCount,
    segment: segments[at] ?? null,
    empty: result.entries === 0,
  };
}

function pathRow(
  { events, values, count, converted }: FlowGraph['paths'][number],
  index: number,
  entries: number,
): PathRow {
  const isDropped = events.at(-1) === null;
  return {
    key: `${index} ${JSON.stringify(events)}`,
    names: events.map((event, at) => {
      if (event === null) return at === events.length - 1 ? droppedName : otherName;
      const value = values?.[at];
      return value === null || value === undefined ? event : `${event} · ${segmentName(value)}`;
    }),
    events: (isDropped ? events.slice(0, -1) : events).filter((event) => event !== null),
    count,
    share: entries === 0 ? null : count / entries,
    converted,
    way: { events, ...(values && { values }) },
  };
}

/** The point of a node, as a list of users names it. */
export function pointOf(node: FlowNode, segment: FlowSegment | null): NodePoint {
  return {
    type: 'flow',
    anchor: node.anchor,
    step: node.step,
    node: node.kind === 'dropped' ? null : node.key,
    link: null,
    segment: segment?.point ?? null,
  };
}

/** The node that a point of the URL names, if the flow still has it. */
export function nodeOf({ layout }: FlowView, point: NodePoint): FlowNode | undefined {
  return layout.nodes.find(
    (node) =>
      node.anchor === point.anchor &&
      node.step === point.step &&
      (point.node === null ? node.kind === 'dropped' : node.key === point.node),
  );
}

/** What the list behind a point of the URL is called, if the flow still has it. */
export function openedTitle(view: FlowView, point: FlowPoint): string | undefined {
  if (point.type === 'flow') return nodeOf(view, point)?.name;
  const wanted = JSON.stringify([point.events, point.values ?? []]);
  const row = view.paths.find(
    ({ way }) => JSON.stringify([way.events, way.values ?? []]) === wanted,
  );
  return row && pathTitle(row);
}

/** "Signed up → Played a song → Dropped off". */
export function pathTitle({ names }: PathRow): string {
  return names.join(' → ');
}

/** "Step 2 after Signed up", for headings and screen readers. */
export function columnTitle(step: number, anchorName: string): string {
  if (step === 0) return anchorName;
  const side = step > 0 ? 'after' : 'before';
  const count = Math.abs(step);
  return `${count} ${count === 1 ? 'step' : 'steps'} ${side}`;
}

/** Every path that came back: a column a step. */
export function pathsCsv(view: FlowView): readonly (readonly CsvValue[])[] {
  const length = Math.max(0, ...view.paths.map(({ names }) => names.length));
  const steps = Array.from({ length }, (_, index) => `Step ${index + 1}`);
  const hasConversion = view.converted !== null;
  return [
    ['Count', 'Share', ...(hasConversion ? ['Reached the last anchor'] : []), ...steps],
    ...view.paths.map(({ names, count, share, converted }) => [
      count,
      share,
      ...(hasConversion ? [converted] : []),
      ...steps.map((_, index) => names[index] ?? null),
    ]),
  ];
}
