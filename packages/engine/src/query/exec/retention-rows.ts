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
  /** Cohort of each birth; −1 of all other rows. */
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
  const marks = new Uint8Array(count);
  gatherMask(births, viewRows, marks);
  const born = found.slice(0, selectRows(marks, times, plan.startMs, plan.endMs, found));
  gatherMask(returns, viewRows, marks);
  const returnCount = selectRows(marks, times, -Infinity, Infinity, found);
  return {
    viewRows,
    times,
    users,
    ...firstInCohorts(plan, born, times, users),
    returns: found.slice(0, returnCount),
  };
}

/** Of the birth events those that count, with their cohorts: most rows are returns, which have none. */
function firstInCohorts(
  plan: RetentionPlan,
  born: Uint32Array,
  times: Float64Array,
  users: Uint32Array,
): Pick<RetentionRows, 'births' | 'cohorts'> {
  const bornAt = new Float64Array(born.length);
  const bornUsers = new Uint32Array(born.length);
  gatherTimes(times, born, bornAt);
  gather(users, born, bornUsers);
  const own = new Int32Array(born.length);
  assignBuckets(bornAt, bucketEdges(plan.buckets), own);
  const found = new Uint32Array(born.length);
  const count = findBirths(bornUsers, own, plan.births === 'first', found);
  const births = new Uint32Array(count);
  const cohorts = new Int32Array(times.length).fill(-1);
  for (let i = 0; i < count; i++) {
    births[i] = born[found[i]];
    cohorts[births[i]] = own[found[i]];
  }
  return { births, cohorts };
}
