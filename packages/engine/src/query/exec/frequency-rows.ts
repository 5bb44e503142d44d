import { assignBuckets } from '../kernels/assign-buckets.ts';
import { countFrequency } from '../kernels/count-frequency.ts';
import { selectRows } from '../kernels/mask.ts';
import type { FrequencyPlan } from '../plan/plan-types.ts';
import { bucketEdges } from './bucket-edges.ts';
import { selectorMask } from './filter-mask.ts';
import { cellCount } from './memory.ts';
import type { RowContext } from './row-context.ts';
import type { Entries } from './segments.ts';

/** The events of somebody in the range that a frequency report counts. */
export interface FrequencyRows {
  /** Rows of the view, ascending. */
  readonly rows: Uint32Array;
  /** By row of the view: its user, the row of the table (a bucket), the hour or day it lies in. */
  readonly users: Uint32Array;
  readonly buckets: Int32Array;
  readonly units: Int32Array;
}

export function frequencyRows(plan: FrequencyPlan, { view, frame }: RowContext): FrequencyRows {
  const { times, users } = view;
  const mask = selectorMask(plan.selector, plan.filters, view, frame);
  for (let row = 0; row < users.length && users[row] === 0; row++) mask[row] = 0;
  const rows = new Uint32Array(view.rowCount);
  const count = selectRows(mask, times, plan.startMs, plan.endMs, rows);
  const buckets = new Int32Array(view.rowCount);
  const units = new Int32Array(view.rowCount);
  assignBuckets(times, bucketEdges(plan.buckets), buckets);
  assignBuckets(times, Float64Array.from(plan.edges), units);
  return { rows: rows.slice(0, count), users, buckets, units };
}

/**
 * By line and k: the users of the line with events in more than k sub-units. `lines` has the line of each entry.
 */
export function countLines(
  { rows, slots, slotCount }: Entries,
  { users, units }: FrequencyRows,
  lines: { readonly ofEntry: Uint32Array; readonly count: number },
  width: number,
): Float64Array {
  const counts = new Float64Array(cellCount(lines.count, width));
  const states = {
    users: new Uint32Array(slotCount),
    lines: new Uint32Array(slotCount),
    units: new Int32Array(slotCount),
    seen: new Uint32Array(slotCount),
  };
  countFrequency({ rows, slots, lines: lines.ofEntry, users, units }, states, width, counts);
  return counts;
}
