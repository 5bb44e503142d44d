import path from 'node:path';
import { ShardStore } from '@arbor/engine/store';
import type { Logger } from '@arbor/runtime/logger';
import { lockDirectory } from './directory-lock.ts';

export interface OpenShards {
  readonly shards: ReadonlyMap<number, ShardStore>;
  close(): Promise<void>;
}

/**
 * Opens every shard of a zone, replaying its row log. One after the other: a replay is bound by the
 * processor, and this way only one log is in memory at a time.
 */
export async function openShards(options: {
  dataDirectory: string;
  zone: string;
  shardCount: number;
  logger: Logger;
}): Promise<OpenShards> {
  const { dataDirectory, zone, shardCount, logger } = options;
  const directory = path.join(dataDirectory, 'storage', zone);
  const lock = lockDirectory(directory);
  const shards = new Map<number, ShardStore>();
  for (let shard = 0; shard < shardCount; shard++) {
    const store = await ShardStore.open({
      directory: path.join(directory, `shard-${String(shard).padStart(2, '0')}`),
      shard,
      clock: Date.now,
      onDamage: (damage) => logger.error({ shard, damage }, 'damage found in a row log'),
    });
    shards.set(shard, store);
  }
  return {
    shards,
    async close() {
      for (const store of shards.values()) await store.close();
      lock.release();
    },
  };
}
