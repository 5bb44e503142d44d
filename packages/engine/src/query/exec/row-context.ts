import type { CohortMembersPlan, Plan, SessionsPlan, ZonePlan } from '../plan/plan-types.ts';
import { CohortMasks } from './cohort-masks.ts';
import { rowFrame, userFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { sessionsOf, withSessionEvents } from './session-events.ts';
import type { Sessions } from './sessions.ts';
import type { ShardView } from './shard-view.ts';

/** What of a plan decides how the rows of a view are read, whatever the report. */
export interface RowContextPlan {
  readonly type: Plan['type'];
  readonly startMs: number;
  readonly endMs: number;
  /** What formulas take for now. */
  readonly nowMs: number;
  /** Of a report by time: behaviours of users are worked out for each of them in insights (4.5). */
  readonly buckets?: readonly { readonly startMs: number; readonly endMs: number }[] | null;
  readonly cohorts: readonly CohortMembersPlan[];
  readonly zone: ZonePlan;
  readonly sessions: SessionsPlan;
}

/** The rows of a view with everything that can be worked out for them. Made once an execution. */
export interface RowContext {
  readonly plan: RowContextPlan;
  /** With the ends of sessions as events of their own, where the plan names them. */
  readonly view: ShardView;
  /** Its rows. */
  readonly frame: Frame;
  /** Its users by ordinal: properties of persons. */
  readonly users: Frame;
  /** Which session each row belongs to; cut when first asked for. */
  sessions(): Sessions;
  /** 1 by user ordinal for the members of a cohort of the plan; worked out when first asked for. */
  cohort(index: number): Uint8Array;
}

/** The context of a whole view. */
export interface ViewContext extends RowContext {
  /** Who is in which cohort, and who meets any conditions. */
  readonly masks: CohortMasks;
}

export function createRowContext(plan: RowContextPlan, stored: ShardView): ViewContext {
  const view = withSessionEvents(plan, stored);
  let sessions: Sessions | null = null;
  const context: ViewContext = {
    plan,
    view,
    frame: rowFrame(view, () => context),
    users: userFrame(view, () => context),
    sessions: () => (sessions ??= sessionsOf(plan, view)),
    cohort: (index) => context.masks.of(index),
    masks: new CohortMasks(() => context, stored),
  };
  return context;
}
