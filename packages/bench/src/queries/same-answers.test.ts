import { expect, it } from 'vitest';
import { difference } from './same-answers.ts';

it('takes rows in any order for the same unless their order is part of the answer', () => {
  const one = [
    [0, 'a', 1],
    [1, 'a', 2],
  ];
  const other = [...one].reverse();
  expect(difference(one, other, false)).toBeNull();
  expect(difference(one, other, true)).toBe('row 0: [0,"a",1] against [1,"a",2]');
});

it('sees a missing row, another count and another name', () => {
  expect(difference([[1]], [], false)).toBe('1 rows against 0');
  expect(difference([[0, 1]], [[0, 2]], false)).toBe('row 0: [0,1] against [0,2]');
  expect(difference([['a', 1]], [['b', 1]], false)).toBe('row 0: ["a",1] against ["b",1]');
  expect(difference([[1, 2]], [[1]], false)).toBe('row 0: [1,2] against [1]');
  expect(difference([['1']], [[1]], true)).toBe('row 0: ["1"] against [1]');
  expect(difference([[1]], [[NaN]], true)).toBe('row 0: [1] against [null]');
});

it('lets sums differ by the order of adding', () => {
  expect(difference([['a', 0.1 + 0.2]], [['a', 0.3]], false)).toBeNull();
  expect(difference([[1e15]], [[1e15 + 0.25]], false)).toBeNull();
  expect(difference([[1e6]], [[1e6 + 1]], false)).not.toBeNull();
});

it('lets an engine list groups that nobody is in', () => {
  const listed = [
    ['free', 0, 5],
    ['free', 1, 0],
  ];
  expect(difference(listed, [['free', 0, 5]], false)).toBeNull();
  expect(difference([['free', 1, 5]], listed, false)).not.toBeNull();
  expect(difference(listed, [['free', 0, 5]], true)).toBe('2 rows against 1');
});
