import { Redis } from 'ioredis';
import { afterAll, beforeEach, expect, inject, it } from 'vitest';
import { storeQueue } from './queue-names.ts';
import { batchesOf, createStoreProducer } from './store-producer.ts';
import { unfinishedJobs } from './unfinished-jobs.ts';

const redis = new Redis(inject('redisUrl'));
const producer = createStoreProducer({
  redisUrl: inject('redisUrl'),
  zones: ['a', 'b'],
  onError: (error) => {
    throw error;
  },
});

beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await producer.close();
  await redis.quit();
});

const batch = (batchId: string) => ({ batchId, shard: 3, bytes: Buffer.from(batchId) });

it('puts what is urgent before all that waits, in every zone', async () => {
  await expect.poll(() => producer.send([batch('one'), batch('two')])).toBeUndefined();
  await producer.send([{ ...batch('urgent'), isUrgent: true }]);
  for (const zone of ['a', 'b']) {
    // The next to be taken is the last one.
    const { waiting } = await unfinishedJobs(redis, storeQueue(3, zone));
    expect(waiting).toEqual(['two', 'one', 'urgent']);
  }
});

it('sends several batches in one job', async () => {
  const more = [Buffer.from('second'), Buffer.from('third')];
  await expect.poll(() => producer.send([{ ...batch('first'), more }])).toBeUndefined();
  const data = await redis.hget(`bull:${storeQueue(3, 'a')}:first`, 'data');
  const { batch: text } = JSON.parse(data ?? '') as { batch: string };
  expect(batchesOf(text).map(String)).toEqual(['first', 'second', 'third']);
});
