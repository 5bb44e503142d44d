import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { FunnelQueryInput, PropertyRefInput } from '@arbor/schema/query';
import type { FunnelResult } from '@arbor/schema/result';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { rowNeeds } from '../../src/query/scan/row-needs.ts';
import { ask, later } from '../model/ask.ts';
import { at, did, event, only, viewsOf } from './sample-data.ts';

type Behavior = Extract<NonNullable<PropertyRefInput['computed']>, { type: 'behavior' }>;

const range = { from: '2024-03-01', to: '2024-03-31' };

const betweenSteps = (more: Partial<Behavior>): PropertyRefInput => ({
  ...event('between'),
  computed: {
    type: 'behavior',
    selector: only('A'),
    aggregate: 'count',
    between: { from: 0, to: 1 },
    ...more,
  },
});

function asked(more: Partial<FunnelQueryInput>): FunnelQueryInput {
  return { type: 'funnel', range, steps: ['A', 'B'].map(only), ...more };
}

function funnel(views: readonly ShardView[], more: Partial<FunnelQueryInput>) {
  const { steps, segments } = ask(views, asked(more));
  const counts = (own: FunnelResult['steps']) => own.map(({ count }) => count);
  return {
    counts: counts(steps),
    segments: Object.fromEntries(segments.map((one) => [one.segment.text, counts(one.steps)])),
  };
}

const users = viewsOf(
  did('once', 'A', '03-04 10:00'),
  did('once', 'B', '03-04 10:10'),
  did('twice', 'A', '03-04 10:00'),
  did('twice', 'A', '03-04 10:05'),
  did('twice', 'B', '03-04 10:10'),
  did('lost', 'A', '03-04 10:00'),
  did('lost', 'A', '03-04 10:05'),
);

test('5.10: a behaviour between steps leaves out what fulfils them: A→B gives 0, A→A→B gives 1', () => {
  expect(funnel(users, { breakdowns: [{ property: betweenSteps({}) }] }).segments).toEqual({
    '0': [1, 1],
    '1': [1, 1],
    '(not set)': [1, 0],
  });
});

test('5.10: filters on it judge attempts, and pass none that does not reach the later step', () => {
  const property = betweenSteps({});
  const filter = { type: 'property' as const, property, operator: 'at_least' as const };
  expect(funnel(users, { filters: [{ ...filter, values: [0] }] }).counts).toEqual([2, 2]);
  expect(funnel(users, { filters: [{ ...filter, values: [1] }] }).counts).toEqual([1, 1]);
});

test('5.10: it is of each attempt, and of the steps that it names', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', 'X', '03-04 10:01'),
    did('u', 'B', '03-04 10:02'),
    did('u', 'X', '03-04 10:03'),
    did('u', 'X', '03-04 10:04'),
    did('u', 'C', '03-04 10:05'),
    did('u', 'A', '03-04 11:00'),
    did('u', 'B', '03-04 11:01'),
    did('u', 'C', '03-04 11:02'),
  );
  const between = (from: number, to: number) =>
    funnel(views, {
      steps: ['A', 'B', 'C'].map(only),
      counting: 'totals',
      breakdowns: [{ property: betweenSteps({ selector: only('X'), between: { from, to } }) }],
    }).segments;
  expect(between(0, 1)).toEqual({ '0': [1, 1, 1], '1': [1, 1, 1] });
  expect(between(1, 2)).toEqual({ '0': [1, 1, 1], '2': [1, 1, 1] });
  expect(between(0, 2)).toEqual({ '0': [1, 1, 1], '3': [1, 1, 1] });
});

test.each<[Behavior['aggregate'], string]>([
  ['sum', '10'],
  ['average', '5'],
  ['min', '2'],
  ['max', '8'],
  ['distinct_count', '3'],
])('14.5: the %s of what lies between steps is %s', (aggregate, text) => {
  const views = viewsOf(
    did('u', 'X', '03-04 09:00', { price: 100 }),
    did('u', 'A', '03-04 10:00'),
    did('u', 'X', '03-04 10:01', { price: 2 }),
    did('u', 'X', '03-04 10:02', { price: 8 }),
    did('u', 'X', '03-04 10:03', { price: 'free' }),
    did('u', 'X', '03-04 10:03', { price: 'free' }),
    did('u', 'X', '03-04 10:04'),
    did('u', 'B', '03-04 10:05'),
    did('u', 'X', '03-04 10:06', { price: 100 }),
  );
  const property = betweenSteps({ selector: only('X'), aggregate, property: event('price') });
  expect(funnel(views, { breakdowns: [{ property }] }).segments).toEqual({ [text]: [1, 1] });
});

test('14.5: a sum of nothing between steps is no number', () => {
  const property = betweenSteps({
    selector: only('X'),
    aggregate: 'sum',
    property: event('price'),
  });
  expect(funnel(users, { breakdowns: [{ property }] }).segments).toEqual({
    '(not set)': [3, 2],
  });
});

