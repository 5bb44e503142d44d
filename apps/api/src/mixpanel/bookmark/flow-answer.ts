import { customEventPrefix } from '@arbor/schema/definitions';
import type { FlowGraph, Segment } from '@arbor/schema/result';
import { segmentKey } from '../reports/segment-keys.ts';

export type FlowForm = 'flows_sankey' | 'flows_top_paths' | 'flows';

type Step = FlowGraph['steps'][number];
type Path = FlowGraph['paths'][number];
type NodeType = 'ANCHOR' | 'NORMAL' | 'PRUNED' | 'DROPOFF';

interface Edge {
  readonly event: string;
  /** Place of the step it leads to. */
  readonly step: number;
  readonly type: NodeType;
  readonly totalCount: string;
}

/** What is answered of one flow (`query-api.md` 13.5): over all, or of one segment. Counts are texts. */
export function flowAnswer(graph: FlowGraph, form: FlowForm): object {
  return {
    steps: graph.steps.map((step) => ({ nodes: nodesOf(step, graph) })),
    flows: form === 'flows_top_paths' ? graph.paths.map(pathOf) : [],
    trees: form === 'flows' ? treesOf(graph.paths) : [],
    overallConversionRate: graph.entries === 0 ? 0 : (graph.anchors.at(-1) ?? 0) / graph.entries,
  };
}

function nodesOf(step: Step, graph: FlowGraph): object[] {
  return step.nodes.map((node) => ({
    ...shown(node.event, node.value, isAnchor(step)),
    anchorType:
      step.step === 0 ? 'NORMAL' : step.step < 0 ? 'RELATIVE_REVERSE' : 'RELATIVE_FORWARD',
    totalCount: String(node.count),
    isCustomEvent: node.event?.startsWith(customEventPrefix) === true,
    conversionRateChange: 0,
    edges: edgesFrom(node.key, graph),
  }));
}

const isAnchor = ({ step }: Step): boolean => step === 0;

/** Those who drop off last. */
function edgesFrom(key: string, { steps }: FlowGraph): Edge[] {
  const edges = steps.flatMap((step, place) =>
    step.links.flatMap(({ from, to, count }): Edge[] => {
      if (from !== key) return [];
      const target = step.nodes.find((node) => node.key === to);
      const own = target ? shown(target.event, target.value, isAnchor(step)) : dropOff;
      return [{ ...own, step: place, totalCount: String(count) }];
    }),
  );
  const isLast = ({ type }: Edge): number => (type === 'DROPOFF' ? 1 : 0);
  return edges.sort((left, right) => isLast(left) - isLast(right));
}

const dropOff = { event: 'DROPOFF', type: 'DROPOFF' } as const;

/** An event without a name stands for all that are not shown by themselves. */
function shown(
  event: string | null,
  value: Segment | undefined | null,
  anchor: boolean,
): { readonly event: string; readonly type: NodeType } {
  if (event === null) return { event: 'Other events', type: 'PRUNED' };
  const name = value ? `${event} (${segmentKey(value)})` : event;
  return { event: name, type: anchor ? 'ANCHOR' : 'NORMAL' };
}

function pathOf({ events, values, prefixCounts }: Path): object {
  return {
    flowSteps: events.map((event, i) => ({
      ...(event === null ? dropOff : shown(event, values?.[i], i === 0)),
      totalCount: String(prefixCounts[i] ?? 0),
    })),
  };
}

interface TreeNode {
  readonly event: string;
  readonly type: NodeType;
  readonly stepNumber: number;
  readonly totalCount: string;
  dropOffCount: number;
  convertedCount: number;
  readonly children: TreeNode[];
}

/** Paths that begin alike are one trunk. Those beyond the most common ones have no branch of their own. */
function treesOf(paths: readonly Path[]): object[] {
  const roots: TreeNode[] = [];
  for (const { events, values, count, converted, prefixCounts } of paths) {
    let level = roots;
    let above: TreeNode | undefined;
    for (const [i, event] of events.entries()) {
      if (event === null) {
        if (above) above.dropOffCount += count;
        break;
      }
      const own = shown(event, values?.[i], i === 0);
      let node = level.find((one) => one.event === own.event);
      if (node === undefined) {
        const totalCount = String(prefixCounts[i] ?? 0);
        node = {
          ...own,
          stepNumber: i,
          totalCount,
          dropOffCount: 0,
          convertedCount: 0,
          children: [],
        };
        level.push(node);
      }
      node.convertedCount += converted;
      above = node;
      level = node.children;
    }
  }
  return roots.map(written);
}

function written(node: TreeNode): object {
  return {
    ...node,
    dropOffCount: String(node.dropOffCount),
    convertedCount: String(node.convertedCount),
    children: node.children.map(written),
  };
}
