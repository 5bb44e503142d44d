import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, expect, inject, it } from 'vitest';
import { hasJobsBefore } from './jobs-before.ts';

const redis = new Redis(inject('redisUrl'));
const queue = new Queue('jobs-before', { connection: redis });

beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await queue.close();
  await redis.quit();
});

it('sees a job that waits, pauses or is behind younger ones, and none that is done', async () => {
  const has = (time: number): Promise<boolean> => hasJobsBefore(redis, ['other', queue.name], time);
  expect(await has(1000)).toBe(false);
  for (let n = 0; n < 1500; n++) await queue.add('young', {}, { timestamp: 2000 });
  expect(await has(1000)).toBe(false);
  const old = await queue.add('old', {}, { timestamp: 500 });
  expect(await has(1000)).toBe(true);
  expect(await has(500)).toBe(false);
  await old.remove();
  expect(await has(1000)).toBe(false);
  await queue.add('paused', {}, { timestamp: 400, delay: 60_000 });
  expect(await has(1000)).toBe(true);
  expect(await hasJobsBefore(redis, ['other'], 1000)).toBe(false);
});
