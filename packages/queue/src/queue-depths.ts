import type { Redis } from 'ioredis';

/** How much waits on a queue, and since when. */
export interface QueueDepth {
  readonly queue: string;
  /** Jobs not done: waiting, in hand, or pausing after a failure. */
  readonly jobs: number;
  /** Age of the oldest job that is not done, ms; 0 when there is none. */
  readonly waitMs: number;
}

const queueKey = (queue: string, part: string): string => `bull:${queue}:${part}`;
const commandsPerQueue = 6;

/**
 * Depths of many queues in two round trips. Reads BullMQ's lists directly, because its own interface
 * costs a connection and a script call a queue. Layout relied on (BullMQ 6): `wait` and `active` are
 * lists whose oldest entry is the last one, `delayed` is a sorted set, and a job's hash has `timestamp`.
 */
export async function readQueueDepths(
  redis: Redis,
  queues: readonly string[],
  now: number,
): Promise<QueueDepth[]> {
  const pipeline = redis.pipeline();
  for (const queue of queues) {
    pipeline.llen(queueKey(queue, 'wait'));
    pipeline.llen(queueKey(queue, 'active'));
    pipeline.zcard(queueKey(queue, 'delayed'));
    pipeline.lindex(queueKey(queue, 'wait'), -1);
    pipeline.lindex(queueKey(queue, 'active'), -1);
    pipeline.zrange(queueKey(queue, 'delayed'), 0, 0);
  }
  const answers = values(await pipeline.exec());
  const found = queues.map((queue, i) => {
    const own = answers.slice(i * commandsPerQueue, (i + 1) * commandsPerQueue);
    const jobs = own.slice(0, 3).reduce<number>((sum, count) => sum + Number(count), 0);
    const ids = own.slice(3).flat();
    return { queue, jobs, oldest: ids.filter((id): id is string => typeof id === 'string') };
  });
  const ages = await agesOf(redis, found, now);
  return found.map(({ queue, jobs }) => ({ queue, jobs, waitMs: ages.get(queue) ?? 0 }));
}

/** The greatest age among the given jobs of each queue. */
async function agesOf(
  redis: Redis,
  found: readonly { queue: string; oldest: readonly string[] }[],
  now: number,
): Promise<Map<string, number>> {
  const pipeline = redis.pipeline();
  const asked = found.flatMap(({ queue, oldest }) => oldest.map((id) => ({ queue, id })));
  const ages = new Map<string, number>();
  if (asked.length === 0) return ages;
  for (const { queue, id } of asked) pipeline.hget(queueKey(queue, id), 'timestamp');
  for (const [n, timestamp] of values(await pipeline.exec()).entries()) {
    const queue = asked[n]?.queue;
    // Null when the job was finished between the two round trips.
    if (queue === undefined || typeof timestamp !== 'string') continue;
    ages.set(queue, Math.max(ages.get(queue) ?? 0, now - Number(timestamp)));
  }
  return ages;
}

function values(results: [Error | null, unknown][] | null): unknown[] {
  return (results ?? []).map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}
