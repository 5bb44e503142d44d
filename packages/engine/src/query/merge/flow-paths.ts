import type { FlowGraph } from '@arbor/schema/result';
import { compareLabels } from './flow-keys.ts';
import { droppedOff } from './flow-partial.ts';
import type { FlowCells, FlowLabel } from './flow-partial.ts';

type Path = FlowGraph['paths'][number];

/** The most common whole paths; of equally common ones the first by its events. */
export function topPaths(
  { paths, labels }: FlowCells,
  pathsMax: number,
): Pick<FlowGraph, 'paths' | 'pathCount'> {
  const { parents, ends } = paths;
  const whole: number[] = [];
  for (let path = 0; path < ends.length; path++) if (ends[path] > 0) whole.push(path);
  // Names are compared only where they may decide.
  const counts = Float64Array.from(whole, (path) => ends[path]).sort();
  const least = whole.length > pathsMax ? counts[whole.length - pathsMax] : 0;
  const best = whole
    .filter((path) => ends[path] >= least)
    .map((path) => ({ path, parts: partsOf(path, parents) }))
    .sort(
      (one, other) =>
        ends[other.path] - ends[one.path] ||
        comparePaths(labelsOf(one.parts, paths, labels), labelsOf(other.parts, paths, labels)),
    )
    .slice(0, pathsMax);
  const passing = passingCounts(parents, ends);
  return {
    paths: best.map(({ path, parts }): Path => {
      const own = labelsOf(parts, paths, labels);
      const isExpanded = own.some((label) => label?.value !== undefined);
      return {
        events: own.map((label) => label?.event ?? null),
        ...(isExpanded && { values: own.map((label) => label?.value ?? null) }),
        count: ends[path],
        converted: paths.converted[path],
        prefixCounts: parts.map((part) => passing[part]),
      };
    }),
    pathCount: whole.length,
  };
}

/** From the beginning of a path to its end. */
function partsOf(path: number, parents: readonly number[]): number[] {
  const parts: number[] = [];
  for (let part = path; part >= 0; part = parents[part]) parts.push(part);
  return parts.reverse();
}

/** By part: how many paths go through it or end there. Parents come before their children. */
function passingCounts(parents: readonly number[], ends: readonly number[]): Float64Array {
  const passing = Float64Array.from(ends);
  for (let part = parents.length - 1; part >= 0; part--) {
    if (parents[part] >= 0) passing[parents[part]] += passing[part];
  }
  return passing;
}

function labelsOf(
  parts: readonly number[],
  paths: FlowCells['paths'],
  labels: readonly FlowLabel[],
): (FlowLabel | null)[] {
  return parts.map((part) => {
    const label = paths.labels[part];
    return label === droppedOff ? null : labels[label];
  });
}

/** A path that dropped off comes before one that went on, and a shorter one before what it begins. */
function comparePaths(path: readonly (FlowLabel | null)[], other: readonly (FlowLabel | null)[]) {
  for (let n = 0; n < Math.min(path.length, other.length); n++) {
    const [label, against] = [path[n], other[n]];
    if (label === null || against === null) {
      if (label !== against) return label === null ? -1 : 1;
      continue;
    }
    const order = compareLabels(label, against);
    if (order !== 0) return order;
  }
  return path.length - other.length;
}
