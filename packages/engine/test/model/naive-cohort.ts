import type { BehaviorSpan, CohortQuery, UserCondition } from '@arbor/schema/query';
import type { CohortResult } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { naiveRange, wholeBuckets } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { matches } from './naive-selection.ts';
import { passes } from './naive-values.ts';
import type { World } from './world.ts';

/** 9.1 and 9.2: whoever has an event or a profile, and meets every condition. */
export function naiveCohort(
  world: World,
  query: CohortQuery,
  { timezone, nowMs }: PlanContext,
): CohortResult {
  const spanOf = (span: BehaviorSpan): NaiveRange => {
    if (span.type === 'range') return naiveRange(span.from, span.to, timezone);
    if (span.type !== 'last') throw new Error(`the model does not know the span ${span.type} yet`);
    const days = wholeBuckets('day', timezone, 1);
    const today = days.findIndex((day) => nowMs >= day.startMs && nowMs < day.endMs);
    return { startMs: days[today - span.days + 1].startMs, endMs: nowMs + 1 };
  };

  const meets = (user: string, condition: UserCondition): boolean => {
    if (condition.type === 'all') return condition.filters.every((one) => meets(user, one));
    if (condition.type === 'any') return condition.filters.some((one) => meets(user, one));
    if (condition.type === 'property') {
      return passes(condition, ({ name }) => world.people[user]?.[name] ?? null);
    }
    if (condition.type !== 'behavior') {
      throw new Error(`the model does not know the condition ${condition.type} yet`);
    }
    const { startMs, endMs } = spanOf(condition.span);
    const times = world.events.filter(
      (event) =>
        event.user === user &&
        event.time >= startMs &&
        event.time < endMs &&
        matches(condition.selector, event, world),
    ).length;
    const { operator, value } = condition.count;
    if (operator === 'at_least') return times >= value;
    return operator === 'at_most' ? times <= value : times === value;
  };

  const users = new Set([...world.events.map(({ user }) => user), ...Object.keys(world.people)]);
  users.delete('');
  const members = [...users].filter((user) => query.filters.every((one) => meets(user, one)));
  return { type: 'cohort', users: members.length };
}
