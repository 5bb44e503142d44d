import type { Redis } from 'ioredis';

/**
 * Binds a text to a job that is in hand, once: whoever comes first decides, every later delivery of
 * the job gets the first text back. A job that is done has no hash any more; then nothing may be
 * sent, because the delivery that asks was overtaken (its process slept, another one finished).
 */
const script = `
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
redis.call('HSETNX', KEYS[1], 'arbor-pin', ARGV[1])
return redis.call('HGET', KEYS[1], 'arbor-pin')`;

const jobKey = (queue: string, jobId: string): string => `bull:${queue}:${jobId}`;

/** The pinned text: the given one, or the one of an earlier delivery. Null = the job is done already. */
export async function pinToJob(
  redis: Redis,
  job: { readonly queue: string; readonly jobId: string },
  text: string,
): Promise<string | null> {
  return (await redis.eval(script, 1, jobKey(job.queue, job.jobId), text)) as string | null;
}

/** What an earlier delivery pinned; null when none did. */
export async function readPin(
  redis: Redis,
  job: { readonly queue: string; readonly jobId: string },
): Promise<string | null> {
  return await redis.hget(jobKey(job.queue, job.jobId), 'arbor-pin');
}
