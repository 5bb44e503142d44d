import { expect, test } from 'vitest';
import { averageColumn } from './average-row.ts';

const rows = [
  { size: 1000, count: 500 },
  { size: 500, count: 400 },
];

test('6.5: larger rows weigh more, so the rate is not that of all users together', () => {
  const { size, count, rate } = averageColumn(rows, 'weighted');
  expect(size).toBeCloseTo(833.33, 2);
  expect(count).toBeCloseTo(466.67, 2);
  expect(rate).toBeCloseTo(0.56, 10);
});

test('pooled: the rate of all users together', () => {
  expect(averageColumn(rows, 'pooled')).toEqual({ size: 750, count: 450, rate: 0.6 });
});

test('there is none where nobody is', () => {
  const none = { size: null, count: null, rate: null };
  expect(averageColumn([], 'weighted')).toEqual(none);
  expect(averageColumn([{ size: 0, count: 0 }], 'pooled')).toEqual(none);
});

test('numbers near the largest do not overflow', () => {
  expect(averageColumn([{ size: 10, count: 1e308 }], 'weighted').count).toBe(1e308);
});
