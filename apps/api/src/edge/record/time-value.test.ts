import { expect, test } from 'vitest';
import { readTime } from './time-value.ts';

test.each([
  ['10: seconds with a fraction keep their ms', 1709510400.123, 1709510400123],
  ['15 d: seconds', 1709510400.5, 1709510400500],
  ['15 d: milliseconds', 1709510400500, 1709510400500],
  ['10: the greatest seconds', 99_999_999_999, 99_999_999_999_000],
  ['10: the least milliseconds', 100_000_000_000, 100_000_000_000],
  ['10: a numeric string', '1709510400.5', 1709510400500],
  ['a numeric string with space', ' 1709510400500 ', 1709510400500],
  ['a fraction of a ms is rounded', 1709510400500.7, 1709510400501],
  ['the beginning of time', 0, 0],
])('%s', (_, value, expected) => {
  expect(readTime(value)).toBe(expected);
});

test.each([
  [null],
  [undefined],
  [''],
  ['today'],
  ['2024-03-04'],
  ['0x10'],
  ['1e9999'],
  [true],
  [{}],
])('%j is no time', (value) => {
  expect(readTime(value)).toBeNull();
});

test('neither are times before 1970, beyond the calendar, and no numbers', () => {
  expect([-1, 8.64e15 + 1, Infinity, NaN].map(readTime)).toEqual([null, null, null, null]);
});
