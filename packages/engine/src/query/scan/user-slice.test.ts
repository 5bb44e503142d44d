import { expect, test } from 'vitest';
import { sliceUsers } from './user-slice.ts';

const users = Uint32Array.from([0, 2, 3, 10, 11, 500, 501, 900]);
const slice = (first: number, end: number, cursor: { user: number; run: number }) => {
  const { firstRun, endRun } = sliceUsers({ users }, first, end, cursor);
  return [...users.subarray(firstRun, endRun)];
};

test('a range takes its users, and nobody belongs to none', () => {
  expect(slice(1, 11, { user: 0, run: 0 })).toEqual([2, 3, 10]);
  expect(slice(901, 1000, { user: 0, run: 0 })).toEqual([]);
});

test('ranges may come in any order', () => {
  const cursor = { user: 0, run: 0 };
  expect(slice(11, 502, cursor)).toEqual([11, 500, 501]);
  expect(slice(502, 1000, cursor)).toEqual([900]);
  expect(slice(1, 11, cursor)).toEqual([2, 3, 10]);
  expect(slice(501, 900, cursor)).toEqual([501]);
});

test('long stretches of users are passed over', () => {
  const many = Uint32Array.from({ length: 5000 }, (_, i) => i * 3);
  const { firstRun, endRun } = sliceUsers({ users: many }, 9000, 12_001, { user: 0, run: 0 });
  expect([firstRun, endRun]).toEqual([3000, 4001]);
});
