import type { Behavior, BehaviorSpan, UserCondition } from '@arbor/schema/query';
import type { Calendar, InstantRange } from './calendar.ts';
import { trailingDays } from './calendar.ts';
import { checkDepth, checkGroup, planProperty, planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { BehaviorPlan, UserConditionPlan } from './plan-types.ts';
import { resolveRange } from './range.ts';

export interface ConditionsPlan {
  readonly conditions: readonly UserConditionPlan[];
  /** By the index that conditions name them by. */
  readonly behaviors: readonly BehaviorPlan[];
}

/** Conditions on users (9.1), their behaviors numbered in the order in which they are written. */
export function planConditions(
  conditions: readonly UserCondition[],
  calendar: Calendar,
  nowMs: number,
): ConditionsPlan {
  const behaviors: BehaviorPlan[] = [];
  const plan = (all: readonly UserCondition[], depth: number): UserConditionPlan[] => {
    checkDepth(depth);
    return all.map((condition): UserConditionPlan => {
      switch (condition.type) {
        case 'behavior':
          behaviors.push(planBehavior(condition, calendar, nowMs));
          return { type: 'behavior', index: behaviors.length - 1 };
        case 'property':
          if (condition.property.scope !== 'person') {
            throw invalidQuery(
              `"${condition.property.name}" is a property of events, which a user does not have: ` +
                'use a property of persons, or filter the events of a behavior',
            );
          }
          return planProperty(condition);
        case 'all':
        case 'any':
          checkGroup(condition);
          return { type: condition.type, filters: plan(condition.filters, depth + 1) };
      }
    });
  };
  return { conditions: plan(conditions, 1), behaviors };
}

function planBehavior(behavior: Behavior, calendar: Calendar, nowMs: number): BehaviorPlan {
  return {
    selector: planSelector(behavior.selector),
    ...spanOf(behavior.span, calendar, nowMs),
    operator: behavior.count.operator,
    value: behavior.count.value,
  };
}

/** The last days end now (9.4): what is dated later does not count yet. */
function spanOf(span: BehaviorSpan, calendar: Calendar, nowMs: number): InstantRange {
  if (span.type === 'range') return resolveRange(span, calendar);
  return { startMs: trailingDays(nowMs, span.days, calendar).startMs, endMs: nowMs + 1 };
}
