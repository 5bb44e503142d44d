import { expect, test } from 'vitest';
import { bracketsText, parseBrackets } from './brackets.ts';

test('reads the brackets that it writes', () => {
  expect(parseBrackets('0, 1–3, 4-7, 8 – 14')).toEqual([1, 3, 4, 7]);
  expect(bracketsText([1, 3, 4, 7])).toBe('0, 1–3, 4–7, 8–14');
});

test('refuses what has a hole, overlaps, begins late or is no number', () => {
  for (const text of ['', '1–3', '0, 2–3', '0–3, 3–5', '0, 3–1', '0, x', '0–400']) {
    expect(parseBrackets(text)).toBeNull();
  }
  expect(parseBrackets(Array.from({ length: 61 }, (_, n) => `${n}`).join(','))).toBeNull();
});
