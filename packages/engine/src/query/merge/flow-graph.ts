import type { FlowGraph } from '@arbor/schema/result';
import { flowColumns } from '../plan/flow-columns.ts';
import type { FlowColumn } from '../plan/flow-columns.ts';
import type { FlowPlan } from '../plan/plan-types.ts';
import { compareLabels, compareText, nodeKey, otherKey } from './flow-keys.ts';
import { droppedOff } from './flow-partial.ts';
import type { FlowCells } from './flow-partial.ts';
import { topPaths } from './flow-paths.ts';

type Step = FlowGraph['steps'][number];
type Node = Step['nodes'][number];

/** What is shown of the counts: of every step the most common events, the others together (8.1). */
export function flowGraph(
  { anchors, rows, pathsMax }: Pick<FlowPlan, 'anchors' | 'rows' | 'pathsMax'>,
  cells: FlowCells,
): FlowGraph {
  const columns = flowColumns(anchors);
  const { keys, nodes } = shownNodes(columns, cells, rows);
  const links = shownLinks(columns.length, cells, keys);
  return {
    entries: cells.entries,
    anchors: [...cells.anchors],
    steps: columns.map(({ anchor, step }, column) => ({
      anchor,
      step,
      nodes: nodes[column],
      dropOff: dropOffs(cells, column),
      links: links[column],
    })),
    ...topPaths(cells, pathsMax),
  };
}

function dropOffs({ nodes }: FlowCells, column: number): number {
  let count = 0;
  for (const [n, own] of nodes.columns.entries()) {
    if (own === column && nodes.labels[n] === droppedOff) count += nodes.counts[n];
  }
  return count;
}

/** By column the nodes that are shown, and by node of the cells the key that it is shown under; null = dropped off. */
function shownNodes(
  columns: readonly FlowColumn[],
  { nodes, labels }: FlowCells,
  rows: number,
): { readonly keys: readonly (string | null)[]; readonly nodes: readonly Node[][] } {
  const keys: (string | null)[] = nodes.columns.map(() => null);
  const byColumn = columns.map((): number[] => []);
  for (const [n, column] of nodes.columns.entries()) {
    if (nodes.labels[n] !== droppedOff) byColumn[column].push(n);
  }
  const shown = columns.map((column, c): Node[] => {
    const ranked = byColumn[c].sort(
      (n, other) =>
        nodes.counts[other] - nodes.counts[n] ||
        compareLabels(labels[nodes.labels[n]], labels[nodes.labels[other]]),
    );
    const best = ranked.slice(0, rows).map((n): Node => {
      const label = labels[nodes.labels[n]];
      const key = nodeKey(column, label);
      keys[n] = key;
      return {
        key,
        event: label.event,
        ...(label.value && { value: label.value }),
        count: nodes.counts[n],
      };
    });
    const others = ranked.slice(rows);
    if (others.length === 0) return best;
    const beside = ranked.slice(0, rows).map((n) => labels[nodes.labels[n]]);
    const key = otherKey(column, beside);
    for (const n of others) keys[n] = key;
    const count = others.reduce((sum, n) => sum + nodes.counts[n], 0);
    return [...best, { key, event: null, count }];
  });
  return { keys, nodes: shown };
}

/** By column the links that lead there, most common first. */
function shownLinks(
  columnCount: number,
  { nodes, links }: FlowCells,
  keys: readonly (string | null)[],
): Step['links'][] {
  const byColumn = Array.from(
    { length: columnCount },
    () => new Map<string, Step['links'][number]>(),
  );
  for (const [n, from] of links.from.entries()) {
    const target = links.to[n];
    const source = keys[from];
    // Nobody goes on from where he dropped off.
    if (source === null) continue;
    const to = keys[target];
    const column = byColumn[nodes.columns[target]];
    const key = JSON.stringify([source, to]);
    const known = column.get(key);
    if (known) known.count += links.counts[n];
    else column.set(key, { from: source, to, count: links.counts[n] });
  }
  return byColumn.map((column) =>
    [...column.values()].sort(
      (link, other) =>
        other.count - link.count ||
        compareText(link.from, other.from) ||
        compareText(link.to ?? '', other.to ?? ''),
    ),
  );
}
