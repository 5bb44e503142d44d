import { AssertionError } from '../../base/assert.ts';
import type { RowContextPlan } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

/** Session of each row of a view: an ordinal from 1, 0 = the row is in none (12). */
export interface Sessions {
  readonly ofRow: Uint32Array;
  /** Sessions 1 … count, in the order of users and of their starts. */
  readonly count: number;
}

export function cutSessions(_plan: RowContextPlan, _view: ShardView): Sessions {
  throw new AssertionError('sessions are not cut yet');
}

/** The view with `$session_start` and `$session_end` as rows, where the plan names one of them; else the view itself. */
export function withSessionEvents(_plan: RowContextPlan, view: ShardView): ShardView {
  return view;
}
