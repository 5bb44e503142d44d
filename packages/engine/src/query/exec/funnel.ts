import { assignBuckets } from '../kernels/assign-buckets.ts';
import { FunnelPaths } from '../merge/funnel-paths.ts';
import type { FunnelCells, FunnelPartial, FunnelPath, SegmentCells } from '../merge/partial.ts';
import type { FunnelPlan } from '../plan/plan-types.ts';
import type { Attempts } from './attempts.ts';
import { bucketEdges } from './bucket-edges.ts';
import { FunnelCount } from './funnel/count-funnel.ts';
import type { Counted, CountedSegments } from './funnel/count-funnel.ts';
import { cellInput, durations, funnelCells, placesBySlot } from './funnel/funnel-cells.ts';
import type { CellInput } from './funnel/funnel-cells.ts';
import { funnelRows } from './funnel/funnel-rows.ts';
import type { FunnelRows } from './funnel/funnel-rows.ts';
import { StepPaths } from './funnel/step-paths.ts';
import { cellCount } from './memory.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

/** Counts attempts (5.2): `FunnelQuery` says which of them a user has. */
export function executeFunnel(plan: FunnelPlan, stored: ShardView): FunnelPartial {
  const context = createRowContext(plan, stored);
  const { main, byBucket, rows } = funnelCounts(plan, context);
  const input = cellInput(plan, context);
  const { attempts, places } = main.whole();
  const { distribution, others } = plan.options ?? {};
  const segments = main.segments(others?.segments ?? null);
  return {
    type: 'funnel',
    overall: funnelCells(attempts, places, input),
    segments: segments === null ? [] : segmentCells(segments, input),
    timesInSegments: false,
    byEntry: countByEntry(plan, byBucket.whole(), context),
    stillOpen: countOpen(plan, { attempts, places }, context),
    ...(distribution && { distributionMs: durations(attempts, places, distribution, input) }),
    ...((plan.options?.pathsMax ?? null) !== null && {
      paths: countPaths({ attempts, places }, new StepPaths(plan, rows.steps)),
    }),
    ...segmentsByEntry(plan, byBucket, context),
  };
}

function countPaths({ attempts, places }: Counted, stepPaths: StepPaths): FunnelPath[] {
  const paths = new FunnelPaths();
  for (const place of places) paths.add(stepPaths.of(attempts, place), 1);
  return paths.all();
}

/** What counts in the whole range, and what counts by bucket of entry: the same, but for trends (5.11). */
export function funnelCounts(
  plan: FunnelPlan,
  context: RowContext,
): { readonly main: FunnelCount; readonly byBucket: FunnelCount; readonly rows: FunnelRows } {
  const rows = funnelRows(plan, context);
  const main = new FunnelCount(plan, context, rows, Float64Array.of(plan.startMs, plan.endMs));
  const isTrend = plan.options?.trends === true && plan.buckets !== null;
  const byBucket = isTrend ? new FunnelCount(plan, context, rows, bucketEdges(plan.buckets)) : main;
  return { main, byBucket, rows };
}

function segmentCells(counted: CountedSegments, input: CellInput): SegmentCells<FunnelCells>[] {
  const { segments } = counted;
  return placesBySlot(counted, segments.length).flatMap((places, slot) =>
    places.length === 0
      ? []
      : [{ segment: segments[slot], cells: funnelCells(counted.attempts, places, input) }],
  );
}

function countByEntry(
  plan: FunnelPlan,
  { attempts, places }: Counted,
  context: RowContext,
): number[][] {
  return plan.buckets ? entryCounts(plan, attempts, places, context) : [];
}

function segmentsByEntry(
  plan: FunnelPlan,
  byBucket: FunnelCount,
  context: RowContext,
): Pick<FunnelPartial, 'byEntrySegments'> {
  if (plan.buckets === null) return {};
  const counted = byBucket.segments(plan.options?.others?.byEntry ?? null);
  if (counted === null) return {};
  const { attempts, segments } = counted;
  cellCount(segments.length, plan.buckets.length * plan.steps.length);
  return {
    byEntrySegments: placesBySlot(counted, segments.length).flatMap((places, slot) =>
      places.length === 0
        ? []
        : [{ segment: segments[slot], cells: entryCounts(plan, attempts, places, context) }],
    ),
  };
}

/** By bucket of entry, by step. */
function entryCounts(
  { buckets, steps }: FunnelPlan,
  attempts: Attempts,
  places: Uint32Array,
  context: RowContext,
): number[][] {
  const { stepCount, stepRows } = attempts;
  const own = entryBuckets(buckets ?? [], attempts, places, context);
  const counts = (buckets ?? []).map(() => steps.map(() => 0));
  for (let i = 0; i < places.length; i++) {
    for (let step = 0; step < stepCount; step++) {
      if (stepRows[places[i] * stepCount + step] < 0) break;
      counts[own[i]][step]++;
    }
  }
  return counts;
}

/** The bucket of the entry of each attempt. */
export function entryBuckets(
  buckets: NonNullable<FunnelPlan['buckets']>,
  { stepCount, stepRows }: Attempts,
  places: Uint32Array,
  { view }: RowContext,
): Int32Array {
  const entryTimes = Float64Array.from(places, (place) => view.times[stepRows[place * stepCount]]);
  const own = new Int32Array(places.length);
  assignBuckets(entryTimes, bucketEdges(buckets), own);
  return own;
}

function countOpen(plan: FunnelPlan, { attempts, places }: Counted, context: RowContext): number {
  let open = 0;
  for (const place of places) if (isOpen(plan, attempts, place, context)) open++;
  return open;
}

/** Whether an attempt did not convert and still can: the end of the window is inside it. */
export function isOpen(
  plan: FunnelPlan,
  { stepCount, stepRows, ended }: Attempts,
  place: number,
  { view }: RowContext,
): boolean {
  const base = place * stepCount;
  if (stepRows[base + stepCount - 1] >= 0 || ended[place] === 1) return false;
  const lastMs = plan.options?.inRange === true ? plan.endMs - 1 : Infinity;
  return plan.nowMs <= Math.min(lastMs, view.times[stepRows[base]] + plan.windowMs);
}
