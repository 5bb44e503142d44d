import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import type { FunnelPlan } from '../plan/plan-types.ts';
import { averageDuration, medianDuration } from './durations.ts';
import { mergeNumbers, packNumbers, unpackNumbers } from './packed-numbers.ts';
import type { CountedNumbers } from './packed-numbers.ts';
import type { FunnelCells, FunnelPartial } from './partial.ts';
import { bestSegments } from './rank.ts';
import { groupSegments } from './segment-groups.ts';

export function mergeFunnel(plan: FunnelPlan, partials: readonly FunnelPartial[]): FunnelResult {
  const stepCount = plan.steps.length;
  const segments = groupSegments(partials.map((partial) => partial.segments)).map((group) => {
    const steps = mergeSteps(group.cells, group.cells, stepCount);
    return { segment: group.segment, steps, rank: steps[0].count };
  });
  return {
    type: 'funnel',
    steps: mergeSteps(
      partials.map((partial) => partial.overall),
      partials.flatMap(timedCells),
      stepCount,
    ),
    segments: bestSegments(segments, plan.segmentsMax).map(({ segment, steps }) => ({
      segment,
      steps,
    })),
    segmentCount: segments.length,
    ...(plan.buckets && {
      byEntry: { buckets: [...plan.buckets], counts: entryCounts(plan, partials) },
    }),
    stillOpen: partials.reduce((sum, partial) => sum + partial.stillOpen, 0),
  };
}

/** One partial of several, as those of ranges of users: what they would have been together. */
export function combineFunnels(
  plan: FunnelPlan,
  partials: readonly FunnelPartial[],
): FunnelPartial {
  const stepCount = plan.steps.length;
  return {
    type: 'funnel',
    overall: combineCells(
      partials.map((partial) => partial.overall),
      partials.flatMap(timedCells),
      stepCount,
    ),
    segments: groupSegments(partials.map((partial) => partial.segments)).map((group) => ({
      segment: group.segment,
      cells: combineCells(group.cells, group.cells, stepCount),
    })),
    timesInSegments: false,
    byEntry: entryCounts(plan, partials),
    stillOpen: partials.reduce((sum, partial) => sum + partial.stillOpen, 0),
  };
}

/** The cells that hold the times of all attempts of a partial. */
function timedCells({ overall, segments, timesInSegments }: FunnelPartial): FunnelCells[] {
  return timesInSegments ? segments.map(({ cells }) => cells) : [overall];
}

function combineCells(
  counted: readonly FunnelCells[],
  timed: readonly FunnelCells[],
  stepCount: number,
): FunnelCells {
  const steps = Array.from({ length: stepCount }, (_, step) => step);
  return {
    counts: steps.map((step) => countOf(counted, step)),
    fromEntryMs: steps.map((step) => packNumbers(listsOf(timed, 'fromEntryMs', step))),
    fromPreviousMs: steps.map((step) => packNumbers(listsOf(timed, 'fromPreviousMs', step))),
  };
}

function mergeSteps(
  counted: readonly FunnelCells[],
  timed: readonly FunnelCells[],
  stepCount: number,
): FunnelStepResult[] {
  return Array.from({ length: stepCount }, (_, step) => {
    const fromEntry = timed.map((own) => unpackNumbers(own.fromEntryMs[step]).values);
    const fromPrevious =
      step === 1 ? fromEntry : timed.map((own) => unpackNumbers(own.fromPreviousMs[step]).values);
    return {
      count: countOf(counted, step),
      averageFromEntryMs: averageDuration(fromEntry),
      medianFromEntryMs: medianDuration(fromEntry),
      averageFromPreviousMs: averageDuration(fromPrevious),
      medianFromPreviousMs: medianDuration(fromPrevious),
    };
  });
}

function countOf(cells: readonly FunnelCells[], step: number): number {
  return cells.reduce((sum, own) => sum + own.counts[step], 0);
}

function listsOf(
  cells: readonly FunnelCells[],
  list: 'fromEntryMs' | 'fromPreviousMs',
  step: number,
): CountedNumbers {
  return mergeNumbers(cells.map((own) => unpackNumbers(own[list][step])));
}

/** By bucket of entry, by step; empty where the plan has no buckets. */
function entryCounts(
  { buckets, steps }: FunnelPlan,
  partials: readonly FunnelPartial[],
): number[][] {
  return (buckets ?? []).map((_, bucket) =>
    steps.map((_step, step) =>
      partials.reduce((sum, partial) => sum + partial.byEntry[bucket][step], 0),
    ),
  );
}
