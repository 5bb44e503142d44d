import type { FlowGraph, FlowResult } from '@arbor/schema/result';
import type { FlowPlan } from '../plan/plan-types.ts';
import { flowGraph } from './flow-graph.ts';
import type { FlowCells, FlowLabel, FlowPartial } from './flow-partial.ts';
import { FlowSum, flowRoom } from './flow-sum.ts';
import type { FlowRoom } from './flow-sum.ts';
import type { SegmentCells } from './partial.ts';
import { bestSegments } from './rank.ts';
import { groupSegments, segmentKey } from './segment-groups.ts';

export function mergeFlow(plan: FlowPlan, partials: readonly FlowPartial[]): FlowResult {
  const { overall, segments } = combineFlows(plan, partials);
  const ranked = segments.map(({ segment, cells }) => ({ segment, cells, rank: cells.entries }));
  return {
    type: 'flow',
    ...flowGraph(plan, overall),
    segments: bestSegments(ranked, plan.segmentsMax).map(
      ({ segment, cells }): { segment: typeof segment } & FlowGraph => ({
        segment,
        ...flowGraph(plan, cells),
      }),
    ),
    segmentCount: segments.length,
  };
}

/** One partial of several, as those of ranges of users. */
export function combineFlows(plan: FlowPlan, partials: readonly FlowPartial[]): FlowPartial {
  const room = flowRoom();
  return {
    type: 'flow',
    overall: sumCells(
      plan,
      partials.map(({ overall }) => overall),
      room,
    ),
    segments: groupSegments(partials.map(({ segments }) => segments)).map(
      ({ segment, cells }): SegmentCells<FlowCells> => ({
        segment,
        cells: sumCells(plan, cells, room),
      }),
    ),
  };
}

function sumCells(plan: FlowPlan, all: readonly FlowCells[], room: FlowRoom): FlowCells {
  if (all.length === 1) return all[0];
  const sum = new FlowSum(plan.anchors.length, room);
  const labels: FlowLabel[] = [];
  const byKey = new Map<string, number>();
  for (const cells of all) {
    const own = cells.labels.map((label) => {
      const { event, value } = label;
      const key = JSON.stringify([event, value && segmentKey(value)]);
      const known = byKey.get(key) ?? labels.push(label) - 1;
      byKey.set(key, known);
      return known;
    });
    sum.addCells(cells, own);
  }
  return sum.toCells(labels);
}
