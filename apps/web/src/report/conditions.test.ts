import { describe, expect, it } from 'vitest';
import { userConditionSchema } from '@arbor/schema/query';
import { newEventCondition } from './behaviour-state.ts';
import {
  conditionSentence,
  isCompleteCondition,
  newCohortCondition,
  queryConditions,
  type ConditionState,
} from './conditions.ts';

const city = {
  type: 'property',
  filter: {
    property: { scope: 'person', name: '$city' },
    kind: 'text',
    operator: 'equals',
    values: ['Berlin'],
  },
} satisfies ConditionState;
const bought: ConditionState = { ...newEventCondition, event: 'Order completed', times: 3 };
const never: ConditionState = { ...newEventCondition, did: false, event: null, days: null };
const cohort: ConditionState = { ...newCohortCondition, operator: 'not_in', id: 'c1' };

describe('conditions on users', () => {
  it('are asked as the schema of queries wants them', () => {
    const asked = queryConditions([city, bought, never, cohort]);
    expect(asked.every((condition) => userConditionSchema.safeParse(condition).success)).toBe(true);
    expect(asked).toMatchObject([
      { type: 'property', operator: 'equals', values: ['Berlin'] },
      {
        type: 'behavior',
        selector: { anyOf: [{ event: 'Order completed' }] },
        count: { operator: 'at_least', value: 3 },
        span: { type: 'last', days: 30 },
      },
      { count: { operator: 'at_most', value: 0 }, span: { type: 'ever' } },
      { type: 'cohort', operator: 'not_in', cohorts: [{ type: 'saved', id: 'c1' }] },
    ]);
  });

  it('are left out while something is missing', () => {
    const empty: ConditionState = { ...city, filter: { ...city.filter, values: [] } };
    const missing = [empty, newEventCondition, newCohortCondition];
    expect(queryConditions(missing)).toEqual([]);
    expect(missing.map(isCompleteCondition)).toEqual([false, false, false]);
    expect([city, bought, never, cohort].every(isCompleteCondition)).toBe(true);
  });

  it('are told in words', () => {
    const words = [city, bought, never, cohort].map((each) =>
      conditionSentence(each, (id) => `“${id}”`),
    );
    expect(words).toEqual([
      'City is Berlin',
      'did Order completed at least 3 times in the last 30 days',
      'did not Any event ever',
      'not in cohort “c1”',
    ]);
  });
});
