import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { deadLetterId, type DeadLetterStore } from './dead-letters.ts';
import { PoisonError } from './errors.ts';
import { retryDelayMs, type JobData } from './job-options.ts';
import { queueLimits } from './limits.ts';

/** One delivery of a job. The same job may be delivered again, even while this one still runs. */
export interface Delivery {
  readonly jobId: string;
  readonly queue: string;
  /** The data as it was put on the queue; not checked, because anyone may have written to Redis. */
  readonly batch: unknown;
  /** When it was put on the queue, ms. */
  readonly queuedAt: number;
  /** Delivered before: by a process that died, or before a failure of the world. */
  readonly redelivered: boolean;
}

export interface Consumer {
  /** Stops taking jobs and waits for those in hand; what is not finished is delivered again later. */
  close(): Promise<void>;
}

/**
 * Takes jobs off one queue until closed.
 *
 * - `handle` resolves: the job is done and gone.
 * - `handle` throws a `PoisonError`: the job moves to the dead letters and the queue goes on.
 * - `handle` throws anything else: the job is delivered again after a pause, for ever. A job is never
 *   given up: neither failures nor killed workers are counted against it.
 */
export function createConsumer(options: {
  connection: Redis;
  queue: string;
  concurrency: number;
  deadLetters: DeadLetterStore;
  handle: (delivery: Delivery) => Promise<void>;
  onError: (error: Error) => void;
}): Consumer {
  const { queue, handle, deadLetters, onError } = options;

  const processJob = async (job: Job<JobData>): Promise<void> => {
    const delivery = toDelivery(job, queue);
    try {
      await handle(delivery);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      // Put away before the job completes: a crash between the two finds the same dead letter again.
      await deadLetters.put({
        id: deadLetterId(delivery),
        queue,
        jobId: delivery.jobId,
        reason: error.message,
        at: Date.now(),
        batch: asText(delivery.batch),
      });
      // Why is told in the letter alone: it may show a value of the batch, which logs must never hold.
      onError(new Error(`job ${delivery.jobId} of ${queue} is poison: see its dead letter`));
    }
  };

  const worker = new Worker<JobData>(queue, processJob, {
    connection: options.connection,
    concurrency: options.concurrency,
    lockDuration: queueLimits.lockMs,
    stalledInterval: queueLimits.stalledCheckMs,
    // The default of 1 would fail a job whose worker was killed twice.
    maxStalledCount: 2 ** 31 - 1,
    // The default of 15 s would be the time a worker sleeps after Redis was restarted.
    runRetryDelay: queueLimits.reconnectMsMax,
    settings: { backoffStrategy: (attempt) => retryDelayMs(attempt) },
  });
  worker.on('error', onError);
  worker.on('failed', (job, error) => onError(describeFailure(queue, job, error)));
  return { close: () => worker.close() };
}

/** As people read it, and as the erasure of somebody looks through it. */
function asText(batch: unknown): unknown {
  return typeof batch === 'object' && batch !== null ? JSON.stringify(batch) : batch;
}

function toDelivery(job: Job<JobData>, queue: string): Delivery {
  const { data } = job as { data: unknown };
  return {
    jobId: job.id ?? '',
    queue,
    batch: typeof data === 'object' && data !== null && 'batch' in data ? data.batch : undefined,
    queuedAt: job.timestamp,
    redelivered: job.attemptsStarted > 1,
  };
}

function describeFailure(queue: string, job: Job<JobData> | undefined, error: Error): Error {
  const id = job?.id ?? 'unknown';
  return new Error(`job ${id} of ${queue} is tried again: ${error.message}`, { cause: error });
}
