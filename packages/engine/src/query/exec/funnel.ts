import { assignBuckets } from '../kernels/assign-buckets.ts';
import { followAnyEntry } from '../kernels/follow-any-entry.ts';
import { followFunnel } from '../kernels/follow-funnel.ts';
import type { FunnelInput } from '../kernels/follow-funnel.ts';
import { gather, gatherMask, gatherTimes, selectRows, widen } from '../kernels/mask.ts';
import type { FunnelCells, FunnelPartial, SegmentCells } from '../merge/partial.ts';
import type { FunnelPlan } from '../plan/plan-types.ts';
import { attemptFrame } from './attempts.ts';
import type { Attempts } from './attempts.ts';
import { bucketEdges } from './bucket-edges.ts';
import { narrowByFilters, selectorMask } from './filter-mask.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import { hasBreakdown, segmentedBy } from './segments.ts';
import type { ShardView } from './shard-view.ts';

/**
 * One attempt a user: its first, and broken down the first one in each segment (5.2, 5.9); or, with entry
 * "any", the one that gets furthest, which then is the only one in the segments as well.
 */
export function executeFunnel(plan: FunnelPlan, stored: ShardView): FunnelPartial {
  const context = createRowContext(plan, stored);
  const rows = stepRows(plan, context);
  const attempts = follow(plan, rows, context, false);
  const passed = passing(plan, attempts);
  const counted = indices(attempts.count).filter((attempt) => passed[attempt] === 1);
  return {
    type: 'funnel',
    overall: funnelCells(attempts, counted, plan.timing),
    segments: segmentCells(plan, rows, context),
    timesInSegments: false,
    byEntry: countByEntry(plan, attempts, counted),
    stillOpen: countOpen(plan, attempts, counted),
  };
}

/** The rows that fit any step and can belong to an attempt, with the view's own row numbers. */
interface StepRows extends FunnelInput {
  readonly viewRows: Uint32Array;
}

function stepRows(plan: FunnelPlan, { view, frame }: RowContext): StepRows {
  // Global filters judge attempts afterwards (5.8): here only the steps' own filters apply.
  const masks = plan.steps.map((step) => selectorMask(step, [], view, frame));
  const any = new Uint8Array(view.rowCount);
  for (const mask of masks) widen(any, mask);
  const found = new Uint32Array(view.rowCount);
  // Grace lets every step lie a little before the one before it.
  const startMs = plan.startMs - plan.graceMs * plan.steps.length;
  const endMs = plan.endMs + plan.windowMs;
  const viewRows = found.slice(0, selectRows(any, view.times, startMs, endMs, found));
  const times = new Float64Array(viewRows.length);
  const users = new Uint32Array(viewRows.length);
  gatherTimes(view.times, viewRows, times);
  gather(view.users, viewRows, users);
  const steps = masks.map((mask) => {
    const own = new Uint8Array(viewRows.length);
    gatherMask(mask, viewRows, own);
    return own;
  });
  return { viewRows, times, users, steps };
}

function follow(plan: FunnelPlan, rows: StepRows, context: RowContext, repeat: boolean): Attempts {
  const entriesMax = rows.steps[0].reduce((sum, fits) => sum + fits, 0);
  const capacity = repeat ? entriesMax : Math.min(entriesMax, context.view.userCount);
  const stepCount = plan.steps.length;
  const users = new Uint32Array(capacity);
  const stepRows = new Int32Array(capacity * stepCount);
  const into = { users, stepRows };
  const count =
    plan.entry === 'any'
      ? followAnyEntry(rows, { ...plan, repeat }, into)
      : followFunnel(rows, { ...plan, repeat }, into);
  const attempts = { count, stepCount, users: users.subarray(0, count), stepRows };
  return {
    ...attempts,
    times: rows.times,
    frame: attemptFrame(attempts, rows.viewRows, context),
  };
}

