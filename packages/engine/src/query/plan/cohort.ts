import type { CohortQuery } from '@arbor/schema/query';
import { planConditions, planScope } from './conditions.ts';
import type { PlanScope } from './plan-scope.ts';
import type { BehaviorPlan, CohortPlan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { resolveRange } from './range.ts';
import { reportBuckets } from './report-base.ts';
import { planSessions } from './session-events.ts';

export function planCohort(query: CohortQuery, scope: PlanScope): CohortPlan {
  const { conditions, behaviors } = planConditions(query.filters, scope);
  const over = query.over ? planOver(query, query.over, scope) : null;
  const all = [...behaviors, ...(over?.behaviors.flat() ?? [])];
  const { nowMs, definitions, calendar } = scope;
  return {
    type: 'cohort',
    version: planVersion,
    startMs: earliest(all, nowMs),
    endMs: all.length === 0 ? nowMs : Math.max(...all.map(({ endMs }) => endMs)),
    nowMs,
    conditions,
    behaviors,
    cohorts: scope.cohorts,
    zone: { timezone: calendar.timezone, weekStart: calendar.weekStart },
    sessions: planSessions(definitions),
    over,
  };
}

function earliest(behaviors: readonly BehaviorPlan[], nowMs: number): number {
  return Math.min(...behaviors.map(({ startMs }) => startMs), nowMs);
}

/** The same conditions as of the end of each bucket; the running one ends now (9.4). */
function planOver(
  query: CohortQuery,
  { range, unit }: NonNullable<CohortQuery['over']>,
  scope: PlanScope,
): NonNullable<CohortPlan['over']> {
  const buckets = reportBuckets(resolveRange(range, scope.calendar), unit, scope);
  const plans = buckets.map(({ endMs }) => {
    const own = planScope({ ...scope, nowMs: Math.min(endMs - 1, scope.nowMs) });
    return { ...planConditions(query.filters, own), cohorts: own.cohorts };
  });
  return {
    buckets,
    behaviors: plans.map(({ behaviors }) => behaviors),
    cohorts: plans.map(({ cohorts }) => cohorts),
  };
}
