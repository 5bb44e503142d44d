import { expect, test } from 'vitest';
import type { AttributionModel } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import type { WorldEvent } from '../model/world.ts';
import { d1Views, did, event, only, viewsOf } from './sample-data.ts';
import { totalsOf, wholeRange } from './segment-totals.ts';
import type { Part } from './segment-totals.ts';

const plays = (part: Part) => totalsOf(d1Views, part);

/** Conversions by touch: `ads` 14 days and `mail` 7 days before, and a third one with it if asked for. */
function touched(model: AttributionModel, own?: string) {
  const touches: WorldEvent[] = [
    did('u', 'Visit', '03-01 12:00', { source: 'ads' }),
    did('u', 'Visit', '03-08 12:00', { source: 'mail' }),
    did('u', 'Buy', '03-15 12:00', own === undefined ? {} : { source: own }),
  ];
  const { Overall, ...shares } = totalsOf(viewsOf(...touches), {
    range: { from: '2024-03-15', to: '2024-03-15' },
    metrics: [{ selector: only('Buy'), measure: { type: 'total' } }],
    breakdowns: [{ property: { ...event('source'), computed: { type: 'attributed', model } } }],
  });
  expect(Overall).toBe(1);
  return Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name, Number(share?.toFixed(3))]),
  );
}

test.each([
  ['first', { ads: 1 }],
  ['last', { mail: 1 }],
  ['linear', { ads: 0.5, mail: 0.5 }],
  ['participation', { ads: 1, mail: 1 }],
  ['time_decay', { ads: 0.333, mail: 0.667 }],
  ['u_shaped', { ads: 0.5, mail: 0.5 }],
  ['j_shaped', { ads: 0.25, mail: 0.75 }],
  ['inverse_j', { ads: 0.75, mail: 0.25 }],
] as const)('14.8 example 1: %s with two touches', (type, shares) => {
  expect(touched({ type })).toEqual(shares);
});

test.each([
  ['first', { ads: 1 }],
  ['last', { search: 1 }],
  ['linear', { ads: 0.333, mail: 0.333, search: 0.333 }],
  ['participation', { ads: 1, mail: 1, search: 1 }],
  ['time_decay', { ads: 0.143, mail: 0.286, search: 0.571 }],
  ['u_shaped', { ads: 0.4, mail: 0.2, search: 0.4 }],
  ['j_shaped', { ads: 0.2, mail: 0.2, search: 0.6 }],
  ['inverse_j', { ads: 0.6, mail: 0.2, search: 0.2 }],
] as const)('14.8 example 1: %s with a third touch at the conversion', (type, shares) => {
  expect(touched({ type }, 'search')).toEqual(shares);
});

test('14.8 example 1: one touch has all of it, whatever the model, and no touch is not set', () => {
  const models = ['first', 'last', 'linear', 'participation', 'time_decay', 'u_shaped'] as const;
  const bought = (type: (typeof models)[number], lookback: number) =>
    totalsOf(
      viewsOf(did('u', 'Visit', '03-08 12:00', { source: 'mail' }), did('u', 'Buy', '03-15 12:00')),
      {
        range: { from: '2024-03-15', to: '2024-03-15' },
        metrics: [{ selector: only('Buy'), measure: { type: 'total' } }],
        breakdowns: [
          {
            property: {
              ...event('source'),
              computed: {
                type: 'attributed',
                model: { type },
                lookback: { value: lookback, unit: 'day' },
              },
            },
          },
        ],
      },
    );
  for (const model of models) {
    expect(bought(model, 7)).toEqual({ Overall: 1, mail: 1 });
    expect(bought(model, 6)).toEqual({ Overall: 1, '(not set)': 1 });
  }
});

test('14.6: given shares are normalised', () => {
  const model = { type: 'custom' as const, first: 1, middle: 1, last: 2 };
  expect(touched(model, 'search')).toEqual({ ads: 0.25, mail: 0.25, search: 0.5 });
  expect(touched(model)).toEqual({ ads: 0.333, mail: 0.667 });
});

test('14.8 example 2: the first or the last conversion of a user has the last touch', () => {
  const buys = viewsOf(
    did('u', 'Buy', '05-01 12:00', { source: 'X' }),
    did('u', 'Buy', '05-07 12:00', { source: 'X' }),
    did('u', 'Buy', '05-10 12:00', { source: 'Y' }),
  );
  const model = { type: 'last' as const };
  const by = (countOnce: 'first' | 'last') =>
    totalsOf(buys, {
      range: { from: '2024-05-01', to: '2024-05-31' },
      metrics: [{ selector: only('Buy'), measure: { type: 'unique' }, countOnce }],
      breakdowns: [{ property: { ...event('source'), computed: { type: 'attributed', model } } }],
    });
  expect(by('last')).toMatchObject({ Overall: 1, Y: 1 });
  expect(by('first')).toMatchObject({ Overall: 1, X: 1 });
});

