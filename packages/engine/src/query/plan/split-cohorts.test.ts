import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { FilterInput, QueryInput } from '@arbor/schema/query';
import { isPlainPlan } from './plain-plan.ts';
import { planQuery } from './plan.ts';
import type { Plan } from './plan.ts';
import { cohortOfColumn, splitCohorts } from './split-cohorts.ts';

const context = { timezone: 'UTC', weekStart: 1, nowMs: Date.parse('2024-04-01T10:00:00Z') };
const plan = (query: QueryInput): Plan => planQuery(querySchema.parse(query), context);

const buyers = {
  type: 'conditions' as const,
  filters: [
    {
      type: 'behavior' as const,
      selector: { anyOf: [{ event: 'Buy' }] },
      span: { type: 'last' as const, days: 7 },
    },
  ],
};
const list = { type: 'users' as const, ids: ['ann'] };
const filter = (operator: 'in' | 'not_in'): FilterInput => ({
  type: 'cohort',
  operator,
  cohorts: [buyers, list],
});
const total = (more: object = {}): QueryInput => ({
  type: 'insights',
  range: { from: '2024-03-01', to: '2024-03-31' },
  metrics: [{ selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'total' } }],
  ...more,
});

test('asks who is in each cohort, and filters by columns of that', () => {
  const split = splitCohorts(plan(total({ filters: [filter('not_in')] })));
  const column = (cohort: number) => `\u0000member:${cohort}`;
  const isNot = (cohort: number) => ({
    type: 'property',
    property: { scope: 'person', name: column(cohort) },
    operator: 'is_not_set',
    values: [],
  });
  expect(split?.report).toMatchObject({
    filters: [{ type: 'all', filters: [isNot(0), isNot(1)] }],
    cohorts: [],
  });
  expect(split?.members).toMatchObject([
    { column: column(0), plan: { type: 'cohort', members: true, cohorts: [] } },
    {
      column: column(1),
      plan: {
        conditions: [{ type: 'cohort', cohorts: [1], negated: false }],
        cohorts: [{ type: 'conditions' }, { type: 'users', ids: ['ann'] }],
      },
    },
  ]);
  // The report goes the fast way, and so does a cohort of plain conditions.
  expect([split?.report, split?.members[0].plan].map((one) => one && isPlainPlan(one))).toEqual([
    true,
    true,
  ]);
});

test('filters inside of groups and of single events are split as well', () => {
  const filters = [{ type: 'any' as const, filters: [filter('in')] }];
  const split = splitCohorts(
    plan(
      total({
        metrics: [
          { selector: { anyOf: [{ event: 'View', filters }] }, measure: { type: 'unique' } },
        ],
      }),
    ),
  );
  expect(split?.members).toHaveLength(2);
  expect(JSON.stringify(split?.report)).not.toContain('"cohort"');
});

test('a funnel is broken down by a column that tells the name of its cohort', () => {
  const split = splitCohorts(
    plan({
      type: 'funnel',
      range: { from: '2024-03-01', to: '2024-03-31' },
      steps: [{ anyOf: [{ event: 'View' }] }, { anyOf: [{ event: 'Buy' }] }],
      filters: [{ type: 'cohort', operator: 'in', cohorts: [list] }],
      breakdowns: [{ type: 'cohort', cohorts: [{ ...buyers, name: 'buyers' }] }],
    }),
  );
  const columns = split?.members.map(({ column }) => column) ?? [];
  expect(new Set(columns.map(cohortOfColumn))).toEqual(new Set(['buyers', null]));
  expect(split?.report).toMatchObject({
    breakdown: { scope: 'person', name: columns.find((name) => cohortOfColumn(name) === 'buyers') },
    breakdowns: null,
    cohorts: [],
  });
  expect([cohortOfColumn('plan'), cohortOfColumn('\u0000known')]).toEqual([null, null]);
});

test('leaves plans alone that have no cohorts, or more that is not plain', () => {
  const breakdowns = [{ type: 'cohort' as const, cohorts: [list] }];
  const asked = [
    total(),
    total({ filters: [filter('in')], breakdowns }),
    total({ filters: [filter('in')], metrics: [{ type: 'people', measure: { type: 'total' } }] }),
    {
      type: 'cohort' as const,
      filters: [{ type: 'cohort' as const, operator: 'in' as const, cohorts: [list] }],
    },
  ];
  expect(asked.map((query) => splitCohorts(plan(query)))).toEqual([null, null, null, null]);
});
