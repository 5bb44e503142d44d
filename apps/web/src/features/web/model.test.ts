import { expect, test } from 'vitest';
import type { InsightsResult } from '@arbor/schema/result';
import { figureChart, figureViews, pageName, rankedRows } from './model.ts';

const bucket = { start: '2026-03-01T00:00:00+01:00', startMs: 0, endMs: 1, incomplete: false };
const series = (totals: readonly (number | null)[]) =>
  totals.map((total, metric) => ({ metric, segment: null, values: [total], total }));
const result: InsightsResult = {
  type: 'insights',
  buckets: [bucket],
  series: series([90, 120, 300, 30, 120, 61, 2.5, 0.25]),
  segmentCounts: [],
  comparison: { buckets: [bucket], series: series([100, 120, 0, 60, 120, 50, 0, 0.5]) },
};

test('says how each figure changed, and nothing where there was nothing before', () => {
  expect(
    figureViews(result, true).map(({ figure, value, change }) => [figure, value, change]),
  ).toEqual([
    ['users', 90, -0.1],
    ['sessions', 120, 0],
    ['views', 300, null],
    ['viewsPerSession', 2.5, null],
    ['bounce', 0.25, -0.5],
    ['duration', 61, 0.22],
  ]);
});

test('keeps apart what is nothing and what cannot be known', () => {
  const short = { ...result, series: series([90, 120, null, 2.5]) };
  const views = figureViews(short, false);
  expect(views.map(({ value }) => value)).toEqual([90, 120, null, 2.5, undefined, undefined]);
});

test('draws a figure over the period before', () => {
  const { series: drawn } = figureChart(result, 'duration', { known: true, unit: 'day' });
  expect(drawn.map(({ name, values }) => [name, values])).toEqual([
    ['Median duration', [61]],
    ['Period before', [50]],
  ]);
});

test('ranks the segments, without the row over all', () => {
  const listed: InsightsResult = {
    ...result,
    series: [
      { metric: 0, segment: null, values: [], total: 30 },
      { metric: 0, segment: { type: 'string', text: 'a' }, values: [], total: 20 },
      { metric: 0, segment: { type: 'not_set', text: '' }, values: [], total: 10 },
      { metric: 0, segment: { type: 'string', text: 'b' }, values: [], total: 0 },
    ],
  };
  expect(rankedRows(listed).map(({ name, share }) => [name, share])).toEqual([
    ['a', 1],
    ['(not set)', 0.5],
  ]);
});

test('writes pages by their paths', () => {
  expect(pageName('https://shop.example.com/goods/7')).toBe('/goods/7');
  expect(pageName('https://shop.example.com')).toBe('/');
  expect(pageName('Goods')).toBe('Goods');
});
