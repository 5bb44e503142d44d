import { expect, it } from 'vitest';
import { mapBounded } from './map-bounded.ts';

it('runs no more than the limit at once and keeps the order', async () => {
  let running = 0;
  let most = 0;
  const results = await mapBounded([5, 1, 4, 2, 3], 2, async (n) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < n; turn++) await Promise.resolve();
    running--;
    return n * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
  expect(await mapBounded([], 2, () => Promise.resolve(1))).toEqual([]);
});

it('fails with the first failure', async () => {
  const work = (n: number) => (n === 2 ? Promise.reject(new Error('two')) : Promise.resolve(n));
  await expect(mapBounded([1, 2, 3], 2, work)).rejects.toThrow('two');
});
