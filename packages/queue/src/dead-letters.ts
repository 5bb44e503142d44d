import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { QueueError, toQueueError } from './errors.ts';
import { jobOptions } from './job-options.ts';
import { queueLimits } from './limits.ts';
import { deadLetterQueue } from './queue-names.ts';

/** A job that could never succeed, kept whole so that it can be replayed once the cause is mended. */
export interface DeadLetter {
  readonly id: string;
  /** Where it came from and goes back to. */
  readonly queue: string;
  readonly jobId: string;
  /** In words. */
  readonly reason: string;
  readonly at: number;
  /** The job's data as found. */
  readonly batch: unknown;
}

export interface DeadLetterStore {
  /** Idempotent by `id`. */
  put(letter: DeadLetter): Promise<void>;
  /** Oldest first. There is no bound but Redis's memory, at which the edge stops taking events. */
  list(range?: { offset: number; count: number }): Promise<DeadLetter[]>;
  count(): Promise<number>;
  show(id: string): Promise<DeadLetter | null>;
  /** Puts the job back on its queue under its old id; false when there is no such letter. */
  replay(id: string): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * One letter for each time a job was put on its queue, however often it is delivered and found to be
 * poison. A job that is replayed and still poison gets a letter of its own: under the old id it would
 * go with the letter it was replayed from. BullMQ's own ids must not hold ":".
 */
export function deadLetterId(job: {
  readonly queue: string;
  readonly jobId: string;
  readonly queuedAt: number;
}): string {
  return `${job.queue}~${job.jobId}~${job.queuedAt.toString(36)}`.replaceAll(':', '_');
}

/** The dead letters are themselves a BullMQ queue that no worker takes from. */
export function createDeadLetters(
  connection: Redis,
  onError: (error: Error) => void,
): DeadLetterStore {
  const queues = new Map<string, Queue<Record<string, unknown>>>();
  const open = (name: string): Queue<Record<string, unknown>> => {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, {
        connection,
        streams: { events: { maxLen: queueLimits.eventsMax } },
      });
      queue.on('error', onError);
      queues.set(name, queue);
    }
    return queue;
  };

  const find = async (id: string): Promise<DeadLetter | null> => {
    const job = await open(deadLetterQueue).getJob(id);
    return job === undefined ? null : (job.data as unknown as DeadLetter);
  };
  // BullMQ says "removed" of jobs that never were, so they are looked for first.
  const remove = async (id: string): Promise<boolean> =>
    (await find(id)) !== null && (await open(deadLetterQueue).remove(id)) === 1;

  return {
    async put(letter) {
      try {
        await open(deadLetterQueue).add('letter', { ...letter }, jobOptions(letter.id));
      } catch (error) {
        throw toQueueError(error, `putting job ${letter.jobId} away`);
      }
    },
    async list({ offset, count } = { offset: 0, count: 100 }) {
      const jobs = await open(deadLetterQueue).getJobs('waiting', offset, offset + count - 1, true);
      return jobs.map((job) => job.data as unknown as DeadLetter);
    },
    count: () => open(deadLetterQueue).getWaitingCount(),
    show: find,
    async replay(id) {
      const letter = await find(id);
      if (letter === null) return false;
      // While the job that was found to be poison is not gone, adding it again would be ignored.
      if ((await open(letter.queue).getJob(letter.jobId)) !== undefined) {
        throw new QueueError('UNAVAILABLE', `job ${letter.jobId} is still in hand, try again`);
      }
      // Added before it is removed: a crash between the two replays it twice, which changes nothing.
      await open(letter.queue).add('batch', { batch: letter.batch }, jobOptions(letter.jobId));
      await remove(id);
      return true;
    },
    remove,
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
    },
  };
}
