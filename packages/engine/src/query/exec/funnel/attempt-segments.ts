import type { Segment } from '@arbor/schema/result';
import { otherSegment } from '../../merge/funnel.ts';
import { combinationOf, segmentKey } from '../../merge/segment-groups.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import { ascending, attemptFrame, isOfUser, rowOfStep } from '../attempts.ts';
import type { Attempts, AttributionRule } from '../attempts.ts';
import type { RowContext } from '../row-context.ts';
import { hasBreakdown, otherEntries, segmentedBy } from '../segments.ts';
import type { SegmentedEntries } from '../segments.ts';
import { notSet } from '../value-segments.ts';

/** Whether a funnel has segments: of breakdowns, or of the events of a step. */
export function hasSegments(plan: FunnelPlan): boolean {
  return hasBreakdown(plan) || (plan.options?.compareEvents ?? null) !== null;
}

/** Whether every value has a funnel of its own, over the rows that have it. */
export function isByRow(plan: FunnelPlan): boolean {
  return plan.options?.attribution.type === 'each' && hasBreakdown(plan);
}

/** Whether all attempts of a user are in the same segments, so that a further one adds nothing. */
export function isByUser(plan: FunnelPlan, context: RowContext): boolean {
  if ((plan.options?.compareEvents ?? null) !== null) return false;
  const breakdowns = plan.breakdowns ?? [];
  const isOfUsers = breakdowns.every(
    (one) => one.type === 'cohort' || isOfUser(one.property, context),
  );
  return isOfUsers && (plan.breakdown === null || isOfUser(plan.breakdown, context));
}

/**
 * The segments of attempts, ascending by attempt. `bySlot`: the segments of their slots, where each value has a
 * funnel of its own.
 */
export function attemptSegments(
  plan: FunnelPlan,
  attempts: Attempts,
  {
    rule,
    bySlot,
    steps,
  }: {
    readonly rule: AttributionRule;
    readonly bySlot: readonly Segment[] | null;
    /** Masks of the steps, by view row. */
    readonly steps: readonly Uint8Array[];
  },
  context: RowContext,
): SegmentedEntries {
  const split = brokenDown(plan, attempts, rule, bySlot, context);
  const step = plan.options?.compareEvents ?? null;
  if (step === null) return split ?? single(attempts);
  const fits = plan.options?.order === 'any' ? steps[step] : null;
  return byEvent(split, attempts, (attempt) => rowOfStep(attempts, attempt, step, fits), context);
}

function brokenDown(
  plan: FunnelPlan,
  attempts: Attempts,
  rule: AttributionRule,
  bySlot: readonly Segment[] | null,
  context: RowContext,
): SegmentedEntries | null {
  const places = ascending(attempts.count);
  if (bySlot !== null) {
    return { rows: places, slots: attempts.slots, slotCount: bySlot.length, segments: bySlot };
  }
  if (!hasBreakdown(plan)) return null;
  return segmentedBy(plan, places, attemptFrame(attempts, rule, context));
}

function single(attempts: Attempts): SegmentedEntries {
  const rows = ascending(attempts.count);
  return { rows, slots: new Uint32Array(rows.length), slotCount: 1, segments: [notSet] };
}

/** Tells the attempts of each segment apart by the event that did a step (5.1, event comparison). */
function byEvent(
  split: SegmentedEntries | null,
  attempts: Attempts,
  rowOf: (attempt: number) => number,
  { view }: RowContext,
): SegmentedEntries {
  const { rows, slots, segments } = split ?? single(attempts);
  const nameCount = view.eventNames.length + 1;
  const own = new Uint32Array(rows.length);
  const known = new Map<number, number>();
  const found: Segment[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rowOf(rows[i]);
    const event = row < 0 ? 0 : view.events[row] + 1;
    const pair = slots[i] * nameCount + event;
    let slot = known.get(pair);
    if (slot === undefined) {
      slot = found.length;
      known.set(pair, slot);
      const name = event === 0 ? notSet : eventSegment(view.eventNames[event - 1]);
      found.push(split === null ? name : combinationOf([...partsOf(segments[slots[i]]), name]));
    }
    own[i] = slot;
  }
  return { rows, slots: own, slotCount: found.length, segments: found };
}

const eventSegment = (name: string): Segment => ({ type: 'event', text: name });

const partsOf = (segment: Segment): readonly Segment[] => segment.parts ?? [segment];

/** Follow-up plans ask for one segment: that of all attempts in segments that do not come back by themselves. */
export function onlyOthers(entries: SegmentedEntries, listed: readonly string[]): SegmentedEntries {
  return { ...otherEntries(entries, new Set(listed)), segments: [otherSegment] };
}

/** Where the segment of a point is among those found; −1 = no attempt has it. */
export function slotOf(segments: readonly Segment[], wanted: Segment): number {
  const key = segmentKey(wanted);
  return segments.findIndex((segment) => segmentKey(segment) === key);
}
