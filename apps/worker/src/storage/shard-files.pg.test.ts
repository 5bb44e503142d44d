import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitCatalog, readCatalog } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { encodeRowBatch } from '@arbor/engine/batch';
import { ShardStore } from '@arbor/engine/store';
import { openFolderStore } from '@arbor/object-store/folder-store';
import { type ObjectStore, ObjectStoreError } from '@arbor/object-store/object-store';
import { openS3Store } from '@arbor/object-store/s3-store';
import { startS3TestServer } from '@arbor/object-store/testing/s3-test-server';
import { createLogger } from '@arbor/runtime/logger';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { CatalogFollower } from './catalog-follower.ts';
import { compactShard } from './compact-shard.ts';
import { FileCache } from './file-cache.ts';
import { indexShard } from './index-shard.ts';
import { Rewriter } from './rewriter.ts';
import type { StorageContext } from './storage-context.ts';

const databaseUrl = inject('databaseUrl');
const never = new AbortController().signal;
const dayMs = 86_400_000;
const firstDay = Date.UTC(2024, 2, 4);
const project = 1;

let pool: pg.Pool;
let rewriter: Rewriter;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
  rewriter = new Rewriter();
});
afterAll(async () => {
  await rewriter.close();
  await pool.end();
});

// Far from the shards of other tests: the run shares one database.
let shard = 730_000;
let root: string;
let objects: ObjectStore;
let now: number;
let sequence: number;
const opened: ShardStore[] = [];
beforeEach(async () => {
  shard++;
  sequence = 0;
  now = Date.UTC(2026, 0, 1);
  root = mkdtempSync(path.join(tmpdir(), 'arbor-files-'));
  objects = await openFolderStore(path.join(root, 'objects'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(root, { recursive: true });
});

const context = (change: Partial<StorageContext> = {}): StorageContext => ({
  pool,
  databaseUrl,
  objects,
  rewriter,
  logger: createLogger({ name: 'test', level: 'silent' }),
  clock: () => now,
  thresholds: { bytes: 1, ageMs: 1 },
  tellFailed: () => Promise.resolve(),
  send: () => Promise.reject(new Error('nobody leaves this shard')),
  removedFileGraceMs: 600_000,
  purgedFileGraceMs: 90_000,
  ...change,
});

/** A replica of the shard, as the storage process of a zone opens it. */
async function openReplica(zone: string) {
  const directory = path.join(root, zone);
  mkdirSync(directory, { recursive: true });
  const cache = new FileCache(objects, path.join(directory, 'cache'));
  const follower = new CatalogFollower({
    shard,
    database: pool,
    cache,
    clock: () => now,
    onHistoryLoss: () => undefined,
  });
  const catalog = await follower.load();
  const damage: unknown[] = [];
  const store = await ShardStore.open({
    directory: path.join(directory, 'log'),
    shard,
    catalog,
    clock: () => now,
    onDamage: (place) => damage.push(place),
  });
  follower.attach(store);
  opened.push(store);
  return { store, follower, damage, directory };
}
type Replica = Awaited<ReturnType<typeof openReplica>>;

/** The next batch: `count` views on each of two days, by users that partly came before, and a visit of each user. */
function nextBatch(count = 5): Uint8Array {
  const n = ++sequence;
  const users = Array.from({ length: count }, (_, i) => `user-${n + i}`);
  return encodeRowBatch({
    batchId: `batch-${n}`,
    project,
    shard,
    sequence: n,
    receivedAt: now,
    events: users.flatMap((user, i) =>
      [0, 1].map((day) => {
        const time = firstDay + day * dayMs + n * 1000 + i;
        return {
          event: i % 2 === 0 ? 'View' : 'Buy',
          time,
          sentTime: time,
          distinctId: user,
          user,
          insertId: `${n}-${i}-${day}`,
          position: i * 2 + day,
          properties: { batch: n },
        };
      }),
    ),
    persons: users.map((user, i) => ({
      user,
      distinctId: user,
      time: now,
      ignoreTime: true,
      position: 100 + i,
      operations: [{ operator: '$add', values: { visits: 1 } }],
    })),
    links: [],
  });
}

/** What can be asked of a replica, in a form that does not depend on where it lies. */
async function contentOf({ store }: Replica) {
  const { events, users, persons, values } = await store.names(project, {
    scope: 'event',
    name: 'batch',
    search: '',
    max: 1000,
  });
  const snapshot = store.snapshot(project);
  const { bytes, ends, count } = snapshot.users;
  const column = snapshot.personProperty('visits');
  const visits: Record<string, unknown> = {};
  for (let user = 1; user <= count; user++) {
    const id = Buffer.from(bytes.subarray(ends[user - 1], ends[user])).toString();
    visits[id] = column?.values[column.codes[user] ?? 0] ?? null;
  }
  return {
    events: [...events].sort((a, b) => (a.name < b.name ? -1 : 1)),
    values: [...values].sort((a, b) => Number(a.text) - Number(b.text)),
    users,
    persons,
    visits,
  };
}

const segmentCount = async (): Promise<number> =>
  [...(await readCatalog(pool, shard)).files.values()].filter(({ kind }) => kind === 'segment')
    .length;

/** Both replicas store the same batches. */
async function storeBoth(replicas: readonly Replica[], batches: number): Promise<void> {
  for (let i = 0; i < batches; i++) {
    const bytes = nextBatch();
    for (const { store } of replicas) expect(await store.append(bytes)).toBe('stored');
  }
}

const index = (replica: Replica, change: Partial<StorageContext> = {}) =>
  indexShard(context(change), replica, never);

describe('indexing', () => {
  it('moves batches into files that both replicas adopt, and nothing else changes', async () => {
    const [a, b] = [await openReplica('a'), await openReplica('b')];
    await storeBoth([a, b], 7);
    const before = await contentOf(a);
    expect(before.events).toEqual([
      { name: 'Buy', count: 28, firstDay: 19_786, lastDay: 19_787 },
      { name: 'View', count: 42, firstDay: 19_786, lastDay: 19_787 },
    ]);
    expect(await index(a)).toBe('done');
    expect(a.store.indexable().batches).toBe(0);
    expect(await segmentCount()).toBe(2);
    expect(await contentOf(a)).toEqual(before);
    expect(await contentOf(b)).toEqual(before);
    expect(await b.follower.refresh()).toBe(true);
    expect(b.store.indexable().batches).toBe(0);
    expect(await contentOf(b)).toEqual(before);
    expect(await index(b)).toBe('nothing');
  });

  it('goes on with what comes later, and survives restarts', async () => {
    let [a, b] = [await openReplica('a'), await openReplica('b')];
    for (const indexer of ['a', 'b', 'a']) {
      await storeBoth([a, b], 3);
      expect(await index(indexer === 'a' ? a : b)).toBe('done');
    }
    await storeBoth([a, b], 2);
    const before = await contentOf(a);
    await a.store.close();
    await b.store.close();
    [a, b] = [await openReplica('a'), await openReplica('b')];
    expect([a.damage, b.damage]).toEqual([[], []]);
    expect(a.store.indexable().batches).toBe(2);
    expect(await contentOf(a)).toEqual(before);
    expect(await contentOf(b)).toEqual(before);
  });

  it('knows a batch that was indexed by the other replica when it comes late', async () => {
    const [a, b] = [await openReplica('a'), await openReplica('b')];
    const late = nextBatch();
    await a.store.append(late);
    expect(await index(a)).toBe('done');
    await b.follower.refresh();
    expect(await b.store.append(late)).toBe('duplicate');
    expect(await contentOf(b)).toEqual(await contentOf(a));
  });

  it('waits until enough bytes, or old enough ones, are there', async () => {
    const a = await openReplica('a');
    await storeBoth([a], 1);
    const thresholds = { bytes: 1e9, ageMs: 1000 };
    expect(await index(a, { thresholds })).toBe('nothing');
    now += 1000;
    expect(await index(a, { thresholds })).toBe('done');
  });

  it('leaves the shard to whoever holds its lock', async () => {
    const a = await openReplica('a');
    await storeBoth([a], 1);
    await withShardLock({ databaseUrl, shard }, async () => expect(await index(a)).toBe('busy'));
    expect(await segmentCount()).toBe(0);
  });

  it('changes nothing when it fails at any object, and succeeds later', async () => {
    const [a, b] = [await openReplica('a'), await openReplica('b')];
    await storeBoth([a, b], 2);
    const before = await contentOf(a);
    // Users, people, two segments, covered batches.
    for (let good = 0; good < 5; good++) {
      await expect(index(a, { objects: failingAfter(good) })).rejects.toThrow('the disk is full');
      expect(await contentOf(a)).toEqual(before);
      expect((await readCatalog(pool, shard)).version).toBe(0);
    }
    expect(await index(a)).toBe('done');
    await b.follower.refresh();
    for (const replica of [a, b]) expect(await contentOf(replica)).toEqual(before);
  });

  it('gives way to a commit that came first', async () => {
    const a = await openReplica('a');
    await storeBoth([a], 2);
    const before = await contentOf(a);
    const intruding = interceptedPut(async () => {
      await commitCatalog(pool, { shard, expectedVersion: 0, add: [], remove: [] });
    });
    expect(await index(a, { objects: intruding })).toBe('conflict');
    expect(a.follower.current.version).toBe(1);
    expect(await contentOf(a)).toEqual(before);
    expect(await index(a)).toBe('done');
    expect(await contentOf(a)).toEqual(before);
  });

  it('stops between days when it is told to', async () => {
    const a = await openReplica('a');
    await storeBoth([a], 1);
    const stop = new AbortController();
    const objects = interceptedPut(() => stop.abort(new Error('the process stops')));
    await expect(indexShard(context({ objects }), a, stop.signal)).rejects.toThrow(
      'the process stops',
    );
    expect((await readCatalog(pool, shard)).version).toBe(0);
  });

  it('works the same over S3, with files fetched once by each replica', async () => {
    const server = await startS3TestServer('bucket');
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
    const { endpoint } = server;
    objects = await openS3Store({
      bucket: 'bucket',
      prefix: 'p/',
      endpoint,
      region: 'x',
      credentials,
    });
    const [a, b] = [await openReplica('a'), await openReplica('b')];
    await storeBoth([a, b], 3);
    const before = await contentOf(a);
    expect(await index(a)).toBe('done');
    await b.follower.refresh();
    expect(await contentOf(a)).toEqual(before);
    expect(await contentOf(b)).toEqual(before);
    expect(server.requests.filter((request) => request.startsWith('GET')).length).toBe(10);
    objects.close();
    await server.close();
  });
});

describe('compaction', () => {
  const compact = (replica: Replica) => compactShard(context(), replica, never);

  it('leaves one segment of a day that is over, and both replicas say the same', async () => {
    let [a, b] = [await openReplica('a'), await openReplica('b')];
    for (let round = 0; round < 3; round++) {
      await storeBoth([a, b], 2);
      await index(a);
    }
    await b.follower.refresh();
    await storeBoth([a, b], 1);
    const before = await contentOf(a);
    expect(await segmentCount()).toBe(6);
    expect(await compact(a)).toBe('nothing');
    now += 3_600_000;
    expect(await compact(a)).toBe('done');
    expect(await segmentCount()).toBe(2);
    expect(await contentOf(a)).toEqual(before);
    await b.follower.refresh();
    expect(await contentOf(b)).toEqual(before);
    await a.store.close();
    await b.store.close();
    [a, b] = [await openReplica('a'), await openReplica('b')];
    expect(await contentOf(a)).toEqual(before);
    expect(await contentOf(b)).toEqual(before);
  });

  it('keeps the pieces of users, people and covered batches few', async () => {
    const [a, b] = [await openReplica('a'), await openReplica('b')];
    for (let round = 0; round < 9; round++) {
      await storeBoth([a, b], 1);
      await index(a);
      await compact(a);
    }
    const before = await contentOf(a);
    await b.follower.refresh();
    expect(await contentOf(b)).toEqual(before);
    const kinds = [...(await readCatalog(pool, shard)).files.values()].map(({ kind }) => kind);
    for (const kind of ['users', 'people', 'covered']) {
      expect(kinds.filter((one) => one === kind).length, kind).toBeLessThan(8);
    }
    expect(await b.store.append(encodedFirstBatch())).toBe('duplicate');
  });

  const encodedFirstBatch = (): Uint8Array => {
    sequence = 0;
    return nextBatch();
  };
});

describe('a database that was restored from a backup', () => {
  it('is served by every replica as it is, by those that saw what is lost too', async () => {
    const a = await openReplica('a');
    await storeBoth([a], 1);
    await index(a);
    const backup = (await readCatalog(pool, shard)).version;
    await storeBoth([a], 2);
    await index(a);
    await pool.query('DELETE FROM catalog_files WHERE shard = $1 AND added_version > $2', [
      shard,
      backup,
    ]);
    await pool.query('DELETE FROM catalog_revisions WHERE shard = $1 AND version > $2', [
      shard,
      backup,
    ]);
    await pool.query('UPDATE shard_catalogs SET version = $2 WHERE shard = $1', [shard, backup]);
    const c = await openReplica('c');
    await storeBoth([c], 3);
    await index(c);
    expect((await readCatalog(pool, shard)).version).toBe(a.store.catalogVersion);
    await storeBoth([a, c], 1);
    const batchesOf = async (replica: Replica) =>
      (await contentOf(replica)).values.map(({ text }) => Number(text));
    expect(await batchesOf(a)).toEqual([1, 2, 3, 7]);
    expect(await batchesOf(c)).toEqual([1, 4, 5, 6, 7]);
    expect(await a.follower.refresh()).toBe(true);
    // The row log of a replica may still hold what the lost versions had.
    expect(await batchesOf(a)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await index(a)).toBe('done');
    await c.follower.refresh();
    expect(await contentOf(c)).toEqual(await contentOf(a));
  });
});

/** The store of the test, but every put after the first `good` ones fails. */
function failingAfter(good: number): ObjectStore {
  let done = 0;
  return interceptedPut(() => {
    if (done++ === good) throw new ObjectStoreError('UNAVAILABLE', 'the disk is full');
  });
}

/** The store of the test, with something that happens before each put. */
function interceptedPut(before: () => unknown): ObjectStore {
  const own = objects;
  return {
    description: own.description,
    put: async (...given) => {
      await before();
      return own.put(...given);
    },
    get: (key) => own.get(key),
    getRange: (key, offset, length) => own.getRange(key, offset, length),
    download: (key, target) => own.download(key, target),
    list: (prefix) => own.list(prefix),
    delete: (keys) => own.delete(keys),
    localPath: (key) => own.localPath(key),
    close: () => own.close(),
  };
}
