import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitCatalog, readCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { openFolderStore } from '@arbor/object-store/folder-store';
import type { ObjectStore } from '@arbor/object-store/object-store';
import { createLogger } from '@arbor/runtime/logger';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { collectAbandoned, collectExpired, collectOrphans } from './collect-garbage.ts';
import { writeFile } from './file-writer.ts';
import { Rewriter } from './rewriter.ts';
import type { StorageContext } from './storage-context.ts';

const databaseUrl = inject('databaseUrl');
const never = new AbortController().signal;
const dayMs = 86_400_000;

let pool: pg.Pool;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
});
afterAll(() => pool.end());

// Far from the shards of other tests: the run shares one database.
let shard = 720_000;
let root: string;
let objects: ObjectStore;
let context: StorageContext;
beforeEach(async () => {
  shard++;
  root = mkdtempSync(path.join(tmpdir(), 'arbor-garbage-'));
  objects = await openFolderStore(root);
  context = {
    pool,
    databaseUrl,
    objects,
    rewriter: new Rewriter(),
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: Date.now,
    thresholds: { bytes: 1, ageMs: 1 },
    tellFailed: () => Promise.resolve(),
    send: () => Promise.reject(new Error('nobody leaves this shard')),
    removedFileGraceMs: 600_000,
    purgedFileGraceMs: 90_000,
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** An object written so many days ago. */
async function write(daysAgo: number): Promise<StoredCatalogFile> {
  const file = { shard, project: 1, kind: 'users' as const, day: null, generation: 1 };
  const written = await writeFile(objects, file, { bytes: new Uint8Array([1]) });
  const at = new Date(Date.now() - daysAgo * dayMs);
  utimesSync(objects.localPath(written.key) ?? '', at, at);
  return written;
}

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of objects.list('')) found.push(key);
  return found.sort();
}

const keysOf = (...files: StoredCatalogFile[]): string[] => files.map(({ key }) => key).sort();

it('deletes what left the catalog a while ago, and forgets it', async () => {
  const [live, gone, late] = [await write(9), await write(9), await write(9)];
  await commitCatalog(pool, { shard, expectedVersion: 0, add: [live, gone, late], remove: [] });
  await commitCatalog(pool, { shard, expectedVersion: 1, add: [], remove: [gone.key] });
  await commitCatalog(pool, { shard, expectedVersion: 2, add: [], remove: [late.key] });
  await pool.query(
    "UPDATE catalog_files SET removed_at = now() - interval '1 hour' WHERE object_key = $1",
    [gone.key],
  );
  expect(await collectExpired(context)).toBe('done');
  expect(await keys()).toEqual(keysOf(live, late));
  expect(await collectExpired(context)).toBe('nothing');
  expect([...(await readCatalog(pool, shard)).files.keys()]).toEqual([live.key]);
});

it('deletes what holds something erased as soon as it is told to, and nothing else sooner', async () => {
  const [erased, gone] = [await write(9), await write(9)];
  await commitCatalog(pool, { shard, expectedVersion: 0, add: [erased, gone], remove: [] });
  const remove = [erased.key, gone.key];
  await commitCatalog(pool, { shard, expectedVersion: 1, add: [], remove });
  await pool.query(
    `UPDATE catalog_files SET removed_at = now() - interval '1 minute', purge = object_key = $1
     WHERE object_key = ANY ($2)`,
    [erased.key, remove],
  );
  expect(await collectExpired(context)).toBe('nothing');
  expect(await collectExpired({ ...context, purgedFileGraceMs: 30_000 })).toBe('done');
  expect(await keys()).toEqual(keysOf(gone));
});

it('deletes old objects that the catalog does not know, and no others', async () => {
  const [live, removed, orphan, young] = [
    await write(9),
    await write(9),
    await write(2),
    await write(0),
  ];
  await commitCatalog(pool, { shard, expectedVersion: 0, add: [live, removed], remove: [] });
  await commitCatalog(pool, { shard, expectedVersion: 1, add: [], remove: [removed.key] });
  expect(await collectOrphans(context, shard, never)).toBe('done');
  expect(await keys()).toEqual(keysOf(live, removed, young));
  expect(orphan.key.startsWith(`shard-${shard}/1/users/`)).toBe(true);
  expect(await collectOrphans(context, shard, never)).toBe('nothing');
});

it('deletes nothing of a shard that the database knows nothing of', async () => {
  const old = await write(9);
  expect(await collectOrphans(context, shard, never)).toBe('nothing');
  expect(await keys()).toEqual([old.key]);
});

it('deletes at once what died jobs left before somebody was erased, but for what imports made', async () => {
  const [abandoned, removed, live] = [await write(1), await write(2), await write(3)];
  const day = { shard, project: 1, kind: 'segment' as const, day: 20_000, generation: 0 };
  const bytes = new Uint8Array(1);
  const imported = await writeFile(objects, { ...day, isImported: true }, { bytes });
  expect(await collectAbandoned(context, shard, never)).toBe('nothing');
  await commitCatalog(pool, { shard, expectedVersion: 0, add: [live, removed], remove: [] });
  await commitCatalog(pool, {
    shard,
    expectedVersion: 1,
    add: [],
    remove: [removed.key],
    purgeProject: 1,
  });
  const later = await write(4);
  utimesSync(objects.localPath(later.key) ?? '', new Date(), new Date(Date.now() + 60_000));
  expect(await collectAbandoned(context, shard, never)).toBe('done');
  expect(await keys()).toEqual(keysOf(live, removed, imported, later));
  expect(await keys()).not.toContain(abandoned.key);
});

it('leaves orphans alone while somebody may be about to commit them', async () => {
  const orphan = await write(2);
  await withShardLock({ databaseUrl, shard }, async () => {
    expect(await collectOrphans(context, shard, never)).toBe('busy');
  });
  expect(await keys()).toEqual([orphan.key]);
});
