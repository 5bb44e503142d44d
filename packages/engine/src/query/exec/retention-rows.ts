import { assignBuckets } from '../kernels/assign-buckets.ts';
import { findBirths } from '../kernels/find-births.ts';
import { gather, gatherMask, gatherTimes, selectRows, widen } from '../kernels/mask.ts';
import { observedEnd } from '../plan/retention.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import { bucketEdges } from './bucket-edges.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';

/** The rows of a view that a retention report looks at: births and returns from the start of the range on. */
export interface RetentionRows {
  /** By row here: its row of the view. Ascending. */
  readonly viewRows: Uint32Array;
  readonly times: Float64Array;
  readonly users: Uint32Array;
  /** Cohort of each row, −1 outside the range. */
  readonly cohorts: Int32Array;
  /** The event that makes its user a member of its cohort, one each; ascending. */
  readonly births: Uint32Array;
  /** Return events; ascending. */
  readonly returns: Uint32Array;
}

export function retentionRows(plan: RetentionPlan, { view, frame }: RowContext): RetentionRows {
  const births = selectorMask(plan.birth, plan.filters, view, frame);
  const returns = selectorMask(plan.return, plan.filters, view, frame);
  const any = births.slice();
  widen(any, returns);
  const found = new Uint32Array(view.rowCount);
  const endMs = Math.max(plan.endMs, observedEnd(plan));
  const viewRows = found.slice(0, selectRows(any, view.times, plan.startMs, endMs, found));
  const count = viewRows.length;
  const times = new Float64Array(count);
  const users = new Uint32Array(count);
  gatherTimes(view.times, viewRows, times);
  gather(view.users, viewRows, users);
  const cohorts = new Int32Array(count);
  assignBuckets(times, bucketEdges(plan.buckets), cohorts);
  const marks = new Uint8Array(count);
  gatherMask(births, viewRows, marks);
  const firstOnly = plan.births === 'first';
  const birthCount = findBirths({ users, births: marks }, cohorts, firstOnly, found);
  const birthRows = found.slice(0, birthCount);
  gatherMask(returns, viewRows, marks);
  const returnCount = selectRows(marks, times, -Infinity, Infinity, found);
  return {
    viewRows,
    times,
    users,
    cohorts,
    births: birthRows,
    returns: found.slice(0, returnCount),
  };
}
