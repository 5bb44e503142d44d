import { expect, test } from 'vitest';
import type { Properties } from '@arbor/schema/property-value';
import { ask, later } from '../model/ask.ts';
import { d1Views, did, event, person, only, viewsOf } from './sample-data.ts';
import { totalsOf, wholeRange } from './segment-totals.ts';
import type { Part } from './segment-totals.ts';

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

test('3.6: matching items are those of filters of which any must pass, and of the filters of each metric', () => {
  const tag = (value: string) => ({
    type: 'property' as const,
    property: event('tags'),
    operator: 'equals' as const,
    values: [value],
  });
  const breakdowns: Part['breakdowns'] = [{ property: event('tags'), items: 'matching' }];
  const either = { type: 'any' as const, filters: [tag('pop'), tag('jazz')] };
  expect(plays({ filters: [either], breakdowns })).toEqual({ Overall: 3, pop: 2, jazz: 1 });
  // What another property let through shows all of its items.
  const song = { ...tag('A'), property: event('song') };
  const mixed = { type: 'any' as const, filters: [tag('pop'), song] };
  expect(plays({ filters: [mixed], breakdowns })).toMatchObject({ rock: 2, pop: 2, jazz: 1 });
  const measure = { type: 'total' as const };
  const metrics = [tag('rock'), tag('pop')].map((filter) => ({
    selector: { anyOf: [{ event: 'Play', filters: [filter] }] },
    measure,
  }));
  const { series } = ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    unit: 'total',
    metrics,
    breakdowns,
  });
  expect(series.map(({ metric, segment, total }) => [metric, segment?.text, total])).toEqual([
    [0, undefined, 3],
    [0, 'rock', 3],
    [1, undefined, 2],
    [1, 'pop', 2],
  ]);
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
