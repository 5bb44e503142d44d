import type { Behavior, BehaviorSpan, CohortRef, UserCondition } from '@arbor/schema/query';
import type { InstantRange } from './calendar.ts';
import { lastUnits, trailingDays } from './calendar.ts';
import { durationMs } from './durations.ts';
import { checkDepth, checkGroup, planProperty, planPropertyRef, planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type {
  BehaviorMeasurePlan,
  BehaviorPlan,
  CohortMembersPlan,
  ConditionsPlan,
  UserConditionPlan,
} from './plan-types.ts';
import { resolveMoment, resolveRange } from './range.ts';

/** Before every event. */
const everMs = -8.64e15;

/** A scope without cohorts yet. */
export function planScope(
  base: Pick<PlanScope, 'calendar' | 'nowMs' | 'definitions' | 'list'>,
): PlanScope {
  const cohorts: CohortMembersPlan[] = [];
  const scope: PlanScope = {
    ...base,
    cohorts,
    cohort: (ref) => {
      // A cohort may hold others: they come before it.
      const planned = planCohortRef(ref, scope);
      return cohorts.push(planned) - 1;
    },
  };
  return scope;
}

function planCohortRef(ref: CohortRef, scope: PlanScope): CohortMembersPlan {
  switch (ref.type) {
    case 'users':
      return { type: 'users', ids: ref.ids };
    case 'conditions':
      return { type: 'conditions', ...planConditions(ref.filters, scope) };
    case 'saved':
      throw invalidQuery(`there is no cohort with the id "${ref.id}" in this project`);
  }
}

/** Conditions on users (9.1), their behaviors numbered in the order in which they are written. */
export function planConditions(
  conditions: readonly UserCondition[],
  scope: PlanScope,
): ConditionsPlan {
  const behaviors: BehaviorPlan[] = [];
  const plan = (all: readonly UserCondition[], depth: number): UserConditionPlan[] => {
    checkDepth(depth);
    return all.map((condition): UserConditionPlan => {
      switch (condition.type) {
        case 'behavior':
          behaviors.push(planBehavior(condition, scope));
          return { type: 'behavior', index: behaviors.length - 1 };
        case 'sequence':
          return {
            type: 'sequence',
            sequence: {
              steps: condition.steps.map((step) => planSelector(step, scope)),
              windowMs: durationMs(condition.window),
              ...spanOf(condition.span, scope),
            },
            negated: !condition.did,
          };
        case 'report':
          return { type: 'report', list: scope.list(condition.list) };
        case 'cohort':
          return {
            type: 'cohort',
            cohorts: condition.cohorts.map((cohort) => scope.cohort(cohort)),
            negated: condition.operator === 'not_in',
          };
        case 'property':
          if (condition.property.scope !== 'person') {
            throw invalidQuery(
              `"${condition.property.name}" is a property of events, which a user does not have: ` +
                'use a property of persons, or filter the events of a behavior',
            );
          }
          return planProperty(condition, scope);
        case 'all':
        case 'any':
          checkGroup(condition);
          return { type: condition.type, filters: plan(condition.filters, depth + 1) };
      }
    });
  };
  return { conditions: plan(conditions, 1), behaviors };
}

function planBehavior(behavior: Behavior, scope: PlanScope): BehaviorPlan {
  const { operator, value, to } = behavior.count;
  if ((operator === 'between') !== (to !== undefined)) {
    throw invalidQuery(
      operator === 'between'
        ? 'a count between two numbers needs "to", its upper end'
        : `a count that is ${operator.replaceAll('_', ' ')} a number takes no "to"`,
    );
  }
  return {
    selector: planSelector(behavior.selector, scope),
    ...spanOf(behavior.span, scope),
    measure: planBehaviorMeasure(behavior, scope),
    operator,
    value,
    ...(to !== undefined && { to }),
  };
}

function planBehaviorMeasure({ measure }: Behavior, scope: PlanScope): BehaviorMeasurePlan {
  return 'property' in measure
    ? { type: measure.type, property: planPropertyRef(measure.property, scope) }
    : measure;
}

/** Relative windows end now (9.4): what is dated later does not count yet. */
function spanOf(span: BehaviorSpan, { calendar, nowMs }: PlanScope): InstantRange {
  switch (span.type) {
    case 'range':
      return resolveRange(span, calendar);
    case 'since':
      return { startMs: resolveMoment(span.from, calendar).startMs, endMs: nowMs + 1 };
    case 'last': {
      const { startMs } =
        span.unit === 'day'
          ? trailingDays(nowMs, span.days, calendar)
          : lastUnits(nowMs, span.days, span.unit, calendar);
      return { startMs, endMs: nowMs + 1 };
    }
    case 'ever':
      return { startMs: everMs, endMs: nowMs + 1 };
  }
}