/** 1 where the attempt passes the global filters. */
function passing(plan: FunnelPlan, { count, frame }: Attempts): Uint8Array {
  const mask = new Uint8Array(count).fill(1);
  narrowByFilters(plan.filters, frame, mask);
  return mask;
}

/**
 * Attempts are found first, then put into segments, the first one of a user in each; filters judge last
 * (5.8), so the segments of a person property add up to the funnel without breakdown.
 */
function segmentCells(
  plan: FunnelPlan,
  rows: StepRows,
  context: RowContext,
): SegmentCells<FunnelCells>[] {
  if (!hasBreakdown(plan)) return [];
  // A person has one value: a further attempt could only repeat the segment of the first.
  const attempts = follow(plan, rows, context, plan.breakdown?.scope !== 'person');
  const passed = passing(plan, attempts);
  const entries = segmentedBy(plan, indices(attempts.count), attempts.frame);
  const lastUser = new Uint32Array(entries.slotCount);
  const chosen = entries.segments.map((): number[] => []);
  for (let i = 0; i < entries.rows.length; i++) {
    const attempt = entries.rows[i];
    const slot = entries.slots[i];
    if (lastUser[slot] === attempts.users[attempt]) continue;
    lastUser[slot] = attempts.users[attempt];
    if (passed[attempt] === 1) chosen[slot].push(attempt);
  }
  return entries.segments.flatMap((segment, slot) =>
    chosen[slot].length
      ? [{ segment, cells: funnelCells(attempts, chosen[slot], plan.timing) }]
      : [],
  );
}

function indices(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

function funnelCells(
  { stepCount, stepRows, times }: Attempts,
  counted: ArrayLike<number>,
  timing: boolean,
): FunnelCells {
  const counts: number[] = [];
  const fromEntryMs: number[][] = [];
  const fromPreviousMs: number[][] = [];
  for (let step = 0; step < stepCount; step++) {
    const fromEntry: number[] = [];
    const fromPrevious: number[] = [];
    let count = 0;
    for (let i = 0; i < counted.length; i++) {
      const base = counted[i] * stepCount;
      const row = stepRows[base + step];
      if (row < 0) continue;
      count++;
      if (step === 0 || !timing) continue;
      // Within the grace a later step may lie before: it took no time.
      fromEntry.push(Math.max(0, times[row] - times[stepRows[base]]));
      if (step > 1) fromPrevious.push(Math.max(0, times[row] - times[stepRows[base + step - 1]]));
    }
    counts.push(count);
    fromEntryMs.push(fromEntry.sort(ascending));
    fromPreviousMs.push(fromPrevious.sort(ascending));
  }
  return { counts, fromEntryMs, fromPreviousMs };
}

const ascending = (left: number, right: number): number => left - right;

function countByEntry(plan: FunnelPlan, attempts: Attempts, counted: Uint32Array): number[][] {
  if (!plan.buckets) return [];
  const { stepCount, stepRows, times } = attempts;
  const entryTimes = Float64Array.from(counted, (attempt) => times[stepRows[attempt * stepCount]]);
  const buckets = new Int32Array(counted.length);
  assignBuckets(entryTimes, bucketEdges(plan.buckets), buckets);
  const counts = plan.buckets.map(() => Array.from({ length: stepCount }, () => 0));
  for (let i = 0; i < counted.length; i++) {
    for (let step = 0; step < stepCount; step++) {
      if (stepRows[counted[i] * stepCount + step] < 0) break;
      counts[buckets[i]][step]++;
    }
  }
  return counts;
}

/** Users who did not convert and still can: the end of the window is inside it. */
function countOpen(plan: FunnelPlan, attempts: Attempts, counted: Uint32Array): number {
  const { stepCount, stepRows, times } = attempts;
  let open = 0;
  for (let i = 0; i < counted.length; i++) {
    const base = counted[i] * stepCount;
    const converted = stepRows[base + stepCount - 1] >= 0;
    if (!converted && plan.nowMs <= times[stepRows[base]] + plan.windowMs) open++;
  }
  return open;
}
