import { expect, test } from 'vitest';
import type { Properties } from '@arbor/schema/property-value';
import type { AttributionModel, QueryInput } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import type { WorldEvent } from '../model/world.ts';
import { d1Views, did, event, only, person, viewsOf } from './sample-data.ts';

type Insights = Extract<QueryInput, { type: 'insights' }>;
type Part = Pick<Insights, 'breakdowns' | 'filters'> & Partial<Insights>;

const wholeRange = { from: '2024-03-04', to: '2024-03-12' };

/** Range values by segment; combinations by their parts. */
function totalsOf(views: ReturnType<typeof viewsOf>, part: Part, context: PlanContext = later) {
  const { series } = ask(
    views,
    {
      type: 'insights',
      range: wholeRange,
      unit: 'total',
      metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
      ...part,
    },
    context,
  );
  return Object.fromEntries(
    series.map(({ segment, total }) => [segment?.text ?? 'Overall', total]),
  );
}

const plays = (part: Part) => totalsOf(d1Views, part);

test('3.5: to boolean, only false values and "false" are false, and so is what is not set', () => {
  const values = ['false', 0, null, '', 'no', 1, [], true] as const;
  const events = values.map((p, i) => did('u', 'Play', `03-04 0${i}:00`, { p }));
  const views = viewsOf(...events, did('u', 'Play', '03-04 09:00'));
  expect(
    totalsOf(views, { breakdowns: [{ property: { ...event('p'), cast: 'boolean' } }] }),
  ).toEqual({
    Overall: 9,
    false: 5,
    true: 4,
  });
});

test('3.5: to number, texts of digits are numbers and others are (non-numeric values)', () => {
  const values = ['5', 5, '1.5', 'x', '', true];
  const events = values.map((p, i) => did('u', 'Play', `03-04 0${i}:00`, { p }));
  const views = viewsOf(...events, did('u', 'Play', '03-04 09:00'));
  const property = { ...event('p'), cast: 'number' as const };
  expect(totalsOf(views, { breakdowns: [{ property }] })).toEqual({
    Overall: 7,
    5: 2,
    1.5: 1,
    '(non-numeric values)': 3,
    '(not set)': 1,
  });
  expect(
    totalsOf(views, {
      filters: [{ type: 'property', property, operator: 'at_least', values: [2] }],
      breakdowns: [],
    }),
  ).toEqual({ Overall: 2 });
});

test('3.5: to date, numbers are unix seconds and from 10^11 on milliseconds', () => {
  const day = Date.UTC(2024, 2, 5);
  const views = viewsOf(
    did('u', 'Play', '03-04 01:00', { p: day / 1000 }),
    did('u', 'Play', '03-04 02:00', { p: day }),
    did('u', 'Play', '03-04 03:00', { p: '2024-03-05' }),
    did('u', 'Play', '03-04 04:00', { p: 'x' }),
  );
  const property = { ...event('p'), cast: 'date' as const };
  expect(
    totalsOf(views, { breakdowns: [{ property, buckets: { type: 'date', unit: 'day' } }] }),
  ).toEqual({
    Overall: 4,
    '2024-03-05': 3,
    '(not set)': 1,
  });
});

test('3.5: a number read as text has no buckets of its own', () => {
  const property = { ...event('secs'), cast: 'string' as const };
  expect(plays({ breakdowns: [{ property }] })).toMatchObject({ '100': 1, 'n/a': 1 });
});

test('3.6: any item or all items; an empty list passes neither', () => {
  const tags = (quantifier: 'any' | 'all') => ({
    type: 'property' as const,
    property: event('tags'),
    operator: 'equals' as const,
    values: ['rock', 'jazz'],
    quantifier,
  });
  expect(plays({ filters: [tags('any')], breakdowns: [] })).toEqual({ Overall: 4 });
  expect(plays({ filters: [tags('all')], breakdowns: [] })).toEqual({ Overall: 3 });
});

test('3.6: all items of the events that pass, or those alone that match the filter', () => {
  const filters: Part['filters'] = [
    { type: 'property', property: event('tags'), operator: 'equals', values: ['pop'] },
  ];
  expect(plays({ filters, breakdowns: [{ property: event('tags') }] })).toEqual({
    Overall: 2,
    pop: 2,
    rock: 1,
  });
  expect(plays({ filters, breakdowns: [{ property: event('tags'), items: 'matching' }] })).toEqual({
    Overall: 2,
    pop: 2,
  });
});

