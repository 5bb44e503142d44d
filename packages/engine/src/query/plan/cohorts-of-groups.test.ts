import type { QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { later } from '../../../test/model/ask.ts';
import { checkGroupCount, groupsMax, sidesOf } from './cohorts-of-groups.ts';
import type { GroupMembers } from './cohorts-of-groups.ts';
import { partsOfGroups } from './counted-groups.ts';
import { countsTogether, planQuery } from './plan.ts';

type Insights = Extract<QueryInput, { type: 'insights' }>;

const cohort = (ids: string[]) => ({ type: 'users' as const, ids });

/** The parts of a report that counts events and companies, of those in a cohort. */
function partsOf(own: Partial<Insights>) {
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-05' },
    unit: 'total',
    filters: [{ type: 'cohort', operator: 'in', cohorts: [cohort(['acme'])] }],
    metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }],
    groupKey: 'company',
    ...own,
  };
  return partsOfGroups(planQuery(querySchema.parse(query), later));
}

const readBy = (members: readonly GroupMembers[]): unknown =>
  members.map(({ plan: { of } }) => {
    if (of.type !== 'insights') throw new TypeError(of.type);
    return [of.metrics[0].selector.map(({ event }) => event), of.endMs - of.startMs];
  });

const twoDaysMs = 2 * 86_400_000;

test('who is in cohorts of groups is asked about the events that the report counts, in its range', () => {
  const [{ plan, members }, ...others] = partsOf({});
  expect(others).toEqual([]);
  expect(readBy(members)).toEqual([[['A'], twoDaysMs]]);
  expect(plan).toMatchObject({ cohorts: [] });
  expect(plan).not.toHaveProperty('counted');
  expect(JSON.stringify(plan)).not.toContain('"type":"cohort"');
});

test('more groups than are sent to threads are refused, and never cut', () => {
  const [{ members }] = partsOf({});
  expect(members.map(({ plan }) => plan.limit)).toEqual([groupsMax]);
  expect(() => checkGroupCount(groupsMax)).not.toThrow();
  expect(() => checkGroupCount(groupsMax + 1)).toThrow(
    'more than 1000000 groups are in a cohort that events are counted beside',
  );
});

test('and about all events where the report looks at more than its range', () => {
  const selector = { anyOf: [{ event: 'A', firstTime: 'matching' as const }] };
  const [{ members }] = partsOf({ metrics: [{ selector, measure: { type: 'total' } }] });
  expect(readBy(members)).toEqual([[[null, 'A'], 2 * 8.64e15]]);
});

test('each filter asks who is in its cohorts, and what counts groups asks nothing beforehand', () => {
  const filter = (operator: 'in' | 'not_in') => {
    return { type: 'cohort' as const, operator, cohorts: [cohort(['acme'])] };
  };
  const total = { selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' as const } };
  const filters = [filter('in'), filter('not_in')];
  const parts = partsOf({ metrics: [total, { ...total, measure: { type: 'unique' } }], filters });
  expect(parts.map(({ members }) => members.length)).toEqual([0, 2]);
});

test('shards answer together where cohorts of groups are named, and by themselves where none is', () => {
  const together = (own: Partial<Insights>) => partsOf(own).map(({ plan }) => countsTogether(plan));
  // The part itself names groups by now: shards add up.
  expect(together({})).toEqual([false]);
  const report = (filters: Insights['filters']): QueryInput => ({
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-05' },
    filters,
    metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }],
    groupKey: 'company',
  });
  const plan = (filters: Insights['filters']) =>
    planQuery(querySchema.parse(report(filters)), later);
  expect(countsTogether(plan([]))).toBe(false);
  const inCohort = {
    type: 'cohort' as const,
    operator: 'in' as const,
    cohorts: [cohort(['acme'])],
  };
  expect(countsTogether(plan([inCohort]))).toBe(true);
});

test('an event lies in a cohort by one of its groups, and outside of it by another or by none', () => {
  expect(sidesOf('in')).toEqual({ in: true, out: false });
  expect(sidesOf('out')).toEqual({ in: false, out: true });
  expect(sidesOf(['in', 'out', null])).toEqual({ in: true, out: true });
  expect(sidesOf(['in', null])).toEqual({ in: true, out: false });
  expect(sidesOf(null)).toEqual({ in: false, out: true });
});
