import { AttemptTable } from '../../kernels/attempt-table.ts';
import { findAttempts } from '../../kernels/find-attempts.ts';
import type { Walk } from '../../kernels/find-attempts.ts';
import { AnyOrderFollower } from '../../kernels/follow-any-order.ts';
import { OrderFollower } from '../../kernels/follow-in-order.ts';
import type { AttemptLimits, Follower } from '../../kernels/follow-in-order.ts';
import { StrictFollower } from '../../kernels/follow-strict.ts';
import { ExclusionJudge } from '../../kernels/judge-exclusions.ts';
import { Obstacles } from '../../kernels/obstacles.ts';
import { StreamIndex } from '../../kernels/stream-index.ts';
import type { StreamRows } from '../../kernels/stream-index.ts';
import type { FunnelOptionsPlan, FunnelPlan } from '../../plan/plan-types.ts';
import { orderedAttempts } from '../attempts.ts';
import type { Attempts } from '../attempts.ts';
import type { FunnelRows } from './funnel-rows.ts';

/** Which attempts of a group come to count. */
export type Choice =
  | 'all'
  /** The first one. */
  | 'first'
  /** The one that is first to reach the highest step; of several that reach it at one instant the latest entry. */
  | 'furthest'
  /** The first one of those with the most steps. */
  | 'most';

export type WalkKind = Omit<Walk, 'edges'>;

/** How attempts are found that count in the whole funnel (5.2, 5.4), and which of them do. */
export function wholeWalk(plan: FunnelPlan): WalkKind & { readonly choice: Choice } {
  const { entry, options, breakdown, breakdowns } = plan;
  const counting = options?.counting ?? 'unique';
  const isOptimized = options?.reentry === 'optimized';
  const perSession = counting === 'sessions';
  if (counting === 'totals') {
    const totals = { useOnce: true, onlyMost: false };
    return isOptimized
      ? { entries: 'every', supersede: true, ...totals, perSession, choice: 'all' }
      : { entries: 'sequence', supersede: false, ...totals, perSession, choice: 'all' };
  }
  const one = { supersede: isOptimized, useOnce: false, perSession, onlyMost: false };
  if (isOptimized) {
    // In segments attempts of one user count beside each other, and of each session one does.
    const isWhole =
      breakdown === null &&
      (breakdowns ?? []).length === 0 &&
      (options?.compareEvents ?? null) === null;
    return { ...one, entries: 'every', choice: 'most', onlyMost: isWhole && !perSession };
  }
  if (entry === 'any') return { ...one, entries: 'every', choice: 'furthest' };
  return { ...one, entries: 'first', choice: 'first' };
}

/**
 * How attempts are found that count in segments (5.9): null = they are those that count in the whole. A walk
 * that is the same as `wholeWalk` but for the choice finds the same attempts.
 */
export function segmentWalk(plan: FunnelPlan): (WalkKind & { readonly choice: Choice }) | null {
  const { counting = 'unique', segmentEntry = 'after_exit', reentry } = plan.options ?? {};
  const whole = wholeWalk(plan);
  if (counting === 'totals') return null;
  if (reentry === 'optimized') return whole;
  if (segmentEntry === 'per_value') return { ...whole, entries: 'every' };
  if (counting === 'sessions' || plan.entry === 'any') return null;
  return { ...whole, entries: 'sequence', useOnce: true };
}

/** Finds the attempts of streams whose entries lie in the periods between the edges. */
export function walkStreams(
  plan: FunnelPlan,
  streams: StreamRows,
  rows: FunnelRows,
  walk: Walk,
): Attempts {
  const index = new StreamIndex(streams, plan.graceMs);
  const { options } = plan;
  const limits: AttemptLimits = {
    windowMs: plan.windowMs,
    sessionsAfter: options?.windowSessions ? options.windowSessions - 1 : null,
    graceMs: plan.graceMs,
  };
  const between = rows.between === null ? null : new Obstacles(rows.between);
  const judge = new ExclusionJudge(
    index,
    (options?.exclusions ?? []).map(({ from, to, mode }, i) => ({
      obstacles: new Obstacles(rows.exclusions[i]),
      from,
      to,
      drops: mode === 'drop',
    })),
    limits,
  );
  const follower = followerOf(options, { index, limits, between, rows });
  const table = new AttemptTable(plan.steps.length);
  findAttempts({ index, follower, judge, between, limits }, walk, table);
  const hasLanes = streams.slots.length > 0 || (options?.hold ?? []).length > 0;
  return orderedAttempts(table, hasLanes);
}

function followerOf(
  options: FunnelOptionsPlan | null,
  {
    index,
    limits,
    between,
    rows,
  }: {
    readonly index: StreamIndex;
    readonly limits: AttemptLimits;
    readonly between: Obstacles | null;
    readonly rows: FunnelRows;
  },
): Follower {
  if (options?.order === 'any') return new AnyOrderFollower(index, limits, options.anchors);
  if (between === null) return new OrderFollower(index, limits);
  const repeats = options?.strictRepeat === 'allow' ? rows.steps : [];
  return new StrictFollower(
    index,
    limits,
    between,
    repeats.map((fits) => Uint8Array.from(between.rows.viewRows, (row) => fits[row])),
  );
}
