import { Redis } from 'ioredis';
import { afterAll, beforeEach, expect, inject, it } from 'vitest';
import { dayKey } from './day-key.ts';

const redis = new Redis(inject('redisUrl'));
const other = new Redis(inject('redisUrl'));

beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await Promise.all([redis.quit(), other.quit()]);
});

it('is one for all who ask, another each day, and gone after its time', async () => {
  const asked = { day: 20_000, forMs: 3_600_000 };
  const [one, same, next] = await Promise.all([
    dayKey(redis, asked),
    dayKey(other, asked),
    dayKey(other, { ...asked, day: 20_001 }),
  ]);
  expect(one).toHaveLength(32);
  expect(same).toEqual(one);
  expect(next).not.toEqual(one);
  const leftMs = await redis.pttl('arbor:day-key:20000');
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(asked.forMs);
});
