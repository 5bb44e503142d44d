import type { JobsOptions } from 'bullmq';
import { queueLimits } from './limits.ts';

/**
 * Every job of the system. A job is removed only when its work is done; a failure of the world is
 * retried for ever, and what can never succeed is moved to the dead letters by its consumer, so
 * "failed for good" does not exist (`removeOnFail: false` shows it if it ever did).
 */
export function jobOptions(jobId: string): JobsOptions & { jobId: string } {
  return {
    jobId,
    attempts: Number.MAX_SAFE_INTEGER,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: false,
    stackTraceLimit: 1,
  };
}

/** Doubles from the smallest pause to the largest. `attempt` starts at 1. */
export function retryDelayMs(attempt: number): number {
  return Math.min(queueLimits.retryMsMax, queueLimits.retryMsMin * 2 ** Math.min(attempt - 1, 10));
}

/** Data of every job: one ready string, because BullMQ turns data into JSON text. */
export type JobData = { readonly batch: string };
