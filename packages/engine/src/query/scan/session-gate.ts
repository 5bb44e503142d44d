import { neverInSession, isSessionEvent } from '../plan/session-events.ts';
import type { FunnelPlan, ZonePlan } from '../plan/plan-types.ts';
import {
  countsFirstEntries,
  firstGroupEnd,
  isFirstSure,
  looksAtOwnRows,
  named,
  namesOf,
} from './row-gate.ts';

/**
 * How a funnel within sessions that a timeout ends is followed by the rows of its steps alone: of all other events only
 * their times are looked at, and of these only as long as a user has sessions that an entry of his can reach.
 */
export interface SessionGate {
  /** Events whose rows the funnel looks at. */
  readonly kept: ReadonlySet<string>;
  /** Those of them that begin attempts, at an instant of [startMs, endMs). */
  readonly entries: ReadonlySet<string>;
  readonly startMs: number;
  readonly endMs: number;
  /** Only the first entry of a user begins one. */
  readonly isFirstAlone: boolean;
  /** An attempt reaches over so many sessions, that of its entry included. */
  readonly sessions: number;
  readonly timeoutMs: number;
  /** Sessions end at its midnights. */
  readonly zone: ZonePlan;
  /** Events that are in no session (12). */
  readonly isOutside: (name: string) => boolean;
}

/** Null = sessions are no matter, or they are cut from rows with everything that these have. */
export function sessionGate(plan: FunnelPlan): SessionGate | null {
  if (plan.counted !== undefined) return null;
  const { options, steps, sessions, startMs, endMs } = plan;
  // Within the grace a step may lie before the entry, on a day on which nobody knows yet who will enter.
  if (plan.graceMs > 0) return null;
  if (options === null || options.windowSessions === null || sessions.mode.type !== 'timeout') {
    return null;
  }
  const matches = [...steps.flat(), ...options.exclusions.flatMap(({ selector }) => selector)];
  const isOwn = options.between === null && named(matches) && looksAtOwnRows(plan);
  if (!isOwn || matches.some(({ firstTime }) => firstTime !== undefined)) return null;
  const entries = steps.slice(0, firstGroupEnd(plan)).flat();
  const isTrend = options.trends && plan.buckets !== null;
  const outside = new Set([...neverInSession, ...sessions.excluded]);
  return {
    kept: namesOf(matches),
    entries: namesOf(entries),
    startMs,
    endMs,
    isFirstAlone:
      options.counting !== 'sessions' &&
      !isTrend &&
      countsFirstEntries(plan) &&
      isFirstSure(entries),
    sessions: options.windowSessions,
    timeoutMs: sessions.mode.timeoutMs,
    zone: plan.zone,
    isOutside: (name) => outside.has(name) || isSessionEvent(name),
  };
}
