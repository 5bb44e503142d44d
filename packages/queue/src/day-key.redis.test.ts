import { Redis } from 'ioredis';
import { afterAll, beforeEach, expect, inject, it } from 'vitest';
import { sharedDayKeys } from './day-key.ts';

const redis = new Redis(inject('redisUrl'));
const other = new Redis(inject('redisUrl'));

beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await Promise.all([redis.quit(), other.quit()]);
});

it('is one for all who ask, another each day, and gone after its time', async () => {
  const hourMs = 3_600_000;
  const [ours, others] = [sharedDayKeys(redis), sharedDayKeys(other)];
  const [one, same, next] = await Promise.all([
    ours(20_000, hourMs),
    others(20_000, hourMs),
    others(20_001, hourMs),
  ]);
  expect(one).toHaveLength(32);
  expect(same).toEqual(one);
  expect(next).not.toEqual(one);
  const leftMs = await redis.pttl('arbor:day-key:20000');
  expect(leftMs).toBeGreaterThan(0);
  // And some minutes, for whoever asks late.
  expect(leftMs).toBeLessThanOrEqual(hourMs + 300_000);
});

it('is brought back by who has it when Redis lost it', async () => {
  const [ours, others] = [sharedDayKeys(redis), sharedDayKeys(other)];
  const key = await ours(20_000, 1000);
  await redis.flushall();
  expect(await ours(20_000, 1000)).toEqual(key);
  expect(await others(20_000, 1000)).toEqual(key);
  await redis.flushall();
  // Somebody who begins then and comes first: all have his from their next question on.
  const fresh = await sharedDayKeys(other)(20_000, 1000);
  expect(fresh).not.toEqual(key);
  expect(await ours(20_000, 1000)).toEqual(fresh);
});

it('is forgotten by who had it when Redis forgets it', async () => {
  let now = 0;
  const keys = sharedDayKeys(redis, () => now);
  const key = await keys(20_000, 1000);
  now += 1000 + 300_000;
  await keys(20_001, 1000);
  await redis.flushall();
  expect(await keys(20_000, 1000)).not.toEqual(key);
});

it('of a day that is about to end is the same for who asks a moment too late', async () => {
  const key = await sharedDayKeys(redis)(20_000, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await sharedDayKeys(other)(20_000, 1)).toEqual(key);
});
