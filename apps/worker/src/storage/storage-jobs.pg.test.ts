import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFolderStore } from '@arbor/object-store/folder-store';
import { createLogger } from '@arbor/runtime/logger';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { workerLimits } from '../limits.ts';
import { CatalogFollower } from './catalog-follower.ts';
import { FileCache } from './file-cache.ts';
import { Rewriter } from './rewriter.ts';
import type { ShardUnit } from './storage-context.ts';
import { startStorageJobs } from './storage-jobs.ts';
import { TestShard } from './testing/test-shard.ts';

const databaseUrl = inject('databaseUrl');
let pool: pg.Pool;
let root: string;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
  root = mkdtempSync(path.join(tmpdir(), 'arbor-jobs-'));
});
afterAll(async () => {
  await pool.end();
  rmSync(root, { recursive: true });
});

/** A shard without anything, whose cache is trimmed by `retain`. Far from the shards of other tests. */
async function emptyUnit(shard: number, retain: () => Promise<void>): Promise<ShardUnit> {
  const cache = new FileCache(await openFolderStore(root), path.join(root, 'cache'));
  cache.retain = retain;
  const clock = () => 0;
  const onHistoryLoss = () => undefined;
  const follower = new CatalogFollower({ shard, database: pool, cache, clock, onHistoryLoss });
  const store = {
    indexable: () => ({ batches: 0, bytes: 0, oldestAt: null }),
    prepareIndex: () => Promise.resolve(null),
    catalogUsers: () => {
      throw new Error('nothing is compacted here');
    },
    mergedWith: () => {
      throw new Error('nothing is compacted here');
    },
    catalogVersion: 0,
    damagedLogFiles: [],
    giveUpDamagedLog: () => Promise.resolve(),
    movingUsers: () => {
      throw new Error('nobody leaves this shard');
    },
  };
  return { store, follower };
}

it('goes on with other shards when the cache of one cannot be trimmed, and says so', async () => {
  const trimmed: number[] = [];
  const units = [
    await emptyUnit(750_001, () => Promise.reject(new Error('the disk is gone'))),
    await emptyUnit(750_002, async () => void trimmed.push(750_002)),
  ];
  let now = 0;
  const context = {
    pool,
    databaseUrl,
    objects: await openFolderStore(root),
    rewriter: new Rewriter(),
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: () => now,
    thresholds: { bytes: 1, ageMs: 1 },
    tellFailed: () => Promise.resolve(),
    send: () => Promise.reject(new Error('nobody leaves this shard')),
    removedFileGraceMs: 600_000,
    purgedFileGraceMs: 90_000,
  };
  const errors: string[] = [];
  const jobs = startStorageJobs(context, units, ({ message }) => errors.push(message));
  now += workerLimits.trimmedEveryMs;
  await vi.waitFor(() => expect(trimmed).toEqual([750_002]), 10_000);
  await jobs.stop();
  expect(errors).toEqual(['job "trim 750001" failed and is tried again: the disk is gone']);
});

it('does the tasks that somebody asks for, however little waits to be indexed', async () => {
  const rewriter = new Rewriter();
  const own = await TestShard.create({ pool, databaseUrl, rewriter, shard: 750_003 });
  const replica = await own.openReplica('a');
  const context = own.context({ thresholds: { bytes: 1e9, ageMs: 1e9 } });
  const errors: string[] = [];
  const jobs = startStorageJobs(context, [replica], ({ message }) => errors.push(message));
  const ids = [await own.ask({ type: 'expire', beforeDay: 1 })];
  ids.push(await own.ask({ type: 'erase', users: ['u'], identifiers: ['u'], until: 1 }));
  await vi.waitFor(async () => {
    for (const id of ids) expect(await own.resultOf(id)).toMatchObject({ state: 'done' });
  }, 10_000);
  await jobs.stop();
  expect(errors).toEqual([]);
  await own.remove();
  await rewriter.close();
});
