import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import type { FunnelPlan } from '../plan/plan-types.ts';
import { averageOf, mergeSorted, percentileOf } from './numbers.ts';
import type { FunnelCells, FunnelPartial } from './partial.ts';
import { bestSegments } from './rank.ts';
import { groupSegments } from './segment-groups.ts';

export function mergeFunnel(plan: FunnelPlan, partials: readonly FunnelPartial[]): FunnelResult {
  const stepCount = plan.steps.length;
  const segments = groupSegments(partials.map((partial) => partial.segments)).map((group) => {
    const steps = mergeSteps(group.cells, stepCount);
    return { segment: group.segment, steps, rank: steps[0].count };
  });
  return {
    type: 'funnel',
    steps: mergeSteps(
      partials.map((partial) => partial.overall),
      stepCount,
    ),
    segments: bestSegments(segments, plan.segmentsMax).map(({ segment, steps }) => ({
      segment,
      steps,
    })),
    segmentCount: segments.length,
    ...(plan.buckets && { byEntry: mergeByEntry(plan.buckets, stepCount, partials) }),
    stillOpen: partials.reduce((sum, partial) => sum + partial.stillOpen, 0),
  };
}

function mergeSteps(cells: readonly FunnelCells[], stepCount: number): FunnelStepResult[] {
  return Array.from({ length: stepCount }, (_, step) => {
    const fromEntry = mergeSorted(cells.map((own) => own.fromEntryMs[step]));
    const fromPrevious = mergeSorted(cells.map((own) => own.fromPreviousMs[step]));
    return {
      count: cells.reduce((sum, own) => sum + own.counts[step], 0),
      averageFromEntryMs: averageOf(fromEntry),
      medianFromEntryMs: percentileOf(fromEntry, 50),
      averageFromPreviousMs: averageOf(fromPrevious),
      medianFromPreviousMs: percentileOf(fromPrevious, 50),
    };
  });
}

function mergeByEntry(
  buckets: NonNullable<FunnelPlan['buckets']>,
  stepCount: number,
  partials: readonly FunnelPartial[],
) {
  return {
    buckets: [...buckets],
    counts: buckets.map((_, bucket) =>
      Array.from({ length: stepCount }, (_unused, step) =>
        partials.reduce((sum, partial) => sum + partial.byEntry[bucket][step], 0),
      ),
    ),
  };
}
