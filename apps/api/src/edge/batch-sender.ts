import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type IngestBatch,
  type IngestRecord,
  type IngestSource,
  ingestBatchVersion,
} from '@arbor/schema/ingest';
import { unavailable } from './edge-failure.ts';
import type { IngestProducer, IngestQueue } from './ports.ts';

const retryPauseMs = 100;

export interface BatchContent {
  readonly queue: IngestQueue;
  readonly project: number;
  readonly source: IngestSource;
  /** ms UTC of the first request in the batch. */
  readonly receivedAt: number;
  /** Handed over: events without `insertId` get one here. */
  readonly records: IngestRecord[];
}

/** Gives batches their identity and order, and puts each into its queue as one job. */
export class BatchSender {
  #producer: IngestProducer;
  #clock: () => number;
  #patienceMs: number;
  /** Makes ids of this process differ from those of every other, and of itself after a restart. */
  #processId = randomBytes(6).toString('hex');
  #lastSequence = 0;

  constructor(options: { producer: IngestProducer; clock: () => number; patienceMs: number }) {
    this.#producer = options.producer;
    this.#clock = options.clock;
    this.#patienceMs = options.patienceMs;
  }

  /**
   * Resolves once the batch is durable. A Redis that is away is offered the batch again for a while:
   * under the same id, so that a job whose answer was lost is recognised and not counted twice, which
   * a client without `$insert_id` could not achieve by sending again.
   */
  async send(content: BatchContent): Promise<void> {
    const batch = this.#toBatch(content);
    const end = performance.now() + this.#patienceMs;
    for (;;) {
      try {
        return await this.#producer.add(content.queue, batch);
      } catch (error) {
        if (performance.now() + retryPauseMs >= end) {
          throw unavailable('events cannot be stored right now. Please retry the request.', error);
        }
      }
      await sleep(retryPauseMs);
    }
  }

  #toBatch({ project, source, receivedAt, records }: BatchContent): IngestBatch {
    const sequence = this.#nextSequence();
    const batchId = `${sequence.toString(36)}-${this.#processId}`;
    for (const [position, record] of records.entries()) {
      // The colon keeps these apart from all ids a client may send (3.2 allows letters, digits, "-").
      if (record.kind === 'event' && record.insertId === '') {
        record.insertId = `${batchId}:${position}`;
      }
    }
    return {
      version: ingestBatchVersion,
      batchId,
      project,
      source,
      receivedAt,
      sequence,
      records,
    };
  }

  /** Greater than all before in this process, also if the clock is set back; near the time in µs. */
  #nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, this.#clock() * 1000);
    return this.#lastSequence;
  }
}
