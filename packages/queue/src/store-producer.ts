import { FlowProducer, type FlowJob } from 'bullmq';
import type { Redis } from 'ioredis';
import { closeConnection, createProducerConnection } from './connection.ts';
import { QueueError, toQueueError } from './errors.ts';
import { jobOptions } from './job-options.ts';
import { storeQueue } from './queue-names.ts';

/** An encoded row batch on its way to every replica of its shard. */
export interface StoreBatch {
  readonly batchId: string;
  readonly shard: number;
  readonly bytes: Uint8Array;
  /** Further batches of the shard that travel in the same job: for very many that are very small. */
  readonly more?: readonly Uint8Array[];
  /** Goes before all that waits: somebody waits for it. */
  readonly isUrgent?: boolean;
  /**
   * When the job was put on its queue of which this is made, ms: its own job counts as no younger, so that
   * `hasJobsBefore` never takes what came of an old job for new. Absent = it is made of none.
   */
  readonly queuedAt?: number;
}

/** Base64 has no comma. */
const between = ',';

/** The batches of a job, as its data has them. */
export const batchesOf = (text: string): Uint8Array[] =>
  text.split(between).map((batch) => Buffer.from(batch, 'base64'));

const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** What the ETL needs of the store queues. */
export interface StoreProducer {
  /**
   * Adds every batch to its shard's queue in every zone, all in one Redis transaction: when this
   * resolves all of them are on disk; when it rejects, none or all are, and the caller sends the very
   * same batches again.
   */
  send(batches: readonly StoreBatch[]): Promise<void>;
  close(): Promise<void>;
}

/** The part of BullMQ's back end whose answer decides whether a transaction really happened. */
type FlowBackend = {
  addFlow(entries: readonly unknown[]): Promise<readonly [Error | null, unknown][]>;
};

export function createStoreProducer(options: {
  redisUrl: string;
  zones: readonly string[];
  onError: (error: Error) => void;
}): StoreProducer {
  const { redisUrl, zones, onError } = options;
  const connection = createProducerConnection(redisUrl, onError);
  let flow: FlowProducer | null = null;

  const open = async (): Promise<FlowProducer> => {
    if (connection.status !== 'ready') {
      throw new QueueError('UNAVAILABLE', `redis is ${connection.status}, try again`);
    }
    if (flow !== null) return flow;
    const made = new FlowProducer({ connection });
    made.on('error', onError);
    reportFailedEntries(made.getBackend() as unknown as FlowBackend, connection);
    await made.waitUntilReady();
    return (flow = made);
  };

  return {
    async send(batches) {
      if (batches.length === 0) return;
      try {
        const added = await (await open()).addBulk(storeJobs(batches, zones));
        // A producer that is being closed answers nothing instead of an error.
        if (added === undefined) throw new QueueError('UNAVAILABLE', 'the producer was closed');
      } catch (error) {
        throw toQueueError(error, `sending ${batches.length} row batches`);
      }
    },
    async close() {
      await flow?.close();
      closeConnection(connection);
    },
  };
}

function storeJobs(batches: readonly StoreBatch[], zones: readonly string[]): FlowJob[] {
  return batches.flatMap(({ batchId, shard, bytes, more = [], queuedAt, isUrgent = false }) => {
    const opts = {
      ...(queuedAt !== undefined && { timestamp: queuedAt }),
      ...(isUrgent && { lifo: true }),
    };
    const data = { batch: [bytes, ...more].map(base64).join(between) };
    return zones.map((zone) => ({
      name: 'batch',
      queueName: storeQueue(shard, zone),
      data,
      opts: { ...jobOptions(batchId), ...opts },
    }));
  });
}

/**
 * BullMQ's `addBulk` ignores the error of a single entry of the transaction (Redis out of memory, a
 * script it no longer knows), which would lose a batch without a word. Here such an error fails
 * the whole call. A script that is unknown stays unknown to this connection, so it is made anew.
 */
function reportFailedEntries(backend: FlowBackend, connection: Redis): void {
  const addFlow = backend.addFlow.bind(backend);
  backend.addFlow = async (entries) => {
    const results = await addFlow(entries);
    if (results.length !== entries.length) {
      throw new Error(`redis answered ${results.length} of ${entries.length} entries`);
    }
    for (const [error, answer] of results) {
      if (error === null && !(typeof answer === 'number' && answer < 0)) continue;
      if (error?.message.includes('NOSCRIPT') === true) connection.disconnect(true);
      throw error ?? new Error(`redis refused an entry with code ${String(answer)}`);
    }
    return results;
  };
}
