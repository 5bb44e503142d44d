import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '@arbor/db/catalog';
import type { ShardCatalog } from '@arbor/engine/catalog';
import { ShardStore } from '@arbor/engine/store';
import type { Logger } from '@arbor/runtime/logger';
import { workerLimits } from '../limits.ts';
import { CatalogFollower, type HistoryLoss } from './catalog-follower.ts';
import { lockDirectory } from './directory-lock.ts';
import type { FileCache } from './file-cache.ts';

/** A shard that is open, and follows its catalog. */
export interface OpenShard {
  readonly store: ShardStore;
  readonly follower: CatalogFollower;
}

export interface OpenShards {
  readonly shards: ReadonlyMap<number, OpenShard>;
  close(): Promise<void>;
}

/** Where the row logs of a zone lie, and next to them the cache of its files. */
export const zoneFolder = (dataDirectory: string, zone: string): string =>
  path.join(dataDirectory, 'storage', zone);

/**
 * Opens every shard of a zone: its files as the catalog has them, and what the row log holds besides. One
 * after the other: a replay is bound by the processor, and this way only one log is in memory at a time.
 * Waits for a catalog or an object store that is away: without them the shard would be answered wrongly.
 */
export async function openShards(options: {
  directory: string;
  shardCount: number;
  database: Queryable;
  cache: FileCache;
  logger: Logger;
  /** The pause between attempts; tests take none. */
  pause?: (ms: number) => Promise<unknown>;
}): Promise<OpenShards> {
  const { directory, shardCount, database, cache, logger, pause = delay } = options;
  const lock = lockDirectory(directory);
  const shards = new Map<number, OpenShard>();
  for (let shard = 0; shard < shardCount; shard++) {
    const follower = new CatalogFollower({
      shard,
      database,
      cache,
      clock: Date.now,
      onHistoryLoss: (loss) =>
        logger.error({ ...loss, event: 'catalog_history_lost' }, historyLossText(loss)),
    });
    const catalog = await loadPatiently(follower, logger, pause);
    const store = await ShardStore.open({
      directory: path.join(directory, `shard-${String(shard).padStart(2, '0')}`),
      shard,
      catalog,
      clock: Date.now,
      onDamage: (damage) => logger.error({ shard, damage }, 'damage found in a row log'),
    });
    follower.attach(store);
    shards.set(shard, { store, follower });
  }
  return {
    shards,
    async close() {
      for (const { store } of shards.values()) await store.close();
      lock.release();
    },
  };
}

function historyLossText({ shard, lost, found }: HistoryLoss): string {
  return (
    `the catalog of shard ${shard} is of another history: version ${lost.version} was served, version ${found.version} ` +
    'is there. The shard was loaded anew; what only the lost versions named is gone until their backup is restored'
  );
}

async function loadPatiently(
  follower: CatalogFollower,
  logger: Logger,
  pause: (ms: number) => Promise<unknown>,
): Promise<ShardCatalog> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await follower.load();
    } catch (error) {
      if (attempt % workerLimits.startLogEvery === 0) {
        const text = error instanceof Error ? error.message : String(error);
        logger.warn(
          { err: error, shard: follower.shard, attempt },
          `shard ${follower.shard} waits for its catalog and files: ${text}`,
        );
      }
      await pause(workerLimits.startRetryMs);
    }
  }
}
