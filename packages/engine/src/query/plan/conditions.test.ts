import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { UserConditionInput } from '@arbor/schema/query';
import type { CohortPlan } from './plan-types.ts';
import { planQuery } from './plan.ts';

const context = {
  timezone: 'Europe/Berlin',
  weekStart: 1,
  nowMs: Date.parse('2024-04-01T10:00:00Z'),
};

function plan(...filters: UserConditionInput[]): CohortPlan {
  const made = planQuery(querySchema.parse({ type: 'cohort', filters }), context);
  if (made.type !== 'cohort') throw new Error('not a cohort');
  return made;
}

const bought = { type: 'behavior' as const, selector: { anyOf: [{ event: 'Buy' }] } };
const inMarch = { type: 'range', from: '2024-03-01', to: '2024-03-31' } as const;
const isPro = {
  type: 'property' as const,
  property: { scope: 'person' as const, name: 'plan' },
  operator: 'equals' as const,
  values: ['pro'],
};

test('the last days are local days up to now, today included', () => {
  const [behavior] = plan({ ...bought, span: { type: 'last', days: 2 } }).behaviors;
  // Berlin put its clocks forward on 31 March: the two days began 34 hours ago.
  expect(behavior).toMatchObject({
    startMs: Date.parse('2024-03-31T00:00:00+01:00'),
    endMs: context.nowMs + 1,
    operator: 'at_least',
    value: 1,
  });
});

test('numbers behaviors through all groups, and spans them all', () => {
  const last = { ...bought, span: { type: 'last' as const, days: 1 } };
  const made = plan(isPro, { type: 'any', filters: [last, { ...bought, span: inMarch }] });
  expect(made.conditions).toMatchObject([
    { type: 'property' },
    {
      type: 'any',
      filters: [
        { type: 'behavior', index: 0 },
        { type: 'behavior', index: 1 },
      ],
    },
  ]);
  expect(made).toMatchObject({
    startMs: Date.parse('2024-03-01T00:00:00+01:00'),
    endMs: context.nowMs + 1,
  });
});

test('without a behavior no row is looked at', () => {
  expect(plan(isPro)).toMatchObject({
    startMs: context.nowMs,
    endMs: context.nowMs,
    behaviors: [],
  });
});

test('refuses a property of events, which users do not have', () => {
  const ofEvent = { ...isPro, property: { scope: 'event' as const, name: 'price' } };
  expect(() => plan(ofEvent)).toThrow(
    '"price" is a property of events, which a user does not have: ' +
      'use a property of persons, or filter the events of a behavior',
  );
});

test('refuses an empty choice and groups without end', () => {
  expect(() => plan({ type: 'any', filters: [] })).toThrow('is empty: add one or remove it');
  let nested: UserConditionInput = isPro;
  for (let depth = 0; depth < 40; depth++) nested = { type: 'all', filters: [nested] };
  expect(() => plan(nested)).toThrow('nested more than 32 deep');
});

test('no span reaches beyond now, and one that lies after it is empty', () => {
  const spans = [
    { type: 'range', from: '2024-03-01', to: '2024-12-31' },
    { type: 'range', from: '2024-05-01', to: '2024-05-31' },
    { type: 'since', from: '2024-03-01' },
    { type: 'last', days: 2, unit: 'month' },
    { type: 'ever' },
  ] as const;
  const { behaviors } = plan(...spans.map((span) => ({ ...bought, span })));
  const endMs = context.nowMs + 1;
  const march = Date.parse('2024-03-01T00:00:00+01:00');
  const may = Date.parse('2024-05-01T00:00:00+02:00');
  expect(behaviors.map((own) => [own.startMs, own.endMs])).toEqual([
    [march, endMs],
    [may, may],
    [march, endMs],
    [march, endMs],
    [-8.64e15, endMs],
  ]);
});

test('refuses a count between one number, and two numbers for one', () => {
  const counted = (count: object) => () =>
    plan({ ...bought, span: inMarch, count } as UserConditionInput);
  expect(counted({ operator: 'between', value: 1 })).toThrow('needs "to", its upper end');
  expect(counted({ operator: 'at_least', value: 1, to: 2 })).toThrow(
    'a count that is at least a number takes no "to"',
  );
});

test('as of many moments, a cohort that does not depend on them is planned once', () => {
  const cohorts = [
    { type: 'users' as const, ids: ['ann'] },
    { type: 'conditions' as const, filters: [isPro] },
    {
      type: 'conditions' as const,
      filters: [{ ...bought, span: { type: 'last' as const, days: 1 } }],
    },
  ];
  const made = planQuery(
    querySchema.parse({
      type: 'cohort',
      filters: [{ type: 'cohort', operator: 'in', cohorts }],
      over: { range: { from: '2024-03-01', to: '2024-03-03' } },
    }),
    context,
  );
  // The list, the property, and what was done up to now and to three other ends.
  expect(made).toMatchObject({ cohorts: { length: 2 + 4 } });
});

test('refuses more buckets than a plan can hold', () => {
  const over = { range: { from: '2023-01-01', to: '2023-12-31' }, unit: 'hour' as const };
  const asked = querySchema.parse({ type: 'cohort', filters: [isPro], over });
  expect(() => planQuery(asked, context)).toThrow(
    'the size of a cohort in 8760 buckets by the hour is too much: 5000 at most',
  );
});
