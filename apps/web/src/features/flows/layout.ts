import type { FlowGraph } from '@arbor/schema/result';
import { assignColours, chartColour } from '#charts/palette.ts';
import { segmentName } from '#report/segment.ts';

/** Where everything of the diagram stands, in pixels from its upper left corner. */
export type FlowLayout = {
  readonly columns: readonly FlowColumn[];
  readonly nodes: readonly FlowNode[];
  readonly links: readonly FlowLink[];
  readonly width: number;
  readonly height: number;
  /** What a bar and its name have for themselves. */
  readonly slotWidth: number;
};

export type FlowColumn = {
  readonly anchor: number;
  readonly step: number;
  readonly x: number;
};

export type FlowNode = {
  /** Of the node of the answer; those who drop off have one of their own a column. */
  readonly key: string;
  readonly kind: 'event' | 'other' | 'dropped';
  readonly anchor: number;
  readonly step: number;
  /** Null: other events, or nothing any more. */
  readonly event: string | null;
  readonly name: string;
  readonly count: number;
  /** Of all paths of the flow. */
  readonly share: number | null;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  /** Of the bar, true to the count; its slot is at least as high as a label. */
  readonly height: number;
};

export type FlowLink = {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly colour: string;
  readonly dropped: boolean;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly thickness: number;
};

export const barWidth = 12;
/** A few columns share what a screen has; more of them are scrolled to. */
const sharedWidth = 800;
const columnWidthMin = 160;
const columnWidthMax = 260;
const slotGap = 16;
export const slotHeightMin = 44;
const gap = 8;
/** Of a column that holds all paths, without its gaps. */
const plotHeight = 320;
const barHeightMin = 2;

/** Bars a column of the answer, as high as their counts, and the links between them, as thick as theirs. */
export function flowLayout(graph: FlowGraph): FlowLayout {
  const scale = plotHeight / Math.max(1, ...graph.steps.map(columnCount));
  const colours = assignColours([
    ...new Set(graph.steps.flatMap(({ nodes }) => nodes.flatMap(({ event }) => event ?? []))),
  ]);
  const columnWidth = Math.min(
    columnWidthMax,
    Math.max(columnWidthMin, Math.floor(sharedWidth / Math.max(1, graph.steps.length))),
  );
  const columns: FlowColumn[] = [];
  const nodes: FlowNode[] = [];
  let height = 0;
  for (const [index, step] of graph.steps.entries()) {
    const x = index * columnWidth;
    columns.push({ anchor: step.anchor, step: step.step, x });
    let y = 0;
    for (const node of entriesOf(step)) {
      const barHeight = Math.max(barHeightMin, node.count * scale);
      nodes.push({
        ...node,
        share: graph.entries === 0 ? null : node.count / graph.entries,
        colour: node.event === null ? 'var(--ink-3)' : chartColour(colours.get(node.event) ?? 0),
        x,
        y,
        height: barHeight,
      });
      y += Math.max(barHeight, slotHeightMin) + gap;
    }
    height = Math.max(height, y - gap);
  }
  const width = graph.steps.length * columnWidth;
  const slotWidth = columnWidth - slotGap;
  return { columns, nodes, links: linksOf(graph, nodes, scale), width, height, slotWidth };
}

type Step = FlowGraph['steps'][number];

function columnCount({ nodes, dropOff }: Step): number {
  return nodes.reduce((sum, { count }) => sum + count, dropOff);
}

export function droppedKey({ anchor, step }: Pick<Step, 'anchor' | 'step'>): string {
  return `dropped ${anchor} ${step}`;
}

type Entry = Pick<FlowNode, 'key' | 'kind' | 'anchor' | 'step' | 'event' | 'name' | 'count'>;

function entriesOf(step: Step): readonly Entry[] {
  const place = { anchor: step.anchor, step: step.step };
  const entries = step.nodes.map(({ key, event, value, count }): Entry => ({
    ...place,
    key,
    event,
    count,
    kind: event === null ? 'other' : 'event',
    name:
      event === null
        ? 'Other events'
        : value === undefined
          ? event
          : `${event} · ${segmentName(value)}`,
  }));
  if (step.dropOff === 0) return entries;
  const dropped: Entry = {
    ...place,
    key: droppedKey(step),
    kind: 'dropped',
    event: null,
    name: step.step === 0 ? 'Did not get here' : 'Dropped off',
    count: step.dropOff,
  };
  return [...entries, dropped];
}

/** Links leave and enter a bar one below the other, in the order of the bars that they lead to and come from. */
function linksOf(graph: FlowGraph, nodes: readonly FlowNode[], scale: number): readonly FlowLink[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  // Who has dropped off before an anchor is counted there once more: his way ends at the first of the two bars.
  const ended = new Set<string>();
  const places = graph.steps.flatMap((step) =>
    step.links.flatMap(({ from, to, count }) => {
      if (to === null && ended.has(from)) return [];
      if (to === null) ended.add(from);
      const source = byKey.get(from);
      const target = byKey.get(to ?? droppedKey(step));
      return source === undefined || target === undefined ? [] : [{ source, target, count }];
    }),
  );
  places.sort(
    (a, b) =>
      a.source.x - b.source.x ||
      a.source.y - b.source.y ||
      a.target.x - b.target.x ||
      a.target.y - b.target.y,
  );
  const left = new Map<string, number>();
  const entered = new Map<string, number>();
  return places.map(({ source, target, count }) => {
    const thickness = count * scale;
    const y1 = source.y + take(left, source.key, thickness) + thickness / 2;
    const y2 = target.y + take(entered, target.key, thickness) + thickness / 2;
    return {
      from: source.key,
      to: target.key,
      count,
      colour: target.kind === 'dropped' ? 'var(--ink-3)' : source.colour,
      dropped: target.kind === 'dropped',
      x1: source.x + barWidth,
      y1,
      x2: target.x,
      y2,
      thickness: Math.max(1, thickness),
    };
  });
}

/** How much of a bar is taken already; takes more. */
function take(taken: Map<string, number>, key: string, thickness: number): number {
  const before = taken.get(key) ?? 0;
  taken.set(key, before + thickness);
  return before;
}

/** Keys of all bars that paths through this one come through before and after it, itself too. */
export function pathThrough(links: readonly FlowLink[], key: string): ReadonlySet<string> {
  const found = new Set([key]);
  const walk = (from: 'from' | 'to', to: 'from' | 'to'): void => {
    const waiting = [key];
    const seen = new Set(waiting);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const link of links) {
        const other = link[to];
        if (link[from] !== next || seen.has(other)) continue;
        seen.add(other);
        found.add(other);
        waiting.push(other);
      }
    }
  };
  walk('from', 'to');
  walk('to', 'from');
  return found;
}
