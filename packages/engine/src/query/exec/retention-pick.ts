import type { ListPoint } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { isAhead } from '../merge/retention.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import type { Picked } from './picked.ts';
import { retentionRows } from './retention-rows.ts';
import type { RetentionRows } from './retention-rows.ts';
import { otherSegment, splitRows, wholeSplit } from './retention-split.ts';
import type { RetentionSplit } from './retention-split.ts';
import { retentionWalk } from './retention-walk.ts';
import type { RetentionWalk } from './retention-walk.ts';
import { createRowContext } from './row-context.ts';
import { slotOfPoint } from './segment-point.ts';
import type { ShardView } from './shard-view.ts';

type RetentionPoint = Extract<ListPoint, { type: 'retention' }>;

/**
 * Who is behind a cell, and the return events that count there; behind a whole cohort, behind those of it who
 * did not come back, and behind all cohorts together, the events that they were born with. Of sums: who has a number
 * there, and its events.
 */
export function pickRetention(
  plan: RetentionPlan,
  point: RetentionPoint,
  stored: ShardView,
): Picked {
  const context = createRowContext(plan, stored);
  const rows = retentionRows(plan, context);
  const listed = listedBeside(point);
  const split = point.segment === null ? wholeSplit(rows) : splitRows(plan, rows, context, listed);
  const slot = split === null ? -1 : slotOfPoint(point.segment, split.segments);
  // By return, the cohorts of a segment that nobody here came back with are those of all.
  if (split === null || (slot < 0 && split.by !== 'return')) {
    return picked(context.view, rows, [], []);
  }
  const all = birthsOf(point.cohort, rows, split, slot);
  if (point.interval === null) return picked(context.view, rows, all, all);
  // Nobody is lost, either, before the interval begins.
  const births = withoutAhead(plan, point.interval, all, rows);
  const walk = retentionWalk(plan, rows, split, context);
  const cell = cellOf(plan, split, point.interval, slot);
  const kept: number[] = [];
  const lost: number[] = [];
  const events: number[] = [];
  for (const birth of births) {
    walk.follow(birth);
    if (!isHit(walk, cell, split)) lost.push(birth);
    else {
      kept.push(birth);
      collectEvents(walk, cell, split, events);
    }
  }
  if (point.outcome === 'lost') return picked(context.view, rows, lost, lost);
  return picked(context.view, rows, kept, point.cohort === null ? kept : events);
}

/**
 * Which segments are the others follows from those that came back, and these from all shards together; null = the
 * point names another segment, or none.
 */
function listedBeside({ segment, beside }: RetentionPoint): readonly string[] | null {
  if (segment?.type !== otherSegment.type) return null;
  if (beside === undefined) {
    throw invalidQuery('the list of all other segments needs those beside it: name them');
  }
  return beside.map((own) => segmentKey(own as Segment));
}

/** A cell of one birth: where hits must lie, and events that count. */
interface Cell {
  /** Slot of returns. */
  readonly slot: number;
  /** Hits in intervals first … last are of users who are in the cell. */
  readonly hits: { readonly first: number; readonly last: number };
  /** The same of the events behind it. */
  readonly events: { readonly first: number; readonly last: number };
}

function cellOf(
  { criterion, options }: RetentionPlan,
  { by }: RetentionSplit,
  interval: number,
  segmentSlot: number,
): Cell {
  const slot = by === 'birth' ? 0 : segmentSlot;
  const until = { first: 0, last: interval };
  const from = { first: interval, last: Infinity };
  const on = { first: interval, last: interval };
  const ofNumbers = options !== null && options.measure.type !== 'users';
  switch (criterion) {
    case 'on':
      return { slot, hits: on, events: on };
    case 'on_or_after':
      return { slot, hits: from, events: from };
    case 'on_or_before':
      return { slot, hits: until, events: until };
    case 'streak':
      // The one hit of a streak is its end; numbers are added up where they are.
      return ofNumbers ? { slot, hits: on, events: on } : { slot, hits: from, events: until };
  }
}

/** Births of the cohort, or of all, in the segment: in all of them, where returns decide. */
function birthsOf(
  cohort: number | null,
  { cohorts }: RetentionRows,
  { by, births }: RetentionSplit,
  segmentSlot: number,
): number[] {
  const slot = by === 'return' ? 0 : segmentSlot;
  const own: number[] = [];
  for (let i = 0; i < births.rows.length; i++) {
    const row = births.rows[i];
    if (births.slots[i] === slot && (cohort === null || cohorts[row] === cohort)) own.push(row);
  }
  return own;
}

/** Those whose cohort has a number there. */
function withoutAhead(
  plan: RetentionPlan,
  interval: number,
  births: readonly number[],
  { cohorts }: RetentionRows,
): readonly number[] {
  const isLeftOut = plan.buckets.map((_, cohort) => isAhead(plan, cohort, interval));
  return births.filter((birth) => !isLeftOut[cohorts[birth]]);
}

function isHit({ hits, numbers }: RetentionWalk, cell: Cell, { returns }: RetentionSplit): boolean {
  for (let hit = 0; hit < hits.count; hit++) {
    const entry = hits.entries[hit];
    if (returns.slots[entry] !== cell.slot || !lies(hits.intervals[hit], cell.hits)) continue;
    if (numbers === null || !Number.isNaN(numbers[entry])) return true;
  }
  return false;
}

function collectEvents(
  { window, numbers }: RetentionWalk,
  cell: Cell,
  { returns }: RetentionSplit,
  events: number[],
): void {
  for (let entry = window.first; entry < window.end; entry++) {
    if (window.intervals[entry] < 0 || returns.slots[entry] !== cell.slot) continue;
    if (!lies(window.intervals[entry], cell.events)) continue;
    if (numbers === null || !Number.isNaN(numbers[entry])) events.push(returns.rows[entry]);
  }
}

function lies(interval: number, { first, last }: Cell['hits']): boolean {
  return interval >= first && interval <= last;
}

/** Births and events ascend, and so do users: who was born in several cohorts is one. */
function picked(
  view: ShardView,
  { viewRows, users }: RetentionRows,
  births: readonly number[],
  events: readonly number[],
): Picked {
  return {
    view,
    users: Uint32Array.from(births, (birth) => users[birth]).filter(
      (user, i, all) => i === 0 || user !== all[i - 1],
    ),
    rows: Uint32Array.from(events, (row) => viewRows[row]),
  };
}
