import { invalidQuery } from '../plan/invalid-query.ts';
import { droppedOff } from './flow-partial.ts';
import type { FlowCells, FlowLabel } from './flow-partial.ts';

/**
 * Parts of paths and links that one flow may have, its segments together: half a gigabyte, and as many as the
 * different paths of a hundred events over three steps. More are refused, for a part left out could be of the most
 * common path.
 */
const partsMax = 2 ** 20;

/** What an empty sum takes, as parts. */
const sumParts = 16;

/** What the sums of one report may still take. */
export interface FlowRoom {
  left: number;
}

export function flowRoom(): FlowRoom {
  return { left: partsMax };
}

/** Keys are a pair of numbers in one: the first is an index, the second lies below this. */
const pairBase = 2 ** 26;

/** A flow as it is counted: path by path, or from cells that were counted elsewhere. */
export class FlowSum {
  entries = 0;
  readonly anchors: number[];
  readonly nodeColumns: number[] = [];
  readonly nodeLabels: number[] = [];
  readonly nodeCounts: number[] = [];
  readonly linkFrom: number[] = [];
  readonly linkTo: number[] = [];
  readonly linkCounts: number[] = [];
  readonly pathParents: number[] = [];
  readonly pathLabels: number[] = [];
  readonly pathEnds: number[] = [];
  readonly pathConverted: number[] = [];
  readonly #room: FlowRoom;
  readonly #nodes = new Map<number, number>();
  readonly #links = new Map<number, number>();
  readonly #paths = new Map<number, number>();

  constructor(anchorCount: number, room: FlowRoom) {
    this.#room = room;
    this.#takeRoom(sumParts);
    this.anchors = Array.from({ length: anchorCount }, () => 0);
  }

  /** Adds to a label (or `droppedOff`) at a place; returns the index of the node. */
  addNode(column: number, label: number, count: number): number {
    const key = column * pairBase + label + 1;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = this.nodeColumns.push(column) - 1;
      this.nodeLabels.push(label);
      this.nodeCounts.push(0);
      this.#nodes.set(key, node);
    }
    this.nodeCounts[node] += count;
    return node;
  }

  addLink(from: number, to: number, count: number): void {
    const key = from * pairBase + to;
    let link = this.#links.get(key);
    if (link === undefined) {
      this.#takeRoom(1);
      link = this.linkFrom.push(from) - 1;
      this.linkTo.push(to);
      this.linkCounts.push(0);
      this.#links.set(key, link);
    }
    this.linkCounts[link] += count;
  }

  /** The path that goes on with a label after `parent`, −1 = begins with it; returns its index. */
  followPath(parent: number, label: number): number {
    const key = (parent + 1) * pairBase + label + 1;
    let path = this.#paths.get(key);
    if (path === undefined) {
      this.#takeRoom(1);
      path = this.pathParents.push(parent) - 1;
      this.pathLabels.push(label);
      this.pathEnds.push(0);
      this.pathConverted.push(0);
      this.#paths.set(key, path);
    }
    return path;
  }

  endPath(path: number, count: number, converted: number): void {
    this.pathEnds[path] += count;
    this.pathConverted[path] += converted;
  }

  /** Adds cells whose label n is `labels[n]` here. */
  addCells(cells: FlowCells, labels: readonly number[]): void {
    const labelOf = (label: number): number => (label === droppedOff ? droppedOff : labels[label]);
    this.entries += cells.entries;
    for (const [anchor, count] of cells.anchors.entries()) this.anchors[anchor] += count;
    const nodes = cells.nodes.columns.map((column, n) =>
      this.addNode(column, labelOf(cells.nodes.labels[n]), cells.nodes.counts[n]),
    );
    for (const [n, from] of cells.links.from.entries()) {
      this.addLink(nodes[from], nodes[cells.links.to[n]], cells.links.counts[n]);
    }
    const { parents, ends, converted } = cells.paths;
    const paths: number[] = [];
    for (const [n, parent] of parents.entries()) {
      const own = this.followPath(parent < 0 ? -1 : paths[parent], labelOf(cells.paths.labels[n]));
      paths.push(own);
      this.endPath(own, ends[n], converted[n]);
    }
  }

  /** `labels`: what the numbers stand for; only those that occur come out. */
  toCells(labels: readonly FlowLabel[]): FlowCells {
    const used: FlowLabel[] = [];
    const renumbered = new Map<number, number>();
    const numberOf = (label: number): number => {
      if (label === droppedOff) return droppedOff;
      const known = renumbered.get(label) ?? used.push(labels[label]) - 1;
      renumbered.set(label, known);
      return known;
    };
    return {
      entries: this.entries,
      anchors: this.anchors,
      nodes: {
        columns: this.nodeColumns,
        labels: this.nodeLabels.map(numberOf),
        counts: this.nodeCounts,
      },
      links: { from: this.linkFrom, to: this.linkTo, counts: this.linkCounts },
      paths: {
        parents: this.pathParents,
        labels: this.pathLabels.map(numberOf),
        ends: this.pathEnds,
        converted: this.pathConverted,
      },
      labels: used,
    };
  }

  #takeRoom(parts: number): void {
    this.#room.left -= parts;
    if (this.#room.left >= 0) return;
    throw invalidQuery(
      `the flow has more than ${partsMax} different links and parts of paths in all its segments: show fewer ` +
        'steps, hide events, expand fewer of them, filter it, or ask for no paths ("pathsMax": 0)',
    );
  }
}