test('5.10: automatic buckets of another property do not ask events for what lies between steps', () => {
  const filter = {
    type: 'property' as const,
    property: betweenSteps({}),
    operator: 'is_set' as const,
  };
  const breakdowns = [{ property: event('price'), buckets: { type: 'auto' as const } }];
  expect(funnel(users, { filters: [filter], breakdowns }).counts).toEqual([2, 2]);
});

test('5.10: automatic buckets are chosen by what attempts have', () => {
  const xs = (user: string, count: number) => [
    did(user, 'A', '03-04 10:00'),
    ...Array.from({ length: count }, () => did(user, 'X', '03-04 10:01')),
    did(user, 'B', '03-04 10:02'),
  ];
  // Before the attempt, so many that they would make wider buckets.
  const before = Array.from({ length: 900 }, () => did('u0', 'X', '03-04 09:00'));
  const views = viewsOf(
    ...before,
    ...Array.from({ length: 13 }, (_, i) => xs(`u${i}`, i * 3)).flat(),
  );
  const breakdowns = [
    { property: betweenSteps({ selector: only('X') }), buckets: { type: 'auto' as const } },
  ];
  expect(Object.keys(funnel(views, { breakdowns }).segments).sort()).toEqual([
    '0 – 5',
    '10 – 15',
    '15 – 20',
    '20 – 25',
    '25 – 30',
    '30 – 35',
    '35 – 40',
    '5 – 10',
  ]);
  expect(Object.keys(funnel(users, { breakdowns }).segments)).toEqual(['0', '(not set)']);
  const { series } = ask(views, {
    type: 'insights',
    range,
    unit: 'total',
    metrics: [{ type: 'funnel', funnel: { steps: ['A', 'B'].map(only) }, value: 'count' }],
    breakdowns,
  });
  expect(series.find(({ segment }) => segment?.text === '35 – 40')?.total).toBe(1);
});

test('5.10: automatic buckets are chosen by what attempts have, whatever else is asked of them', () => {
  const views = viewsOf(
    ...Array.from({ length: 13 }, (_, i) => [
      did(`u${i}`, 'A', '03-04 10:00'),
      ...Array.from({ length: i * 3 }, () => did(`u${i}`, 'X', '03-04 10:01')),
      did(`u${i}`, 'B', '03-04 10:02'),
    ]).flat(),
  );
  const breakdowns = [
    { property: betweenSteps({ selector: only('X') }), buckets: { type: 'auto' as const } },
  ];
  const bucket = { type: 'range' as const, text: '35 – 40' };
  const own = { breakdowns, segments: [bucket], control: bucket, times: {} };
  expect(funnel(views, own).segments).toEqual({ '35 – 40': [1, 1] });
  const aDay = { unit: 'day' as const, edges: ['2024-03-04', '2024-03-05'] };
  expect(funnel(views, { ...own, ...aDay }).segments).toEqual({ '35 – 40': [1, 1] });
});

test('5.10: what happens between steps is looked for as far as the window goes', () => {
  const query = asked({
    window: { value: 2, unit: 'day' },
    breakdowns: [{ property: betweenSteps({ selector: only('X') }) }],
  });
  const { wants } = rowNeeds(planQuery(querySchema.parse(query), later));
  expect(wants.find((want) => want.event === 'X')).toMatchObject({
    startMs: at('03-01 00:00'),
    endMs: at('04-03 00:00'),
  });
});

const property = betweenSteps({});

test.each<[Parameters<typeof ask>[1], string]>([
  [
    {
      type: 'insights',
      range,
      metrics: [{ selector: only('A'), measure: { type: 'total' } }],
      breakdowns: [{ property }],
    },
    '"between" lies between steps: use it in the filters or breakdowns of a funnel, or leave out between',
  ],
  [asked({ hold: [property] }), '"between" lies between steps: use it in the filters'],
  [asked({ sum: property }), '"between" lies between steps: use it in the filters'],
  [
    asked({ breakdowns: [{ property: betweenSteps({ between: { from: 0, to: 2 } }) }] }),
    'there is no step 2: steps are 0 to 1',
  ],
  [
    asked({ breakdowns: [{ property: betweenSteps({ between: { from: 1, to: 1 } }) }] }),
    'nothing lies between step 1 and step 1: end after it',
  ],
  [
    asked({ breakdowns: [{ property }], attribution: { type: 'each' } }),
    '"between" lies between steps, and no event has it: choose another attribution than "each"',
  ],
  [
    asked({
      breakdowns: [{ property: betweenSteps({ aggregate: 'sum', property }) }],
    }),
    '"between" lies between steps: use it in the filters',
  ],
])('5.10: refuses what lies between steps where there are none (%#)', (query, message) => {
  expect(() => ask(users, query)).toThrow(
    expect.objectContaining({ code: 'INVALID_QUERY', message: expect.stringContaining(message) }),
  );
});
