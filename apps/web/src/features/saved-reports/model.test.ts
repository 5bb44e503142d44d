import { expect, test } from 'vitest';
import { copyName, isSameView, reportPath } from './model.ts';

test('two views are the same whatever order their fields have, and differ by a value or an order of a list', () => {
  const view = { range: { preset: '7d' }, metrics: [{ event: 'A', filters: [] }], sort: null };
  const turned = { sort: null, metrics: [{ filters: [], event: 'A' }], range: { preset: '7d' } };
  expect(isSameView(view, turned)).toBe(true);
  expect(isSameView(view, { ...turned, range: { preset: '30d' } })).toBe(false);
  expect(isSameView([1, 2], [2, 1])).toBe(false);
  // What JSON does not keep is no difference.
  expect(isSameView({ a: 1, b: undefined }, { a: 1 })).toBe(true);
});

test('a report opens in the view of its type', () => {
  expect(reportPath(7, { id: 3, type: 'funnel' })).toBe('/p/7/funnels/3');
  expect(reportPath(7, { id: 4, type: 'insights' })).toBe('/p/7/insights/4');
});

test('the name of a copy is not longer than names may be', () => {
  expect(copyName('Sales')).toBe('Sales (copy)');
  expect(copyName('x'.repeat(255))).toHaveLength(247);
});
