import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import type { FunnelPlan } from '../plan/plan-types.ts';
import { durationReader } from './duration-reader.ts';
import type { DurationReader } from './duration-reader.ts';
import { averageDuration, medianDuration } from './durations.ts';
import { packDurations } from './packed-durations.ts';
import type { DurationList } from './packed-durations.ts';
import type { FunnelCells, FunnelPartial } from './partial.ts';
import { bestSegments } from './rank.ts';
import { groupSegments } from './segment-groups.ts';
import { sortDurations } from './sort-durations.ts';

export function mergeFunnel(plan: FunnelPlan, partials: readonly FunnelPartial[]): FunnelResult {
  const stepCount = plan.steps.length;
  const readers = new Readers();
  const segments = groupSegments(partials.map((partial) => partial.segments)).map((group) => {
    const steps = mergeSteps(group.cells, group.cells, stepCount, readers);
    return { segment: group.segment, steps, rank: steps[0].count };
  });
  return {
    type: 'funnel',
    steps: mergeSteps(
      partials.map((partial) => partial.overall),
      partials.flatMap(timedCells),
      stepCount,
      readers,
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
    fromEntryMs: steps.map((step) => mergeLists(timed.map((own) => own.fromEntryMs[step]))),
    fromPreviousMs: steps.map((step) => mergeLists(timed.map((own) => own.fromPreviousMs[step]))),
  };
}

function mergeSteps(
  counted: readonly FunnelCells[],
  timed: readonly FunnelCells[],
  stepCount: number,
  readers: Readers,
): FunnelStepResult[] {
  return Array.from({ length: stepCount }, (_, step) => {
    const fromEntry = timed.map((own) => readers.of(own.fromEntryMs[step]));
    const fromPrevious =
      step === 1 ? fromEntry : timed.map((own) => readers.of(own.fromPreviousMs[step]));
    const averageFromEntryMs = averageDuration(fromEntry);
    const medianFromEntryMs = medianDuration(fromEntry);
    const isSame = fromPrevious === fromEntry;
    return {
      count: countOf(counted, step),
      averageFromEntryMs,
      medianFromEntryMs,
      averageFromPreviousMs: isSame ? averageFromEntryMs : averageDuration(fromPrevious),
      medianFromPreviousMs: isSame ? medianFromEntryMs : medianDuration(fromPrevious),
    };
  });
}

/** Readers by list: those of segments are read again for all segments together. */
class Readers {
  readonly #readers = new Map<DurationList, DurationReader>();

  of(list: DurationList): DurationReader {
    let reader = this.#readers.get(list);
    if (reader === undefined) {
      reader = durationReader(list);
      this.#readers.set(list, reader);
    }
    return reader;
  }
}

function countOf(cells: readonly FunnelCells[], step: number): number {
  return cells.reduce((sum, own) => sum + own.counts[step], 0);
}

function mergeLists(lists: readonly DurationList[]): DurationList {
  const all = lists.map((list) => durationReader(list).values());
  const merged = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of all) {
    merged.set(values, at);
    at += values.length;
  }
  return packDurations(sortDurations(merged));
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
