import { storeQueue } from '@arbor/queue/queue-names';
import type { StoreBatch } from '@arbor/queue/store-producer';
import type { JobName } from '@arbor/queue/unfinished-jobs';
import type { MoverQueues } from '../../src/moves/mover-context.ts';

interface Job {
  readonly id: string;
  readonly batches: readonly Uint8Array[];
  /** Ms since 1970 UTC. */
  readonly putAt: number;
}

/** The store queues as Redis keeps them, but that somebody else says when a job is taken, and which. */
export class ModelQueues implements MoverQueues {
  readonly #zones: readonly string[];
  readonly #queues = new Map<string, Job[]>();

  constructor(zones: readonly string[]) {
    this.#zones = zones;
  }

  put({ batchId, shard, bytes, more = [], isUrgent = false }: StoreBatch): void {
    const job = { id: batchId, batches: [bytes, ...more], putAt: Date.now() };
    for (const zone of this.#zones) {
      const jobs = this.#jobs(storeQueue(shard, zone));
      if (jobs.some(({ id }) => id === batchId)) continue;
      if (isUrgent) jobs.unshift(job);
      else jobs.push(job);
    }
  }

  /** One of those that wait, whose batches are stored before the next thing happens. */
  async take(queue: string, n: number, store: (batch: Uint8Array) => Promise<unknown>) {
    const jobs = this.#jobs(queue);
    const job = jobs[n % Math.max(1, jobs.length)];
    if (job === undefined) return false;
    for (const batch of job.batches) await store(batch);
    jobs.splice(jobs.indexOf(job), 1);
    return true;
  }

  hasBefore(ms: number): boolean {
    return [...this.#queues.values()].some((jobs) => jobs.some(({ putAt }) => putAt < ms));
  }

  async unfinished(queue: string) {
    return { waiting: this.#jobs(queue).map(({ id }) => id), inHand: [] };
  }

  async stillUnfinished<One extends JobName>(jobs: readonly One[]): Promise<One[]> {
    return jobs.filter(({ queue, id }) => this.#jobs(queue).some((job) => job.id === id));
  }

  #jobs(queue: string): Job[] {
    const jobs = this.#queues.get(queue) ?? [];
    this.#queues.set(queue, jobs);
    return jobs;
  }
}