test('3.7: several properties give a segment for each combination', () => {
  expect(
    plays({ breakdowns: [{ property: event('song') }, { property: person('plan') }] }),
  ).toEqual({
    Overall: 7,
    'A / pro': 3,
    'B / pro': 2,
    'A / (not set)': 1,
    'C / free': 1,
  });
});

test('3.7: dates by the hour of the day and the day of the week, in the zone of the project', () => {
  const views = viewsOf(
    did('u', 'Play', '03-04 01:00', { at: '2024-03-04T01:30:00Z' }),
    did('u', 'Play', '03-04 02:00', { at: '2024-03-04T12:00:00' }),
  );
  const zone = { ...later, timezone: 'America/New_York' };
  const by = (unit: 'hour_of_day' | 'day_of_week') =>
    totalsOf(
      views,
      {
        range: { from: '2024-03-03', to: '2024-03-05' },
        breakdowns: [{ property: event('at'), buckets: { type: 'date', unit } }],
      },
      zone,
    );
  expect(by('hour_of_day')).toEqual({ Overall: 2, 7: 1, 20: 1 });
  expect(by('day_of_week')).toEqual({ Overall: 2, Monday: 1, Sunday: 1 });
});

test('3.7: groups of texts; a value of two groups is in the first, and (not set) in none', () => {
  const groups = [
    { name: 'early', values: ['A', 'B'] },
    { name: 'late', values: ['B', 'D'] },
  ];
  expect(
    totalsOf(
      viewsOf(
        ...['A', 'B', 'C', 'D'].map((song, i) => did('u', 'Play', `03-04 0${i}:00`, { song })),
        did('u', 'Play', '03-04 09:00'),
      ),
      { breakdowns: [{ property: event('song'), buckets: { type: 'groups', groups } }] },
    ),
  ).toEqual({ Overall: 5, early: 2, late: 1, '(remaining values)': 1, '(not set)': 1 });
});

test('3.7: a list of objects by key, and what its objects have together', () => {
  const items = (...prices: number[]): Properties => ({
    items: prices.map((price) => ({ price, kind: price > 5 ? 'dear' : 'cheap' })),
  });
  const views = viewsOf(
    did('u', 'Play', '03-04 01:00', items(1, 9)),
    did('u', 'Play', '03-04 02:00', items(2, 3)),
    did('u', 'Play', '03-04 03:00'),
  );
  const by = (property: NonNullable<Part['breakdowns']>[number]) =>
    totalsOf(views, { breakdowns: [property] });
  const list = event('items');
  expect(by({ property: { ...list, path: ['kind'] } })).toEqual({
    Overall: 3,
    cheap: 2,
    dear: 1,
    '(not set)': 1,
  });
  expect(
    by({ property: { ...list, computed: { type: 'items', aggregate: 'sum', key: 'price' } } }),
  ).toEqual({ Overall: 3, 10: 1, 5: 1, '(not set)': 1 });
  expect(
    by({
      property: { ...list, computed: { type: 'items', aggregate: 'distinct_count', key: 'kind' } },
    }),
  ).toEqual({ Overall: 3, 2: 1, 1: 1, '(not set)': 1 });
  const cheap = (quantifier: 'any' | 'all') =>
    totalsOf(views, {
      breakdowns: [],
      filters: [
        {
          type: 'items',
          property: list,
          quantifier,
          filters: [
            {
              type: 'property',
              property: { scope: 'item', name: 'price' },
              operator: 'less_than',
              values: [5],
            },
          ],
        },
      ],
    });
  expect(cheap('any')).toEqual({ Overall: 2 });
  expect(cheap('all')).toEqual({ Overall: 1 });
});

test('4.7.5: even buckets with what lies below, above, and is no number', () => {
  const buckets = { type: 'even' as const, min: 0, max: 300, size: 100 };
  expect(plays({ breakdowns: [{ property: event('secs'), buckets }] })).toEqual({
    Overall: 7,
    '0 – 100': 2,
    '100 – 200': 2,
    '200 – 300': 1,
    '≥ 300': 1,
    '(non-numeric values)': 1,
  });
});

test('9.5 example 4: each cohort has what is in and not in it', () => {
  const cohort = (name: string, ...ids: string[]) => ({ type: 'users' as const, name, ids });
  const { series } = ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    unit: 'total',
    metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    breakdowns: [{ type: 'cohort', cohorts: [cohort('P', 'u1'), cohort('Q', 'u1', 'u2')] }],
  });
  expect(series.map(({ segment, total }) => [segment?.type, segment?.text, total])).toEqual([
    [undefined, undefined, 7],
    ['in', 'Q', 5],
    ['not_in', 'P', 4],
    ['in', 'P', 3],
    ['not_in', 'Q', 2],
  ]);
});

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
