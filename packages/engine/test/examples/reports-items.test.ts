import { expect, test } from 'vitest';
import type { UserConditionInput } from '@arbor/schema/query';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { naive } from '../model/naive.ts';
import { querySchema } from '@arbor/schema/query';
import type { World } from '../model/world.ts';

const world: World = {
  events: [],
  people: {
    ada: {
      seats: [
        { team: 'red', since: 3 },
        { team: 'blue', since: 9 },
      ],
    },
    bob: { seats: [{ team: 'red', since: 9 }] },
    cyd: { seats: [] },
    dan: { seats: 'red' },
    eve: {},
  },
};

const redSince: Extract<UserConditionInput, { type: 'items' }>['filters'] = [
  {
    type: 'property',
    property: { scope: 'item', name: 'team' },
    operator: 'equals',
    values: ['red'],
  },
  {
    type: 'property',
    property: { scope: 'item', name: 'since' },
    operator: 'at_least',
    values: [5],
  },
];

const seats = { scope: 'person' as const, name: 'seats' };

test.each<[string, UserConditionInput, number]>([
  [
    'one object that passes all of them',
    { type: 'items', property: seats, quantifier: 'any', filters: redSince },
    1,
  ],
  [
    'every object of a list that has some',
    { type: 'items', property: seats, quantifier: 'all', filters: redSince.slice(1) },
    1,
  ],
  [
    'either of two conditions',
    {
      type: 'any',
      filters: [
        { type: 'items', property: seats, quantifier: 'any', filters: redSince },
        { type: 'property', property: seats, operator: 'is_not_set', values: [] },
      ],
    },
    2,
  ],
])('9.1: a cohort by the objects of a list in profiles: %s', (_, condition, users) => {
  const query = { type: 'cohort' as const, filters: [condition] };
  expect(ask(buildViews(world, 2), query, later).users).toBe(users);
  expect(naive(world, querySchema.parse(query), later)).toMatchObject({ users });
});

test('9.1: lists of objects in events are those of a behavior', () => {
  const property = { scope: 'event' as const, name: 'seats' };
  const filters: UserConditionInput[] = [
    { type: 'items', property, quantifier: 'any', filters: redSince },
  ];
  expect(() => ask(buildViews(world, 1), { type: 'cohort', filters }, later)).toThrow(
    '"seats" is a property of events, which a user does not have',
  );
});
