import { expect, test } from 'vitest';
import { AttemptTable } from './attempt-table.ts';
import { orderByUser } from './order-by-user.ts';

test('brings the attempts of a user together and keeps their order', () => {
  const table = new AttemptTable({ timeCount: 2, valueCount: 1, numberCount: 1 });
  const add = (user: number, level: number, time: number) => {
    const times = Float64Array.of(0, 0, time, -time);
    const numbers = Float64Array.of(0, time / 2);
    table.add(user, level, { times, values: Uint32Array.of(0, time * 10), numbers }, 1);
  };
  add(12, 2, 1);
  add(10, 1, 2);
  add(12, 1, 3);
  add(10, 2, 4);
  const ordered = new AttemptTable(table.shape);
  orderByUser(table, { first: 10, end: 13 }, ordered);
  const { users, levels, times, values, numbers, count } = ordered;
  expect(count).toBe(4);
  expect([...users.array.subarray(0, 4)]).toEqual([10, 10, 12, 12]);
  expect([...levels.array.subarray(0, 4)]).toEqual([1, 2, 2, 1]);
  expect([...times.array.subarray(0, 8)]).toEqual([2, -2, 4, -4, 1, -1, 3, -3]);
  expect([...values.array.subarray(0, 4)]).toEqual([20, 40, 10, 30]);
  expect([...numbers.array.subarray(0, 4)]).toEqual([1, 2, 0.5, 1.5]);
});
