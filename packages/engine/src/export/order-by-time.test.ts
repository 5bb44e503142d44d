import { expect, test } from 'vitest';
import { orderByTime } from './order-by-time.ts';

test('orders rows by time, those of one time as they were', () => {
  expect([...orderByTime(new Uint32Array(0))]).toEqual([]);
  expect([...orderByTime(Uint32Array.of(5, 86_399_999, 0, 5, 16_384, 16_383))]).toEqual([
    2, 0, 3, 5, 4, 1,
  ]);
});
