import { assignBuckets } from '../kernels/assign-buckets.ts';
import { gather, gatherMask, gatherTimes, selectRows, widen } from '../kernels/mask.ts';
import { countCalendar, countRolling, findBirths } from '../kernels/retention-cells.ts';
import type { RetentionInput } from '../kernels/retention-cells.ts';
import type { RetentionCells, RetentionPartial } from '../merge/partial.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import { bucketEdges } from './bucket-edges.ts';
import { selectorMask } from './filter-mask.ts';
import type { Frame } from './frame.ts';
import { cellCount } from './memory.ts';
import { createRowContext } from './row-context.ts';
import { hasBreakdown, segmentedBy, unsegmented } from './segments.ts';
import type { Entries } from './segments.ts';
import type { ShardView } from './shard-view.ts';

export function executeRetention(plan: RetentionPlan, stored: ShardView): RetentionPartial {
  const { view, frame } = createRowContext(plan, stored);
  const rows = observedRows(plan, view, frame);
  const cohorts = new Int32Array(rows.times.length);
  assignBuckets(rows.times, bucketEdges(plan.buckets), cohorts);
  const found = new Uint32Array(rows.times.length);
  const births = found.slice(0, findBirths(rows, cohorts, plan.births === 'first', found));
  const cellsOf = (entries: Entries): RetentionCells[] =>
    retentionCells(plan, rows, cohorts, entries);
  const overall = cellsOf(unsegmented(births))[0];
  if (!hasBreakdown(plan)) return { type: 'retention', overall, segments: [] };
  const entries = segmentedBy(plan, births, frameAt(frame, rows.viewRows));
  const cells = cellsOf(entries);
  return {
    type: 'retention',
    overall,
    segments: entries.segments.map((segment, slot) => ({ segment, cells: cells[slot] })),
  };
}

/** The rows that are a birth or a return event from the start of the range on. */
interface ObservedRows extends RetentionInput {
  readonly viewRows: Uint32Array;
}

function observedRows(plan: RetentionPlan, view: ShardView, frame: Frame): ObservedRows {
  const births = selectorMask(plan.birth, plan.filters, view, frame);
  const returns = selectorMask(plan.return, plan.filters, view, frame);
  const any = births.slice();
  widen(any, returns);
  const found = new Uint32Array(view.rowCount);
  const viewRows = found.slice(0, selectRows(any, view.times, plan.startMs, Infinity, found));
  const rows = {
    viewRows,
    times: new Float64Array(viewRows.length),
    users: new Uint32Array(viewRows.length),
    births: new Uint8Array(viewRows.length),
    returns: new Uint8Array(viewRows.length),
  };
  gatherTimes(view.times, viewRows, rows.times);
  gather(view.users, viewRows, rows.users);
  gatherMask(births, viewRows, rows.births);
  gatherMask(returns, viewRows, rows.returns);
  return rows;
}

/** Some rows of a frame as a frame of their own. */
function frameAt(frame: Frame, rows: Uint32Array): Frame {
  return {
    count: rows.length,
    column: (property) => {
      const column = frame.column(property);
      if (!column) return undefined;
      const codes = new Uint32Array(rows.length);
      gather(column.codes, rows, codes);
      return { codes, values: column.values };
    },
    member: (cohort) => {
      const own = new Uint8Array(rows.length);
      gatherMask(frame.member(cohort), rows, own);
      return own;
    },
  };
}

/** By slot: the cohorts with somebody in them. Entries are births, ordered by user and cohort. */
function retentionCells(
  plan: RetentionPlan,
  rows: ObservedRows,
  cohorts: Int32Array,
  entries: Entries,
): RetentionCells[] {
  const lines = assignLines(entries, cohorts, plan.buckets.length);
  const counts = new Float64Array(cellCount(lines.cohorts.length, plan.intervals));
  const input = {
    ...rows,
    birthRows: entries.rows,
    lines: lines.byEntry,
    nowMs: plan.nowMs,
    intervals: plan.intervals,
    orAfter: plan.criterion === 'on_or_after',
  };
  if (plan.clock.type === 'rolling') {
    countRolling(input, plan.clock.lengthMs, counts);
  } else {
    const buckets = new Int32Array(rows.times.length);
    assignBuckets(rows.times, Float64Array.from(plan.clock.edges), buckets);
    countCalendar(input, buckets, counts);
  }
  const cells = Array.from({ length: entries.slotCount }, () => ({
    cohorts: [] as number[],
    sizes: [] as number[],
    counts: [] as number[][],
  }));
  for (const line of lines.ordered) {
    const own = cells[lines.slots[line]];
    own.cohorts.push(lines.cohorts[line]);
    own.sizes.push(lines.sizes[line]);
    own.counts.push(
      Array.from(counts.subarray(line * plan.intervals, (line + 1) * plan.intervals)),
    );
  }
  return cells;
}

/** Numbers the pairs (slot, cohort) that occur: most segments are in few cohorts. */
function assignLines(entries: Entries, cohorts: Int32Array, cohortCount: number) {
  const lineByPair = new Map<number, number>();
  const lines = {
    byEntry: new Uint32Array(entries.rows.length),
    slots: [] as number[],
    cohorts: [] as number[],
    sizes: [] as number[],
  };
  for (let i = 0; i < entries.rows.length; i++) {
    const cohort = cohorts[entries.rows[i]];
    const pair = entries.slots[i] * cohortCount + cohort;
    let line = lineByPair.get(pair);
    if (line === undefined) {
      line = lineByPair.size;
      lineByPair.set(pair, line);
      lines.slots.push(entries.slots[i]);
      lines.cohorts.push(cohort);
      lines.sizes.push(0);
    }
    lines.sizes[line]++;
    lines.byEntry[i] = line;
  }
  const ordered = lines.cohorts
    .map((_, line) => line)
    .sort((left, right) => lines.cohorts[left] - lines.cohorts[right]);
  return { ...lines, ordered };
}
