import type { IngestBatch } from '@arbor/schema/ingest';
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

/**
 * Data of every job: an ingest batch, or the text of row batches (store-producer.ts). BullMQ turns it into JSON text; a
 * batch that were text already would be written, escaped and read once more. Builds before this one put it so: both are read.
 */
export type JobData = { readonly batch: IngestBatch | string };
