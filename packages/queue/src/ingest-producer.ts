import type { IngestBatch } from '@arbor/schema/ingest';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { closeConnection, createProducerConnection } from './connection.ts';
import { QueueError, toQueueError } from './errors.ts';
import { jobOptions, type JobData } from './job-options.ts';
import { queueLimits } from './limits.ts';
import { ingestLanes, ingestQueue, type IngestLane } from './queue-names.ts';

/** What the edge needs of the queues. */
export interface IngestProducer {
  /**
   * Resolves after Redis replied: with `appendfsync always` the batch is on disk then. Rejects with a
   * `QueueError`; adding the same batch again (same `batchId`) after that is always safe.
   */
  add(lane: IngestLane, batch: IngestBatch): Promise<void>;
  /** Whether Redis can be reached now, for `/readyz`. */
  ready(): boolean;
  close(): Promise<void>;
}

export function createIngestProducer(
  redisUrl: string,
  onError: (error: Error) => void = () => undefined,
): IngestProducer {
  const connection = createProducerConnection(redisUrl, onError);
  const queues = new QueuesByName(connection, onError);
  return {
    async add(lane, batch) {
      await queues.add(ingestQueue(lane), { batch }, batch.batchId);
    },
    ready: () => connection.status === 'ready',
    async close() {
      await queues.close();
      closeConnection(connection);
    },
  };
}

/** BullMQ queues over one producer connection, each made on first use. */
export class QueuesByName {
  #connection: Redis;
  #onError: (error: Error) => void;
  #queues = new Map<string, Queue<JobData>>();
  #closed = false;

  constructor(connection: Redis, onError: (error: Error) => void) {
    this.#connection = connection;
    this.#onError = onError;
  }

  async add(name: string, data: JobData, jobId: string): Promise<void> {
    if (this.#closed) throw new QueueError('UNAVAILABLE', 'the producer was closed');
    // BullMQ waits for a connection that is away, for ever if need be; a client must not.
    if (this.#connection.status !== 'ready') {
      throw new QueueError('UNAVAILABLE', `redis is ${this.#connection.status}, try again`);
    }
    try {
      const job = await this.#queue(name).add('batch', data, jobOptions(jobId));
      // A queue that is being closed answers nothing instead of an error.
      if (job === undefined) throw new QueueError('UNAVAILABLE', 'the producer was closed');
    } catch (error) {
      throw toQueueError(error, `adding to ${name}`);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  /**
   * A queue whose first contact with Redis failed keeps that failure for ever (it caches the promise
   * of its connection), so it is forgotten and the next call makes a new one.
   */
  #queue(name: string): Queue<JobData> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue<JobData>(name, {
      connection: this.#connection,
      streams: { events: { maxLen: queueLimits.eventsMax } },
    });
    queue.on('error', this.#onError);
    this.#queues.set(name, queue);
    queue.waitUntilReady().catch(() => this.#queues.delete(name));
    return queue;
  }
}

export const ingestQueues: readonly string[] = ingestLanes.map(ingestQueue);
