import type { ShardStore } from '@arbor/engine/store';
import { openStore, type TestStore } from '@arbor/engine/test/batches';
import { TestCatalog } from '@arbor/engine/test/test-catalog';
import type { World } from '@arbor/engine/test/model/world';
import type { StoreBatch } from '@arbor/queue/store-producer';
import type { IngestBatch } from '@arbor/schema/ingest';
import { deadPin, historyEtl, ignoreDeath, memoryPin } from './history-etl.ts';
import type { Action, RandomHistory } from './random-history.ts';
import { TrueHistory } from './true-history.ts';

const project = 1;
/** So that even a few rows make several parts. */
const chunkRows = 3;

interface Replica {
  opened: TestStore;
  readonly queue: StoreBatch[];
  readonly taken: StoreBatch[];
}

/** A moment at which everything has reached a replica: what it has, and what it should. */
export interface Shown {
  readonly store: ShardStore;
  readonly truth: World;
  /** By canonical id. */
  readonly profiles: World['people'];
}

/**
 * A history through the pure parts of the product: resolved, split and encoded as the ETL does, stored in the
 * replicas of two zones, indexed and compacted as it comes. Beside it the truth is told the same batches.
 */
export class HistoryRun {
  readonly #history: RandomHistory;
  readonly #truth: TrueHistory;
  readonly #catalog: TestCatalog;
  readonly #replicas: Replica[] = [];
  /** By row batch: in which version of the catalog it is. */
  readonly #covered = new Map<string, number>();

  constructor(history: RandomHistory, folder: string) {
    this.#history = history;
    this.#truth = new TrueHistory(history.mode);
    this.#catalog = new TestCatalog(folder);
  }

  /** Calls `look` at each moment at which a replica has everything. */
  async run(look: (shown: Shown) => Promise<void>): Promise<void> {
    const sent = await this.#resolveAll();
    for (const weights of this.#history.reaching) {
      const queue = inOrderOf(weights, sent);
      this.#replicas.push({ opened: await openStore(undefined, { chunkRows }), queue, taken: [] });
    }
    for (const { zone, act } of this.#history.actions) await this.#act(this.#replicas[zone], act);
    for (const replica of this.#replicas) {
      while (replica.queue.length > 0) await this.#act(replica, 'take');
      await look(this.#shown(replica));
    }
    // The same files for both from here on, of which the second zone has made none.
    const [first, second] = this.#replicas;
    for (const act of ['adopt', 'index', 'adopt', 'compact'] as const) await this.#act(first, act);
    for (const act of ['adopt', 'restart'] as const) await this.#act(second, act);
    await look(this.#shown(second));
    for (const { opened } of this.#replicas) await opened.store.close();
  }

  /** The ETL with all batches; answers what it sent, each row batch once. */
  async #resolveAll(): Promise<StoreBatch[]> {
    const sent = new Map<string, StoreBatch>();
    const deliver = historyEtl(this.#history.mode, async (batch) => {
      sent.set(batch.batchId, batch);
    });
    const lost: IngestBatch[] = [];
    const { batches, deliveries, resolved } = this.#history;
    for (const [i, batch] of inOrderOf(resolved, [...batches.entries()])) {
      this.#truth.resolve(batch);
      const pin = memoryPin();
      if (deliveries[i] === 'lost') {
        await deliver(batch, deadPin, false).catch(ignoreDeath);
        lost.push(batch);
      } else {
        await deliver(batch, pin, false);
        if (deliveries[i] === 'again') await deliver(batch, pin, true);
      }
    }
    for (const batch of lost) {
      this.#truth.resolve(batch);
      await deliver(batch, memoryPin(), true);
    }
    return [...sent.values()];
  }

  async #act(replica: Replica, act: Action['act']): Promise<void> {
    const { store } = replica.opened;
    switch (act) {
      case 'take': {
        const next = replica.queue.shift();
        if (next === undefined) return;
        await store.append(next.bytes);
        replica.taken.push(next);
        return;
      }
      case 'take again':
        if (replica.taken.length > 0) await store.append(replica.taken[0].bytes);
        return;
      case 'index': {
        const job = await store.prepareIndex();
        if (job === null || this.#catalog.commit(job) === 'conflict') return;
        const { version } = this.#catalog.latest;
        for (const { batchId } of replica.taken) {
          if (!this.#covered.has(batchId)) this.#covered.set(batchId, version);
        }
        return;
      }
      case 'adopt':
        return store.adopt(this.#catalog.latest);
      case 'compact':
        return this.#catalog.compact(project, store);
      case 'restart': {
        const catalog = this.#catalog.latest;
        replica.opened = await openStore(replica.opened.files.crash(), { catalog, chunkRows });
      }
    }
  }

  #shown({ opened: { store } }: Replica): Shown {
    const truth = this.#truth.world(this.#orderAt(store.catalogVersion));
    const profiles = Object.fromEntries(store.profiles(project, this.#truth.users()));
    return { store, truth, profiles };
  }

  /**
   * In the order of arrival, but what an index job covered comes before what it did not: an update that reaches a
   * replica so late is applied to what the files say.
   */
  #orderAt(version: number): string[] {
    const jobOf = ({ batchId }: IngestBatch): number => {
      const job = this.#covered.get(`${batchId}-0`);
      return job === undefined || job > version ? Infinity : job;
    };
    const compare = (one: IngestBatch, other: IngestBatch): number => {
      const [job, otherJob] = [jobOf(one), jobOf(other)];
      return job === otherJob ? one.sequence - other.sequence : job - otherJob;
    };
    return [...this.#history.batches].sort(compare).map(({ batchId }) => batchId);
  }
}

function inOrderOf<T>(weights: readonly number[], items: readonly T[]): T[] {
  const places = items.map((_, i) => i).sort((a, b) => weights[a] - weights[b] || a - b);
  return places.map((i) => items[i]);
}
