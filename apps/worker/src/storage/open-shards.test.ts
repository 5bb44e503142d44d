import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Queryable } from '@arbor/db/catalog';
import { openFolderStore } from '@arbor/object-store/folder-store';
import { createLogger } from '@arbor/runtime/logger';
import { expect, it } from 'vitest';
import { FileCache } from './file-cache.ts';
import { openShards } from './open-shards.ts';

it('waits for a database that is away, and opens every shard once it is back', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'arbor-open-'));
  const objects = await openFolderStore(path.join(root, 'objects'));
  let isAway = true;
  let pauses = 0;
  const database = {
    query: () =>
      isAway ? Promise.reject(new Error('connection refused')) : Promise.resolve({ rows: [] }),
  } as unknown as Queryable;
  const open = await openShards({
    directory: path.join(root, 'a'),
    shardCount: 2,
    database,
    cache: new FileCache(objects, path.join(root, 'cache')),
    logger: createLogger({ name: 'test', level: 'silent' }),
    pause: async () => {
      isAway = ++pauses < 3;
    },
  });
  expect(pauses).toBe(3);
  expect([...open.shards.values()].map(({ store }) => store.catalogVersion)).toEqual([0, 0]);
  await open.close();
  rmSync(root, { recursive: true });
});
