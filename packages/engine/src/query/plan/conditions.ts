import type {
  Behavior,
  BehaviorSpan,
  CohortRef,
  PropertyRef,
  SequenceBehavior,
  UserCondition,
} from '@arbor/schema/query';
import type { InstantRange } from './calendar.ts';
import { lastUnits, trailingDays } from './calendar.ts';
import { durationMs } from './durations.ts';
import {
  checkDepth,
  checkGroup,
  planItems,
  planProperty,
  planPropertyRef,
  planSelector,
} from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type {
  BehaviorMeasurePlan,
  BehaviorPlan,
  CohortMembersPlan,
  ConditionsPlan,
  ListPlan,
  SequencePlan,
  UserConditionPlan,
} from './plan-types.ts';
import { resolveMoment, resolveRange } from './range.ts';

/** Before and after every event. */
const earliestMs = -8.64e15;
const latestMs = 8.64e15;

/** A scope without cohorts yet. */
export function planScope(
  base: Pick<PlanScope, 'calendar' | 'nowMs' | 'definitions' | 'list' | 'ofGroups'>,
): PlanScope {
  const lists = new Map<unknown, ListPlan>();
  const list = (asked: unknown): ListPlan => {
    const planned = lists.get(asked) ?? base.list(asked);
    lists.set(asked, planned);
    return planned;
  };
  return scopeAt({ ...base, list }, new PlannedCohorts());
}

function scopeAt(
  base: Pick<PlanScope, 'calendar' | 'nowMs' | 'definitions' | 'list' | 'ofGroups'>,
  known: PlannedCohorts,
): PlanScope {
  const scope: PlanScope = {
    ...base,
    cohorts: known.all,
    cohort: (ref) => known.indexOf(ref, scope),
    at: (nowMs) => scopeAt({ ...base, nowMs }, known),
  };
  return scope;
}

/** Cohorts of a plan, each once, however often and as of however many moments it is named. */
class PlannedCohorts {
  readonly all: CohortMembersPlan[] = [];
  /** Of frozen lists by themselves: they are long. */
  readonly #lists = new Map<CohortRef, number>();
  readonly #conditions = new Map<string, number>();

  indexOf(ref: CohortRef, scope: PlanScope): number {
    switch (ref.type) {
      case 'users':
        return this.#once(this.#lists, ref, { type: 'users', ids: ref.ids });
      case 'conditions': {
        // A cohort may hold others: they come before it.
        const planned = planConditions(ref.filters, scope);
        return this.#once(this.#conditions, JSON.stringify(planned), {
          type: 'conditions',
          ...planned,
        });
      }
      case 'saved':
        throw invalidQuery(`there is no cohort with the id "${ref.id}" in this project`);
    }
  }

  #once<Key>(known: Map<Key, number>, key: Key, planned: CohortMembersPlan): number {
    const index = known.get(key) ?? this.all.push(planned) - 1;
    known.set(key, index);
    return index;
  }
}

/** Conditions on users (9.1), their behaviors and sequences numbered in the order in which they are written. */
export function planConditions(
  conditions: readonly UserCondition[],
  scope: PlanScope,
): ConditionsPlan {
  const behaviors: BehaviorPlan[] = [];
  const sequences: SequencePlan[] = [];
  const plan = (all: readonly UserCondition[], depth: number): UserConditionPlan[] => {
    checkDepth(depth);
    return all.map((condition): UserConditionPlan => {
      switch (condition.type) {
        case 'behavior':
          behaviors.push(planBehavior(condition, scope));
          return { type: 'behavior', index: behaviors.length - 1 };
        case 'sequence':
          sequences.push(planSequence(condition, scope));
          return { type: 'sequence', index: sequences.length - 1, negated: !condition.did };
        case 'report':
          return { type: 'report', list: scope.list(condition.list) };
        case 'cohort':
          return {
            type: 'cohort',
            cohorts: condition.cohorts.map((cohort) => scope.cohort(cohort)),
            negated: condition.operator === 'not_in',
          };
        case 'property':
          checkOfPersons(condition.property);
          // Of whoever is judged, which may be a group.
          return planProperty(condition, { ...scope, ofGroups: undefined });
        case 'items':
          checkOfPersons(condition.property);
          return planItems(condition, { ...scope, ofGroups: undefined }, depth);
        case 'all':
        case 'any':
          checkGroup(condition);
          return { type: condition.type, filters: plan(condition.filters, depth + 1) };
      }
    });
  };
  return { conditions: plan(conditions, 1), behaviors, sequences };
}

function checkOfPersons({ scope, name }: PropertyRef): void {
  if (scope === 'person') return;
  throw invalidQuery(
    `"${name}" is a property of ${scope}s, which a user does not have: ` +
      'use a property of persons, or filter the events of a behavior',
  );
}

function planSequence(sequence: SequenceBehavior, scope: PlanScope): SequencePlan {
  return {
    steps: sequence.steps.map((step) => planSelector(step, scope)),
    windowMs: durationMs(sequence.window, 'a window of a sequence'),
    ...spanOf(sequence.span, scope),
    untilMs: scope.nowMs + 1,
  };
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

/** Whatever the span says, it ends now: what is dated later has not happened yet (9.4). */
function spanOf(span: BehaviorSpan, scope: PlanScope): InstantRange {
  const { startMs, endMs } = wholeSpan(span, scope);
  return { startMs, endMs: Math.max(startMs, Math.min(endMs, scope.nowMs + 1)) };
}

function wholeSpan(span: BehaviorSpan, { calendar, nowMs }: PlanScope): InstantRange {
  switch (span.type) {
    case 'range':
      return resolveRange(span, calendar);
    case 'since':
      return { startMs: resolveMoment(span.from, calendar).startMs, endMs: latestMs };
    case 'last':
      return span.unit === 'day'
        ? trailingDays(nowMs, span.days, calendar)
        : lastUnits(nowMs, span.days, span.unit, calendar);
    case 'ever':
      return { startMs: earliestMs, endMs: latestMs };
  }
}
