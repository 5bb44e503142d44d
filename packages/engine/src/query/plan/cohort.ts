import type { CohortQuery } from '@arbor/schema/query';
import { planConditions } from './conditions.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { CohortPlan, ConditionsPlan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { resolveRange } from './range.ts';
import { reportBuckets } from './report-base.ts';
import { planSessions } from './session-events.ts';

/** 13 years by the day: the conditions are part of the plan once for each bucket. */
const bucketsMax = 5000;

export function planCohort(query: CohortQuery, scope: PlanScope): CohortPlan {
  const now = planConditions(query.filters, scope);
  const over = query.over ? planOver(query, query.over, now, scope) : null;
  const spans = [now, ...(over?.at ?? [])].flatMap(({ behaviors, sequences }) => [
    ...behaviors,
    ...sequences.map(({ startMs, untilMs }) => ({ startMs, endMs: untilMs })),
  ]);
  const { nowMs, definitions, calendar } = scope;
  return {
    type: 'cohort',
    version: planVersion,
    startMs: spans.reduce((earliest, { startMs }) => Math.min(earliest, startMs), nowMs),
    endMs: spans.reduce((latest, { endMs }) => Math.max(latest, endMs), spans[0]?.endMs ?? nowMs),
    nowMs,
    ...now,
    cohorts: scope.cohorts,
    zone: calendar,
    sessions: planSessions(definitions),
    over,
  };
}

/** The same conditions as of the end of each bucket; the running one ends now (9.4). */
function planOver(
  query: CohortQuery,
  { range, unit }: NonNullable<CohortQuery['over']>,
  now: ConditionsPlan,
  scope: PlanScope,
): NonNullable<CohortPlan['over']> {
  const buckets = reportBuckets(resolveRange(range, scope.calendar), unit, scope);
  if (buckets.length > bucketsMax) {
    throw invalidQuery(
      `the size of a cohort in ${buckets.length} buckets by the ${unit} is too much: ` +
        `${bucketsMax} at most, so shorten the range or use a longer unit`,
    );
  }
  const conditionsNow = JSON.stringify(now.conditions);
  const at = buckets.map(({ endMs }) => {
    const then = planConditions(query.filters, scope.at(Math.min(endMs - 1, scope.nowMs)));
    const isSame = JSON.stringify(then.conditions) === conditionsNow;
    return { ...then, conditions: isSame ? null : then.conditions };
  });
  return { buckets, at };
}
