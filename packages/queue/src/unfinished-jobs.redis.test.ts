import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, expect, inject, it } from 'vitest';
import { stillUnfinished, unfinishedJobs } from './unfinished-jobs.ts';

const redis = new Redis(inject('redisUrl'));
const queue = new Queue('unfinished-jobs', { connection: redis });

beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await queue.close();
  await redis.quit();
});

it('names the jobs that wait or pause, and says which of them are not done yet', async () => {
  expect(await unfinishedJobs(redis, queue.name)).toEqual({ waiting: [], inHand: [] });
  const waiting = await queue.add('waiting', {}, { jobId: 'one' });
  await queue.add('paused', {}, { jobId: 'two', delay: 60_000 });
  const { waiting: ids, inHand } = await unfinishedJobs(redis, queue.name);
  expect([ids, inHand]).toEqual([['one', 'two'], []]);
  const jobs = ids.map((id) => ({ queue: queue.name, id }));
  expect(await stillUnfinished(redis, jobs)).toEqual(jobs);
  await waiting.remove();
  expect(await stillUnfinished(redis, jobs)).toEqual([{ queue: queue.name, id: 'two' }]);
});

it('looks at any number of jobs', async () => {
  const jobs = Array.from({ length: 2500 }, (_, n) => ({ queue: queue.name, id: `job-${n}` }));
  await queue.add('last', {}, { jobId: 'job-2499' });
  expect(await stillUnfinished(redis, jobs)).toEqual([{ queue: queue.name, id: 'job-2499' }]);
});
