import { expect, it } from 'vitest';
import { judgeLoad, laneBehindMs, type QueueStats } from './backpressure.ts';
import { queueLimits } from './limits.ts';
import type { QueueDepth } from './queue-depths.ts';

const shape = { zones: ['a', 'b'], shards: 2 };

const load = (
  depths: Partial<QueueDepth>[],
  redisBytes = 0,
): Pick<QueueStats, 'depths' | 'redisBytes'> => ({
  depths: depths.map((depth) => ({ queue: '', jobs: 0, waitMs: 0, ...depth })),
  redisBytes,
});

it('takes everything while the queues are short', () => {
  expect(judgeLoad('live', load([]), shape)).toBeNull();
  const busy = load([
    { queue: 'ingest-live', jobs: queueLimits.liveJobsMax, waitMs: queueLimits.waitMsMax },
  ]);
  expect(judgeLoad('live', busy, shape)).toBeNull();
});

it('refuses a lane whose own queue is full, and only that lane', () => {
  const full = load([{ queue: 'ingest-bulk', jobs: queueLimits.bulkJobsMax + 1 }]);
  expect(judgeLoad('bulk', full, shape)).toEqual({
    retryAfterSeconds: queueLimits.retryAfterSecondsBulk,
    reason: 'ingest-bulk is full',
  });
  expect(judgeLoad('live', full, shape)).toBeNull();
});

it('refuses when the oldest batch has waited too long', () => {
  const slow = load([{ queue: 'ingest-live', jobs: 1, waitMs: queueLimits.waitMsMax + 1 }]);
  expect(judgeLoad('live', slow, shape)?.reason).toBe('ingest-live is too slow');
});

it('goes on while one zone is away, and refuses when both replicas of a shard are behind', () => {
  const behind = (zone: string): Partial<QueueDepth> => ({
    queue: `store-1-${zone}`,
    jobs: 10,
    waitMs: queueLimits.waitMsMax + 1,
  });
  expect(judgeLoad('live', load([behind('a')]), shape)).toBeNull();
  expect(judgeLoad('live', load([behind('a'), behind('b')]), shape)?.reason).toBe(
    'storage is too slow',
  );
});

it('refuses before Redis is out of memory, and when a store queue grows without end', () => {
  expect(judgeLoad('live', load([], queueLimits.redisBytesMax + 1), shape)?.reason).toBe(
    'the queues are out of memory',
  );
  const endless = load([{ queue: 'store-0-b', jobs: queueLimits.storeJobsMax + 1 }]);
  expect(judgeLoad('bulk', endless, shape)?.reason).toBe('store-0-b is full');
});

it('says a lane is as far behind as its own queue or the fastest replica of the slowest shard', () => {
  const two = { zones: ['a', 'b'], shards: 2 };
  const depth = (queue: string, waitMs: number) => ({ queue, jobs: 1, waitMs });
  const depths = [
    depth('ingest-bulk', 700),
    depth('store-0-a', 5000),
    depth('store-0-b', 200),
    depth('store-1-a', 300),
    depth('store-1-b', 400),
  ];
  expect(laneBehindMs('bulk', { depths }, two)).toBe(700);
  expect(laneBehindMs('live', { depths }, two)).toBe(300);
  expect(laneBehindMs('live', { depths: [] }, two)).toBe(0);
});
