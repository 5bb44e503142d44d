import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { expect, it } from 'vitest';
import { planQuery } from '../plan/plan.ts';
import type { ListPlan } from '../plan/plan-types.ts';
import { combineLists, mergeLists, propertiesOfEvents } from './list.ts';
import type { ListPartial } from './partial.ts';

function planOf(fields: {
  what: 'users' | 'events';
  columns?: string[];
  cursor?: string;
}): ListPlan {
  const question: QueryInput = {
    type: 'list',
    of: {
      type: 'cohort',
      filters: [{ type: 'property', property: { scope: 'person', name: 'p' }, operator: 'is_set' }],
    },
    point: { type: 'cohort' },
    limit: 2,
    ...fields,
  };
  const zone = { timezone: 'UTC', weekStart: 1, nowMs: 0 };
  return planQuery(querySchema.parse(question), zone) as ListPlan;
}

const users = (...ids: string[]): ListPartial => ({
  type: 'list',
  total: 10 + ids.length,
  users: ids.map((user) => ({ user, properties: { p: user.length } })),
  events: [],
});

const events = (
  ...rows: (readonly [user: string, timeMs: number, rank: number])[]
): ListPartial => ({
  type: 'list',
  total: rows.length,
  users: [],
  events: rows.map(([user, timeMs, rank]) => ({ user, timeMs, rank, event: 'A', properties: {} })),
});

it('takes the first of all shards, adds up how many there are, and goes on after the last', () => {
  const plan = planOf({ what: 'users', columns: ['p'] });
  const page = mergeLists(plan, [users('b', 'dd'), users('a', 'c')], null);
  expect(page).toMatchObject({ total: 24, users: ['a', 'b'], profiles: [{ p: 1 }, { p: 1 }] });
  const next = planOf({ what: 'users', cursor: page.next ?? '' });
  expect(next.after).toEqual({ type: 'user', user: 'b' });
});

it('ends where there is no more than a page', () => {
  expect(mergeLists(planOf({ what: 'users' }), [users('a'), users('b')], null)).toEqual({
    type: 'list',
    total: 22,
    users: ['a', 'b'],
    events: [],
    next: null,
  });
});

it('keeps one more than a page where ranges of users become one', () => {
  const plan = planOf({ what: 'users' });
  expect(combineLists(plan, [users('b', 'd', 'e'), users('a', 'c')])).toMatchObject({
    total: 25,
    users: [{ user: 'a' }, { user: 'b' }, { user: 'c' }],
  });
});

it('asks for the properties of the events of the page, and gives each its own', () => {
  const plan = planOf({ what: 'events' });
  const listed = [events(['u', 1, 0], ['u', 1, 1]), events(['v', 2, 0])];
  const followUp = propertiesOfEvents(plan, listed);
  const key = { user: 'u', timeMs: 1, event: 'A', rank: 0 };
  expect(followUp?.chosen).toEqual({
    keys: [{ user: 'v', timeMs: 2, event: 'A', rank: 0 }, key],
    properties: null,
  });
  const found = [{ p: 1 }, { q: 2 }].map((properties): ListPartial => ({
    ...events(),
    events: [{ ...key, properties }],
  }));
  const page = mergeLists(plan, listed, found);
  // What was deleted meanwhile has none left.
  expect(page.events.map(({ properties }) => properties)).toEqual([{}, { p: 1, q: 2 }]);
  expect(planOf({ what: 'events', cursor: page.next ?? '' }).after).toEqual({
    type: 'event',
    ...key,
  });
});

it('asks for nothing more where there are no events', () => {
  expect(propertiesOfEvents(planOf({ what: 'users' }), [users('a')])).toBeNull();
  expect(propertiesOfEvents(planOf({ what: 'events' }), [events()])).toBeNull();
});
