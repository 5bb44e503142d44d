import type { MoveBatch } from '@arbor/engine/moves/move-batches';
import { storeQueue } from '@arbor/queue/queue-names';
import type { StoreBatch } from '@arbor/queue/store-producer';
import type { JobName } from '@arbor/queue/unfinished-jobs';
import type { MoverContext } from './mover-context.ts';

interface ZoneJob extends JobName {
  readonly zone: string;
}

/** A batch and the shard it is for. */
export interface PlacedBatch extends MoveBatch {
  readonly shard: number;
}

/**
 * Sends batches of moves to their shards in every zone, and waits until they are stored: as many at once as the limits say.
 * Those that this zone has are everywhere or on their way, for a job enters the queues of all zones in one transaction.
 */
export class BatchSender {
  readonly #context: MoverContext;
  readonly #signal: AbortSignal;
  #jobs: ZoneJob[] = [];
  #bytes = 0;

  constructor(context: MoverContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  async send(batches: readonly PlacedBatch[]): Promise<void> {
    const { shards, limits } = this.#context;
    const missing = batches.filter(
      (batch) => shards.get(batch.shard)?.store.hasBatch(batch) !== true,
    );
    for (const job of packed(missing, limits)) {
      const bytes = sizeOf(job);
      if (this.#bytes > 0 && this.#bytes + bytes > limits.bytesAtOnce) await this.stored();
      this.#signal.throwIfAborted();
      await this.#context.send([job]);
      this.#bytes += bytes;
      for (const zone of this.#context.zones) {
        this.#jobs.push({ zone, queue: storeQueue(job.shard, zone), id: job.batchId });
      }
    }
  }

  /**
   * Resolves when everything that was sent is stored in every zone that has a process. One that starts later does not serve
   * before all jobs are done that waited when it took its lease (roles/storage.ts): it need not be waited for.
   */
  async stored(): Promise<void> {
    const { queues, members, pause, limits } = this.#context;
    for (;;) {
      this.#signal.throwIfAborted();
      this.#jobs = await queues.stillUnfinished(this.#jobs);
      if (this.#jobs.length === 0) break;
      const live = new Set((await members()).map(({ zone }) => zone));
      if (!this.#jobs.some(({ zone }) => live.has(zone))) break;
      await pause(limits.storedEveryMs);
    }
    this.#jobs = [];
    this.#bytes = 0;
  }
}

/** Batches of one shard in the order in which they come, several in a job. */
function packed(batches: readonly PlacedBatch[], limits: MoverContext['limits']): StoreBatch[] {
  const jobs: StoreBatch[] = [];
  for (const shard of new Set(batches.map((batch) => batch.shard))) {
    let job: PlacedBatch[] = [];
    let bytes = 0;
    const close = (): void => {
      const [first, ...others] = job;
      if (first !== undefined) jobs.push(jobOf(first, others));
      job = [];
      bytes = 0;
    };
    for (const batch of batches.filter((one) => one.shard === shard)) {
      if (bytes + batch.bytes.length > limits.jobBytes || job.length >= limits.jobBatchesMax)
        close();
      job.push(batch);
      bytes += batch.bytes.length;
    }
    close();
  }
  return jobs;
}

/** Other jobs may begin with the same batch: the id says how many come with it, and what the last is. */
function jobOf(first: PlacedBatch, others: readonly PlacedBatch[]): StoreBatch {
  const { shard, batchId, bytes } = first;
  const last = others.at(-1);
  return {
    shard,
    batchId: last === undefined ? batchId : `${batchId}+${others.length}+${last.batchId}`,
    bytes,
    isUrgent: true,
    more: others.map((batch) => batch.bytes),
  };
}

const sizeOf = ({ bytes, more = [] }: StoreBatch): number =>
  bytes.length + more.reduce((sum, one) => sum + one.length, 0);
