import type { ObstacleRows } from '../../kernels/obstacles.ts';
import { selectRows, widen } from '../../kernels/mask.ts';
import type { FunnelOptionsPlan, FunnelPlan, SelectorPlan } from '../../plan/plan-types.ts';
import { selectorMask } from '../filter-mask.ts';
import type { RowContext } from '../row-context.ts';

/** What a funnel reads of a view, once for all its walks. Masks are of the rows of the view. */
export interface FunnelRows {
  readonly steps: readonly Uint8Array[];
  /** Rows that fit a step and can belong to an attempt, ascending. */
  readonly stepRows: Uint32Array;
  /** By exclusion of the plan. */
  readonly exclusions: readonly ObstacleRows[];
  /** What must not lie between the steps of a strict order; null = anything may. */
  readonly between: ObstacleRows | null;
  /** Session of each row of the view; null where sessions do not matter. */
  readonly sessions: Uint32Array | null;
}

export function funnelRows(plan: FunnelPlan, context: RowContext): FunnelRows {
  const { view, frame } = context;
  const { options } = plan;
  // Global filters judge attempts afterwards (5.8): here only the steps' own filters apply.
  const maskOf = (selector: SelectorPlan): Uint8Array => selectorMask(selector, [], view, frame);
  const steps = plan.steps.map(maskOf);
  const sessions = isOfSessions(options) ? context.sessions().ofRow : null;
  const select = (mask: Uint8Array): Uint32Array => rowsInReach(mask, sessions, plan, context);
  const any = anyOf(steps, view.rowCount);
  const obstacles = (mask: Uint8Array): ObstacleRows =>
    obstacleRows(select(mask), sessions, context);
  return {
    steps,
    stepRows: select(any),
    exclusions: (options?.exclusions ?? []).map(({ selector }) => obstacles(maskOf(selector))),
    between: options?.between
      ? obstacles(anyOf([...steps, maskOf(options.between)], view.rowCount))
      : null,
    sessions,
  };
}

/** Whether attempts lie in sessions: rows without one are no part of the funnel then. */
export function isOfSessions(options: FunnelOptionsPlan | null): boolean {
  return options !== null && options.windowSessions !== null;
}

function anyOf(masks: readonly Uint8Array[], rowCount: number): Uint8Array {
  const any = new Uint8Array(rowCount);
  for (const mask of masks) widen(any, mask);
  return any;
}

/** Rows of the mask that an attempt with its entry in the range can see. */
function rowsInReach(
  mask: Uint8Array,
  sessions: Uint32Array | null,
  plan: FunnelPlan,
  { view }: RowContext,
): Uint32Array {
  const inRange = plan.options?.inRange === true;
  // Grace lets every step lie a little before the one before it.
  const startMs = inRange ? plan.startMs : plan.startMs - plan.graceMs * plan.steps.length;
  const endMs = inRange ? plan.endMs : plan.endMs + plan.windowMs;
  const found = new Uint32Array(view.rowCount);
  let count = selectRows(mask, view.times, startMs, endMs, found);
  if (sessions !== null) count = keepInSessions(found, count, sessions);
  return found.slice(0, count);
}

function keepInSessions(rows: Uint32Array, count: number, sessions: Uint32Array): number {
  let kept = 0;
  for (let i = 0; i < count; i++) if (sessions[rows[i]] > 0) rows[kept++] = rows[i];
  return kept;
}

const noSessions = new Uint32Array(0);

function obstacleRows(
  viewRows: Uint32Array,
  sessions: Uint32Array | null,
  { view }: RowContext,
): ObstacleRows {
  return {
    viewRows,
    times: viewTimes(view.times, viewRows),
    users: viewCodes(view.users, viewRows),
    sessions: sessions === null ? noSessions : viewCodes(sessions, viewRows),
  };
}

export function viewTimes(times: Float64Array, rows: Uint32Array): Float64Array {
  const own = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[i] = times[rows[i]];
  return own;
}

export function viewCodes(codes: Uint32Array, rows: Uint32Array): Uint32Array {
  const own = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[i] = codes[rows[i]];
  return own;
}
