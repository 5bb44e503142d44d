import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import type { ShardCatalog } from '@arbor/engine/catalog';
import { openFolderStore } from '@arbor/object-store/folder-store';
import type { ObjectStore } from '@arbor/object-store/object-store';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { CatalogFollower, type HistoryLoss } from './catalog-follower.ts';
import { FileCache } from './file-cache.ts';
import { writeFile } from './file-writer.ts';

let pool: pg.Pool;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
});
afterAll(() => pool.end());

// Far from the shards of other tests: the run shares one database.
let shard = 710_000;
let root: string;
let objects: ObjectStore;
let now: number;
const losses: HistoryLoss[] = [];
beforeEach(async () => {
  shard++;
  now = 1000;
  root = mkdtempSync(path.join(tmpdir(), 'arbor-follower-'));
  objects = await openFolderStore(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const follow = (): CatalogFollower =>
  new CatalogFollower({
    shard,
    database: pool,
    cache: new FileCache(objects, path.join(root, 'cache')),
    clock: () => now,
    onHistoryLoss: (loss) => losses.push(loss),
  });

async function add(
  version: number,
  text: string,
  remove: string[] = [],
): Promise<StoredCatalogFile> {
  const file = { shard, project: 1, kind: 'users' as const, day: null, generation: version };
  const written = await writeFile(objects, file, { bytes: new Uint8Array(Buffer.from(text)) });
  await commitCatalog(pool, { shard, expectedVersion: version - 1, add: [written], remove });
  return written;
}

const textsOf = (catalog: ShardCatalog | undefined): string[] =>
  (catalog?.projects.get(1)?.users ?? []).map((file) => readFileSync(file.path, 'utf8'));

it('gives the files to open with, and later versions as they come', async () => {
  await add(1, 'one');
  const follower = follow();
  const first = await follower.load();
  expect([first.version, textsOf(first)]).toEqual([1, ['one']]);
  const adopted: ShardCatalog[] = [];
  follower.attach({ adopt: async (catalog) => void adopted.push(catalog) });
  expect(await follower.refresh()).toBe(false);
  await add(2, 'two');
  await add(3, 'three');
  expect(await follower.refresh()).toBe(true);
  expect([adopted.length, adopted[0]?.version, textsOf(adopted[0])]).toEqual([
    1,
    3,
    ['one', 'two', 'three'],
  ]);
  expect(follower.current.version).toBe(3);
});

it('stays at its version when the store cannot adopt the next, and tries again', async () => {
  const follower = follow();
  await follower.load();
  let fails = true;
  follower.attach({
    adopt: () => (fails ? Promise.reject(new Error('no memory')) : Promise.resolve()),
  });
  await add(1, 'one');
  await expect(follower.refresh()).rejects.toThrow('no memory');
  expect(follower.current.version).toBe(0);
  fails = false;
  expect(await follower.refresh()).toBe(true);
  expect(follower.current.version).toBe(1);
});

it('remembers when it saw a file first', async () => {
  const old = await add(1, 'old');
  const follower = follow();
  await follower.load();
  now = 5000;
  const fresh = await add(2, 'fresh');
  await follower.refresh();
  now = 9000;
  const last = await add(3, 'last', [old.key]);
  await follower.refresh();
  expect([old, fresh, last].map(({ key }) => follower.seenAt(key))).toEqual([
    -Infinity,
    5000,
    9000,
  ]);
  expect(() => follower.pathOf(old.key)).toThrow(`is no part of shard ${shard}`);
});

it('gives the store another history of the catalog as such, and says so', async () => {
  await add(1, 'one');
  await add(2, 'two');
  const follower = follow();
  await follower.load();
  const adopted: unknown[] = [];
  follower.attach({
    adopt: async (catalog, history) => void adopted.push([history, textsOf(catalog)]),
  });
  const lost = { version: 2, revision: follower.current.revision };
  await pool.query('DELETE FROM catalog_files WHERE shard = $1 AND added_version = 2', [shard]);
  await pool.query('DELETE FROM catalog_revisions WHERE shard = $1 AND version = 2', [shard]);
  await pool.query('UPDATE shard_catalogs SET version = 1 WHERE shard = $1', [shard]);
  await add(2, 'other two');
  expect([follower.hasLostHistory, await follower.refresh()]).toEqual([false, true]);
  expect(adopted).toEqual([['other', ['one', 'other two']]]);
  const found = { version: 2, revision: follower.current.revision };
  expect(losses).toEqual([{ shard, lost, found }]);
  expect([follower.isAt(found), follower.isAt(lost), follower.hasLostHistory]).toEqual([
    true,
    false,
    true,
  ]);
  expect(await follower.refresh()).toBe(false);
});

it('does one thing at a time, in order, whatever fails', async () => {
  const follower = follow();
  const steps: string[] = [];
  const step = (name: string) => async () => {
    steps.push(`${name} begins`);
    await Promise.resolve();
    steps.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
  };
  const all = ['a', 'b', 'c'].map((name) => follower.exclusively(step(name)));
  const outcomes = await Promise.allSettled(all);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
