import { expect, it } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { later } from '../../../test/model/ask.ts';
import { planQuery } from '../plan/plan.ts';
import { scanNeeds } from '../scan/scan-needs.ts';
import { fragmentsOf } from './fragments.ts';

const keys = { project: 1, shard: 0, redirects: 0, users: 7, persons: [] };

/** What a query is known by in the cache, asked at an instant about a project with so many users. */
function key(query: QueryInput, { nowMs = later.nowMs, users = 7 } = {}): string {
  const plan = planQuery(querySchema.parse(query), { ...later, nowMs });
  const needs = scanNeeds(plan, false);
  return fragmentsOf([], { plan, needs, keys: [{ ...keys, users }], isAdditive: false })[0].key;
}

const total: QueryInput & { type: 'insights' } = {
  type: 'insights',
  range: { from: '2024-03-04', to: '2024-03-12' },
  metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }],
};
const byFormula = (expression: string): QueryInput => ({
  ...total,
  breakdowns: [
    { property: { scope: 'event', name: 'f', computed: { type: 'formula', expression } } },
  ],
});

it('knows a query again at another instant, and with other users', () => {
  expect(key(total, { nowMs: later.nowMs + 1, users: 8 })).toBe(key(total));
  const formula = byFormula('upper(properties["p"])');
  expect(key(formula, { nowMs: later.nowMs + 1 })).toBe(key(formula));
});

it('asks a formula about today each time', () => {
  const formula = byFormula('today()');
  expect(key(formula, { nowMs: later.nowMs + 1 })).not.toBe(key(formula));
});

it('asks again about cohorts and profiles when there are other users', () => {
  const cohorts = [{ type: 'users' as const, ids: ['u'] }];
  const ofUsers: QueryInput[] = [
    { type: 'cohort', filters: [{ type: 'cohort', operator: 'in', cohorts }] },
    { ...total, filters: [{ type: 'cohort', operator: 'in', cohorts }] },
    { ...total, metrics: [{ type: 'people', measure: { type: 'total' } }] },
    { type: 'list', of: total, point: { type: 'insights', metric: 0 } },
  ];
  for (const query of ofUsers) expect(key(query, { users: 8 })).not.toBe(key(query));
});
