import { expect, it } from 'vitest';
import { type LearnedNames, NamesMirror } from './learned-names.ts';

const learned = (values: LearnedNames['values'], isFresh = false): LearnedNames => ({
  events: [],
  properties: [],
  shapes: [],
  isFresh,
  values,
});

const numbersOf = (names: NamesMirror): (readonly [number, number])[] | undefined =>
  names.inOrder(0)?.numbers.map(({ value, code }) => [value, code] as const);

it('keeps the order of values until there are more, or others', () => {
  const names = new NamesMirror();
  names.learn(learned([{ property: 0, values: [null, 7, 3] }], true));
  expect(numbersOf(names)).toEqual([
    [3, 2],
    [7, 1],
  ]);
  expect(names.inOrder(0)).toBe(names.inOrder(0));
  names.learn(learned([{ property: 0, values: [5] }]));
  expect(numbersOf(names)).toEqual([
    [3, 2],
    [5, 3],
    [7, 1],
  ]);
  names.learn(learned([{ property: 0, values: [null, 9, 8, 4] }], true));
  expect(numbersOf(names)).toEqual([
    [4, 3],
    [8, 2],
    [9, 1],
  ]);
});

it('keeps no order of more values than days have in common', () => {
  const names = new NamesMirror();
  const values = [null, ...Array.from({ length: 70_000 }, (_, i) => i)];
  names.learn(learned([{ property: 0, values }], true));
  expect(names.inOrder(0)).toBeUndefined();
});
