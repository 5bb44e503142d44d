import { planScope } from '../../src/query/plan/conditions.ts';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { PlanScope } from '../../src/query/plan/plan-scope.ts';

/** A project in UTC that has defined nothing, at an instant that nothing depends on. */
export function plainScope(): PlanScope {
  return planScope({
    calendar: { timezone: 'UTC', weekStart: 1 },
    nowMs: 0,
    definitions: noDefinitions,
    list: () => {
      throw new Error('no test plans a list inside a condition with this scope');
    },
  });
}
