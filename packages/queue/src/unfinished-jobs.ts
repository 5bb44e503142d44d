import type { Redis } from 'ioredis';

const queueKey = (queue: string, part: string): string => `bull:${queue}:${part}`;
const jobsAtOnce = 1000;

/** A job, by the id that it was put on its queue with. */
export interface JobName {
  readonly queue: string;
  readonly id: string;
}

export interface UnfinishedJobs {
  /** Ids of those that nobody has in hand. */
  readonly waiting: readonly string[];
  readonly inHand: readonly string[];
}

/** Every job of a queue that is not done. In one transaction: one that changes its list meanwhile is in the one or the other. */
export async function unfinishedJobs(redis: Redis, queue: string): Promise<UnfinishedJobs> {
  const answers = await redis
    .multi()
    .lrange(queueKey(queue, 'wait'), 0, -1)
    .zrange(queueKey(queue, 'delayed'), 0, -1)
    .lrange(queueKey(queue, 'active'), 0, -1)
    .exec();
  const [wait = [], delayed = [], inHand = []] = (answers ?? []).map(([error, ids]) => {
    if (error !== null) throw error;
    return ids as string[];
  });
  return { waiting: [...wait, ...delayed], inHand };
}

/** Those of the jobs that are not done: a job that is done leaves nothing behind (job-options.ts). */
export async function stillUnfinished<Job extends JobName>(
  redis: Redis,
  jobs: readonly Job[],
): Promise<Job[]> {
  const left: Job[] = [];
  for (let from = 0; from < jobs.length; from += jobsAtOnce) {
    const some = jobs.slice(from, from + jobsAtOnce);
    const pipeline = redis.pipeline();
    for (const { queue, id } of some) pipeline.exists(queueKey(queue, id));
    const answers = (await pipeline.exec()) ?? [];
    for (const [i, [error, count]] of answers.entries()) {
      if (error !== null) throw error;
      const job = some[i];
      if (count === 1 && job !== undefined) left.push(job);
    }
  }
  return left;
}