/** k1 → fruit, k2 → veg. */
const withTable: PlanContext = {
  ...later,
  definitions: {
    ...noDefinitions,
    lookup: () => ({ keys: ['k1', 'k2'], values: ['fruit', 'veg'] }),
  },
};

test('14.8 example 3: a lookup maps a list item by item', () => {
  const views = viewsOf(
    did('u', 'Play', '03-04 01:00', { items: ['k1', 'k2'] }),
    did('u', 'Play', '03-04 02:00', { items: ['k2'] }),
    did('u', 'Play', '03-04 03:00', { items: 'k9' }),
  );
  const category = {
    ...event('items'),
    computed: { type: 'lookup' as const, table: 'products', column: 'category' },
  };
  expect(totalsOf(views, { breakdowns: [{ property: category }] }, withTable)).toEqual({
    Overall: 3,
    veg: 2,
    fruit: 1,
    '(not set)': 1,
  });
  const filters: Part['filters'] = [
    { type: 'property', property: category, operator: 'equals', values: ['fruit'] },
  ];
  expect(
    totalsOf(views, { filters, breakdowns: [{ property: event('items') }] }, withTable),
  ).toEqual({ Overall: 1, k1: 1, k2: 1 });
  // 3.6: every pair of an item and a value of any item of the same event.
  expect(
    totalsOf(
      views,
      { filters, breakdowns: [{ property: event('items') }, { property: category }] },
      withTable,
    ),
  ).toEqual({ Overall: 1, 'k1 / fruit': 1, 'k1 / veg': 1, 'k2 / fruit': 1, 'k2 / veg': 1 });
});

test('14.8 example 4: an event of several alternatives counts once', () => {
  const either = { anyOf: [...only('Signup').anyOf, ...only('Play').anyOf, ...only('Play').anyOf] };
  const { series } = ask(d1Views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-04' },
    metrics: [
      { selector: either, measure: { type: 'total' } },
      { selector: either, measure: { type: 'unique' } },
    ],
  });
  expect(series.map(({ total }) => total)).toEqual([3, 2]);
});

test('14.8 example 4: a borrowed value is at most so old', () => {
  const views = buildViews(
    {
      events: [
        did('u2', 'Signup', '03-04 10:00', { source: 'ads' }),
        did('u2', 'Signup', '03-04 10:30'),
        did('u2', 'Play', '03-11 09:00'),
        did('u2', 'Play', '03-11 10:01'),
      ],
      people: {},
    },
    1,
  );
  const property = {
    ...event('source'),
    computed: { type: 'borrowed' as const, selector: only('Signup') },
  };
  expect(totalsOf(views, { breakdowns: [{ property }] })).toEqual({
    Overall: 2,
    ads: 1,
    '(not set)': 1,
  });
});

test('3.5: a borrowed value that no event has is false as a boolean', () => {
  const computed = { type: 'borrowed' as const, selector: only('Signup') };
  const property = { ...event('nowhere'), computed, cast: 'boolean' as const };
  expect(plays({ breakdowns: [{ property }] })).toEqual({ Overall: 7, false: 7 });
});

test('14.3: a formula over the properties of an event and of its user', () => {
  const expression = 'if(properties["secs"] >= 100, user["plan"], "short")';
  const property = { ...event('made'), computed: { type: 'formula' as const, expression } };
  expect(plays({ breakdowns: [{ property }] })).toEqual({
    Overall: 7,
    pro: 3,
    short: 3,
    '(not set)': 1,
  });
});

test('14.5 and 4.5: how often a user did it, over the range and in each bucket of a chart', () => {
  const property = {
    ...event('made'),
    computed: { type: 'behavior' as const, selector: only('Play'), aggregate: 'count' as const },
  };
  expect(plays({ breakdowns: [{ property }] })).toEqual({ Overall: 7, 3: 3, 2: 2, 1: 2 });
  const { series } = ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    unit: 'week',
    metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    breakdowns: [{ property }],
  });
  expect(series.map(({ segment, values }) => [segment?.text, values])).toEqual([
    [undefined, [5, 2]],
    ['1', [2, 2]],
    ['3', [3, 0]],
  ]);
});

test('14.8: the time to the next event of the same name', () => {
  const property = { ...event('next'), computed: { type: 'until_next' as const } };
  expect(
    totalsOf(d1Views, {
      breakdowns: [{ property }],
      range: { from: '2024-03-11', to: '2024-03-12' },
    }),
  ).toEqual({ Overall: 2, 'Did not convert': 2 });
  expect(
    totalsOf(d1Views, {
      breakdowns: [{ property }],
      range: { from: '2024-03-05', to: '2024-03-05' },
    }),
  ).toEqual({ Overall: 2, 100_800: 1, 518_400: 1 });
});
