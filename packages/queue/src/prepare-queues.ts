import type { Redis } from 'ioredis';
import { queueLimits } from './limits.ts';

/**
 * Makes the event stream that BullMQ writes beside each queue short. Only a `Queue` object sets that
 * by itself; flows and workers leave the default of 10,000 entries a queue, which is tens of
 * megabytes of Redis that nobody reads.
 */
export async function prepareQueues(redis: Redis, queues: readonly string[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const queue of queues) {
    pipeline.hset(`bull:${queue}:meta`, 'opts.maxLenEvents', queueLimits.eventsMax);
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}
