import type { Redis } from 'ioredis';

/** How much waits on a queue, and since when. */
export interface QueueDepth {
  readonly queue: string;
  /** Jobs not done: waiting, in hand, or pausing after a failure. */
  readonly jobs: number;
  /** Age of the oldest job that nobody has taken yet, ms; 0 when none waits. */
  readonly waitMs: number;
}

const queueKey = (queue: string, part: string): string => `bull:${queue}:${part}`;

/**
 * Depths of many queues in two round trips. Reads BullMQ's lists directly, because its own interface
 * costs a connection and a script call a queue. Layout relied on (BullMQ 6): `wait` is a list that is
 * taken from the right, `active` a list, `delayed` a sorted set, and a job's hash has `timestamp`.
 */
export async function readQueueDepths(
  redis: Redis,
  queues: readonly string[],
  now: number,
): Promise<QueueDepth[]> {
  const first = redis.pipeline();
  for (const queue of queues) {
    first.llen(queueKey(queue, 'wait'));
    first.llen(queueKey(queue, 'active'));
    first.zcard(queueKey(queue, 'delayed'));
    first.lindex(queueKey(queue, 'wait'), -1);
  }
  const answers = values(await first.exec());
  const oldest = queues.map((_, i) => answers[i * 4 + 3]);
  const ages = await waitTimes(redis, queues, oldest, now);
  return queues.map((queue, i) => ({
    queue,
    jobs: Number(answers[i * 4]) + Number(answers[i * 4 + 1]) + Number(answers[i * 4 + 2]),
    waitMs: ages[i] ?? 0,
  }));
}

async function waitTimes(
  redis: Redis,
  queues: readonly string[],
  oldest: readonly unknown[],
  now: number,
): Promise<number[]> {
  const second = redis.pipeline();
  const asked: number[] = [];
  for (const [i, queue] of queues.entries()) {
    const id = oldest[i];
    if (typeof id !== 'string') continue;
    second.hget(queueKey(queue, id), 'timestamp');
    asked.push(i);
  }
  const ages = queues.map(() => 0);
  if (asked.length === 0) return ages;
  for (const [n, timestamp] of values(await second.exec()).entries()) {
    // Null when the job was taken between the two round trips.
    if (typeof timestamp === 'string') ages[asked[n] ?? 0] = Math.max(0, now - Number(timestamp));
  }
  return ages;
}

function values(results: [Error | null, unknown][] | null): unknown[] {
  return (results ?? []).map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}
