import type { FilterInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { describe, expect, it } from 'vitest';
import { later } from '../../../test/model/ask.ts';
import { joinGroups } from '../plan/group-joins.ts';
import { isPlainPlan } from '../plan/plain-plan.ts';
import { detachLists } from '../plan/plan-lists.ts';
import { planQuery } from '../plan/plan.ts';
import type { Plan } from '../plan/plan-types.ts';
import { filtersByGroup } from './group-filters.ts';

const plans = { keys: ['acme', 'zen', '7'], values: ['pro', 'free', ['pro', 'trial']] };

/** The plan of a report with one filter on the plan of the company. */
function planned(filter: object, breakdowns: readonly object[] = [], known = plans): Plan {
  const property = { scope: 'group', groupKey: 'company', name: 'plan' };
  const query = {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-05' },
    unit: 'total',
    filters: [{ type: 'property', property, ...filter } as FilterInput],
    breakdowns,
    metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }],
  };
  const plan = planQuery(querySchema.parse(query), later);
  return filtersByGroup(joinGroups(plan, () => known));
}

const filterOf = (plan: Plan): unknown => 'filters' in plan && plan.filters[0];
const company = { scope: 'event', name: 'company' };

describe('filters on properties of groups', () => {
  it('become filters on the groups that pass, which fast scans know', () => {
    const plan = planned({ operator: 'equals', values: ['pro'] });
    expect(filterOf(plan)).toEqual({
      type: 'property',
      property: company,
      operator: 'equals',
      values: ['acme', '7'],
    });
    expect(isPlainPlan(plan)).toBe(true);
  });

  it('that are negative leave out the groups that do not pass, and no others', () => {
    const plan = planned({ operator: 'does_not_equal', values: ['pro'] });
    expect(filterOf(plan)).toEqual({
      type: 'property',
      property: company,
      operator: 'does_not_equal',
      values: ['acme', '7'],
    });
  });

  it.each([
    { operator: 'is_set' },
    { operator: 'equals', values: ['pro'], quantifier: 'all' },
    { operator: 'not_between', values: [1, 2] },
  ])('stay what they are where only rows can tell: %j', (filter) => {
    expect(filterOf(planned(filter))).toMatchObject({ property: { group: plans } });
  });

  it('stay what they are where too many groups pass, and where their keys lie apart by then', () => {
    const keys = Array.from({ length: 10_001 }, (_, n) => `company ${n}`);
    const many = { keys, values: keys.map(() => 'pro') };
    const plan = planned({ operator: 'equals', values: ['pro'] }, [], many);
    expect(filterOf(plan)).toMatchObject({ property: { group: many }, values: ['pro'] });
    const apart = detachLists(plan).plan as Plan;
    expect(filterOf(filtersByGroup(apart))).toMatchObject({
      property: { group: { keys: [] } },
      values: ['pro'],
    });
  });

  it('on the items that a breakdown shows stay filters on values', () => {
    const property = { scope: 'group', groupKey: 'company', name: 'plan' };
    const plan = planned({ operator: 'equals', values: ['pro'] }, [
      { property, items: 'matching' },
    ]);
    expect(JSON.stringify('breakdowns' in plan && plan.breakdowns)).toContain('"values":["pro"]');
  });
});
