import { expect, test } from 'vitest';
import type { Measure, PropertyRef, TimeUnit } from '@arbor/schema/query';
import { ask } from '../model/ask.ts';
import { d1Views, did, event, only, person, viewsOf } from './sample-data.ts';

const wholeRange = { from: '2024-03-04', to: '2024-03-12' };

function playBy(measures: Measure[], breakdown?: PropertyRef, unit: TimeUnit = 'day') {
  return ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    unit,
    metrics: measures.map((measure) => ({ selector: only('Play'), measure })),
    breakdowns: breakdown ? [{ property: breakdown }] : [],
  });
}

function segmentTotals(measure: Measure, breakdown: PropertyRef) {
  const { series } = playBy([measure], breakdown);
  return series.map(({ segment, total }) => [segment?.text ?? 'Overall', total]);
}

test('4.7.1: unique users of the range are not the sum of the days', () => {
  const { series } = ask(d1Views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-06' },
    metrics: [
      { selector: only('Play'), measure: { type: 'total' } },
      { selector: only('Play'), measure: { type: 'unique' } },
    ],
  });
  expect(series).toEqual([
    { metric: 0, segment: null, values: [1, 2, 2], total: 5 },
    { metric: 1, segment: null, values: [1, 2, 2], total: 3 },
  ]);
});

test('4.7.2: weekly unique users', () => {
  const { series } = playBy([{ type: 'unique' }], undefined, 'week');
  expect(series[0]).toMatchObject({ values: [3, 2], total: 4 });
});

test('4.7.2: weekly active users by day, and their range value is that of the last day', () => {
  const { series } = playBy([{ type: 'wau' }]);
  expect(series[0]).toMatchObject({ values: [1, 2, 3, 3, 3, 3, 3, 3, 4], total: 4 });
});

test('4.7.3: numbers of a property; the text among them is ignored', () => {
  const property = event('secs');
  const measures: Measure[] = [
    { type: 'sum', property },
    { type: 'average', property },
    { type: 'median', property },
    { type: 'min', property },
    { type: 'max', property },
    { type: 'percentile', property, percentile: 25 },
    { type: 'percentile', property, percentile: 75 },
    { type: 'percentile', property, percentile: 90 },
    { type: 'percentile', property, percentile: 99 },
    { type: 'distinct_count', property: event('song') },
  ];
  const totals = playBy(measures).series.map(({ total }) => total);
  expect(totals[1]).toBeCloseTo(133.33, 2);
  expect(totals.toSpliced(1, 1)).toEqual([800, 110, 30, 300, 62.5, 180, 250, 295, 3]);
});

test('4.7.4: a list counts once in the segment of each distinct item', () => {
  expect(segmentTotals({ type: 'total' }, event('tags'))).toEqual([
    ['Overall', 7],
    ['rock', 3],
    ['(not set)', 2],
    ['pop', 2],
    ['jazz', 1],
  ]);
});

test('4.7.4: a user counts in every segment', () => {
  expect(segmentTotals({ type: 'unique' }, event('song'))).toEqual([
    ['Overall', 4],
    ['A', 3],
    ['B', 2],
    ['C', 1],
  ]);
});

test('4.7.6: a person property has its current value on all events', () => {
  expect(segmentTotals({ type: 'total' }, person('plan'))).toEqual([
    ['Overall', 7],
    ['pro', 5],
    ['(not set)', 1],
    ['free', 1],
  ]);
});

test('3.8: cuts the segments only at the end and says how many there are', () => {
  const { series, segmentCounts } = ask(d1Views, {
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    breakdowns: [{ property: event('song') }],
    segmentsMax: 1,
  });
  expect(segmentCounts).toEqual([3]);
  expect(series.map(({ segment, total }) => [segment?.text, total])).toEqual([
    [undefined, 7],
    ['A', 4],
  ]);
});

test('3.8: averages rank by the number of contributing events', () => {
  // A has 3 numbers (100, 200, 300), B two (50, 120), C one (30); the text of event 8 is none.
  expect(segmentTotals({ type: 'average', property: event('secs') }, event('song'))).toEqual([
    ['Overall', 800 / 6],
    ['A', 200],
    ['B', 85],
    ['C', 30],
  ]);
});

test('4.1: a missing value and a null are not counted as distinct values, an empty text is', () => {
  const values = [null, '', 'x', 'x', 1, '1'];
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    ...values.map((value) => did('u', 'A', '03-04 10:00', { value })),
  );
  const { series } = ask(views, {
    type: 'insights',
    range: wholeRange,
    metrics: [
      { selector: only('A'), measure: { type: 'distinct_count', property: event('value') } },
    ],
  });
  expect(series[0].total).toBe(4);
});

test('3.1: events of nobody count in totals and in no number of users', () => {
  const views = viewsOf(did('', 'A', '03-04 10:00'), did('u', 'A', '03-04 10:00'));
  const { series } = ask(views, {
    type: 'insights',
    range: wholeRange,
    metrics: (['total', 'unique', 'mau'] as const).map((type) => ({
      selector: only('A'),
      measure: { type },
    })),
  });
  expect(series.map(({ values }) => values[0])).toEqual([2, 1, 1]);
});

test('3.2: any event leaves out the events of the protocol', () => {
  const names = ['A', '$identify', '$create_alias', '$merge', '$session_end'];
  const views = viewsOf(...names.map((name) => did('u', name, '03-04 10:00')));
  const { series } = ask(views, {
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
  });
  expect(series[0].total).toBe(2);
});
