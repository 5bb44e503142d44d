import type { Redis } from 'ioredis';

/**
 * Frees what a process that was killed still had in hand, so that its successor gets it at once and not
 * when the locks run out. Only for a queue that has one consumer at a time, called before that consumer
 * starts: a storage process holds the lock of its directory, so nobody else can be at work.
 *
 * The jobs are marked as stalled and their locks taken away; BullMQ's own check, which every consumer
 * makes first of all, moves them back to the head of the queue.
 */
export async function reclaimJobs(redis: Redis, queues: readonly string[]): Promise<void> {
  for (const queue of queues) {
    const key = (part: string): string => `bull:${queue}:${part}`;
    const ids = await redis.lrange(key('active'), 0, -1);
    if (ids.length === 0) continue;
    await redis
      .multi()
      .del(...ids.map((id) => `${key(id)}:lock`))
      .sadd(key('stalled'), ...ids)
      // Says that a check was made a moment ago.
      .del(key('stalled-check'))
      .exec();
  }
}
