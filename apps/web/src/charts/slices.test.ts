import { expect, test } from 'vitest';
import { arcPath, slicesMax, slicesOf } from './slices.ts';

const entry = (key: string, value: number | null) => ({ key, name: key, colour: 'red', value });

test('gives each entry its share of the whole, the largest first, all around', () => {
  const { slices, rest, total } = slicesOf([entry('a', 25), entry('b', 75)]);
  expect(total).toBe(100);
  expect(rest).toBe(0);
  expect(slices.map(({ entry: { key }, share, from, to }) => [key, share, from, to])).toEqual([
    ['b', 0.75, 0, 0.75],
    ['a', 0.25, 0.75, 1],
  ]);
});

test('puts what is too thin to see into one slice, and says of how many', () => {
  const many = Array.from({ length: slicesMax + 3 }, (_, n) => entry(`${n}`, 100 - n));
  const { slices, rest, total } = slicesOf(many);
  expect(slices).toHaveLength(slicesMax + 1);
  expect(rest).toBe(3);
  expect(slices.at(-1)?.entry.value).toBe(88 + 87 + 86);
  expect(slices.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(total).toBe(many.reduce((sum, { value }) => sum + (value ?? 0), 0));
});

test('leaves out what is no part of a whole', () => {
  expect(slicesOf([entry('a', null), entry('b', 0), entry('c', -1)])).toEqual({
    slices: [],
    rest: 0,
    total: 0,
  });
});

test('draws a whole ring too', () => {
  const ring = { radius: 10, hole: 5 };
  expect(arcPath({ from: 0, to: 0.25, ...ring })).toBe(
    'M0.00 -10.00A10 10 0 0 1 10.00 -0.00L5.00 -0.00A5 5 0 0 0 0.00 -5.00Z',
  );
  expect(arcPath({ from: 0, to: 1, ...ring }).match(/A/g)).toHaveLength(4);
});
