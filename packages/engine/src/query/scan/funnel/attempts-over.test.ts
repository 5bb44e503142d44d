import { expect, test } from 'vitest';
import { AttemptsOver } from './attempts-over.ts';

const numbers = new Float64Array(0);

test('keeps the first attempt of a user with each value', () => {
  const over = new AttemptsOver({ timeCount: 1, valueCount: 2, numberCount: 0 }, 10, 2, 1);
  const add = (user: number, time: number, value: number) => {
    const times = new Float64Array(2).fill(time);
    over.add(user, 1, { times, values: Uint32Array.of(9, value, 9, value), numbers });
  };
  add(0, 1, 5);
  add(1, 2, 5);
  add(0, 3, 6);
  add(0, 4, 5);
  add(1, 5, 0);
  const { users, times, count } = over.table;
  expect([...users.array.subarray(0, count)]).toEqual([10, 11, 10, 11]);
  expect([...times.array.subarray(0, count)]).toEqual([1, 2, 3, 5]);
});

test('keeps every attempt where all count', () => {
  const over = new AttemptsOver({ timeCount: 1, valueCount: 1, numberCount: 0 }, 10, 2, null);
  for (const time of [1, 2, 3]) {
    over.add(1, 2, { times: Float64Array.of(0, time), values: Uint32Array.of(0, 5), numbers });
  }
  const { users, times, levels, count } = over.table;
  expect([...users.array.subarray(0, count)]).toEqual([11, 11, 11]);
  expect([...levels.array.subarray(0, count)]).toEqual([2, 2, 2]);
  expect([...times.array.subarray(0, count)]).toEqual([1, 2, 3]);
});
