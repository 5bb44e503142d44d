import type { Redis } from 'ioredis';

const queueKey = (queue: string, part: string): string => `bull:${queue}:${part}`;
const idsAtOnce = 1000;

/**
 * Whether any of the queues has a job that is not done and was put there before `time` (ms). Exact: every job is looked
 * at, as one that was tried again stands behind younger ones; so it is for work that happens rarely. Layout relied on:
 * queue-depths.ts. A job that goes from one queue to another is seen if its queues are asked about in that order: what is
 * made of it bears its time (store-producer.ts).
 */
export async function hasJobsBefore(
  redis: Redis,
  queues: readonly string[],
  time: number,
): Promise<boolean> {
  for (const queue of queues) {
    const ids = await idsOf(redis, queue);
    for (let from = 0; from < ids.length; from += idsAtOnce) {
      if (await hasOlder(redis, queue, ids.slice(from, from + idsAtOnce), time)) return true;
    }
  }
  return false;
}

/** In one transaction: a job that changes its list meanwhile is in the one or the other. */
async function idsOf(redis: Redis, queue: string): Promise<string[]> {
  const answers = await redis
    .multi()
    .lrange(queueKey(queue, 'wait'), 0, -1)
    .lrange(queueKey(queue, 'active'), 0, -1)
    .zrange(queueKey(queue, 'delayed'), 0, -1)
    .exec();
  return (answers ?? []).flatMap(([error, ids]) => {
    if (error !== null) throw error;
    return ids as string[];
  });
}

async function hasOlder(
  redis: Redis,
  queue: string,
  ids: readonly string[],
  time: number,
): Promise<boolean> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hget(queueKey(queue, id), 'timestamp');
  return ((await pipeline.exec()) ?? []).some(([error, timestamp]) => {
    if (error !== null) throw error;
    // Null: the job was done between the two round trips.
    return typeof timestamp === 'string' && Number(timestamp) < time;
  });
}
