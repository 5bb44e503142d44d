import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addTask } from '@arbor/db/shard-tasks';
import { type BatchEvent, encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import { ShardStore } from '@arbor/engine/store';
import { viewOf } from '@arbor/engine/test/model/snapshot-view';
import { openFolderStore } from '@arbor/object-store/folder-store';
import type { ObjectStore } from '@arbor/object-store/object-store';
import { createLogger } from '@arbor/runtime/logger';
import type { ShardTask } from '@arbor/schema/shard-task';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { CatalogFollower } from './catalog-follower.ts';
import { compactShard } from './compact-shard.ts';
import { FileCache } from './file-cache.ts';
import { indexShard } from './index-shard.ts';
import { Rewriter } from './rewriter.ts';
import { runShardTasks } from './run-shard-task.ts';
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
let shard = 760_000;
let root: string;
let objects: ObjectStore;
let now: number;
const opened: ShardStore[] = [];
beforeEach(async () => {
  shard++;
  now = Date.UTC(2026, 0, 1);
  root = mkdtempSync(path.join(tmpdir(), 'arbor-tasks-'));
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
  const store = await ShardStore.open({
    directory: path.join(directory, 'log'),
    shard,
    catalog,
    clock: () => now,
    onDamage: ({ error }) => expect.unreachable(error.message),
  });
  follower.attach(store);
  opened.push(store);
  return { store, follower, directory };
}
type Replica = Awaited<ReturnType<typeof openReplica>>;

const batch = (sequence: number, change: Partial<RowBatch>): Uint8Array =>
  encodeRowBatch({
    batchId: `batch-${sequence}`,
    project,
    shard,
    sequence,
    receivedAt: now,
    events: [],
    persons: [],
    links: [],
    ...change,
  });

/** An event of the user on a day, named by its insert id. */
function event(user: string, day: number, insertId: string, change = {}): BatchEvent {
  const time = firstDay + day * dayMs + 1000;
  return {
    event: 'View',
    time,
    sentTime: time,
    distinctId: user,
    user,
    insertId,
    position: 0,
    properties: { n: insertId, secret: `of ${user}` },
    ...change,
  };
}

const profile = (user: string, values: { [name: string]: string | number }, position = 100) => ({
  user,
  distinctId: user,
  time: now,
  ignoreTime: true,
  position,
  operations: [{ operator: '$set' as const, values }],
});

async function give(replicas: readonly Replica[], ...batches: Uint8Array[]): Promise<void> {
  for (const bytes of batches) {
    for (const { store } of replicas) expect(await store.append(bytes)).toBe('stored');
  }
}

/** Rows as `user n`, and profiles as `user: name=value`, both in order, and who is known. */
async function contentOf({ store }: Replica) {
  const view = viewOf(store);
  const n = view.eventProperty('n');
  const rows = Array.from({ length: view.rowCount }, (_, row) => {
    const code = n?.codes[row] ?? 0;
    return `${view.userIds[view.users[row] ?? 0]} ${JSON.stringify(n?.values[code])}`;
  });
  const profiles: string[] = [];
  for (const [ordinal, id] of view.userIds.entries()) {
    for (const name of ['name', 'city']) {
      const column = view.personProperty(name);
      const code = column?.codes[ordinal] ?? 0;
      if (code > 0) profiles.push(`${id}: ${name}=${JSON.stringify(column?.values[code])}`);
    }
  }
  const { persons, users } = await store.names(project);
  return { rows: rows.sort(), profiles: profiles.sort(), persons, users };
}

const ask = (task: ShardTask): Promise<string> => addTask(pool, { shard, project, task });

async function resultOf(id: string) {
  const { rows } = await pool.query(
    'SELECT state, task, result, ended_at IS NOT NULL AS "hasEnded" FROM shard_tasks WHERE id = $1',
    [id],
  );
  return rows[0] as { state: string; task: unknown; result: Record<string, unknown> };
}

const index = (replica: Replica) => indexShard(context(), replica, never);
const run = (replica: Replica, change: Partial<StorageContext> = {}) =>
  runShardTasks(context(change), replica, never);

/** Every byte that the folder holds now, as text. */
const bytesBelow = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

/** Three users on two days: indexed, indexed once more, and in memory. */
async function threeUsers(replicas: readonly [Replica, ...Replica[]]): Promise<void> {
  const users = ['ann', 'bob', 'cid'];
  for (const sequence of [1, 2, 3]) {
    await give(
      replicas,
      batch(sequence, {
        events: users.flatMap((user, i) => [
          event(user, 0, `${sequence}-${user}-0`, { position: 2 * i }),
          event(user, 1, `${sequence}-${user}-1`, { position: 2 * i + 1 }),
        ]),
        persons: users.map((user, i) => profile(user, { name: user, city: `${sequence}` }, 10 + i)),
      }),
    );
    if (sequence < 3) await index(replicas[0]);
  }
  for (const { follower } of replicas) await follower.refresh();
}

const eraseBob: ShardTask = { type: 'erase', users: ['bob'], identifiers: ['bob'], until: 1000 };

describe('erasing a user', () => {
  it('takes rows, profile and id out of files, memory and logs of both replicas', async () => {
    let [a, b] = [await openReplica('a'), await openReplica('b')];
    await threeUsers([a, b]);
    const before = await contentOf(a);
    const id = await ask(eraseBob);
    expect(await run(a)).toBe('done');
    const isLeft = (text: string): boolean => !text.startsWith('bob');
    const expected = {
      rows: before.rows.filter(isLeft),
      profiles: before.profiles.filter(isLeft),
      persons: 2,
      users: 2,
    };
    expect(before.rows.length - expected.rows.length).toBe(6);
    expect(await contentOf(a)).toEqual(expected);
    await b.follower.refresh();
    expect(await contentOf(b)).toEqual(expected);
    const version = a.follower.current.version;
    expect(await resultOf(id)).toEqual({
      state: 'done',
      task: null,
      result: { events: 6, profiles: 1, properties: 2, files: 10, version },
      hasEnded: true,
    });
    for (const key of a.follower.current.files.keys()) {
      expect(readFileSync(a.follower.pathOf(key), 'latin1')).not.toContain('bob');
    }
    for (const { directory } of [a, b]) {
      expect(bytesBelow(path.join(directory, 'log'))).not.toContain('bob');
    }
    now += 3_600_000;
    expect(await compactShard(context(), a, never)).toBe('done');
    await b.follower.refresh();
    for (const replica of [a, b]) expect(await contentOf(replica)).toEqual(expected);
    await a.store.close();
    await b.store.close();
    [a, b] = [await openReplica('a'), await openReplica('b')];
    for (const replica of [a, b]) expect(await contentOf(replica)).toEqual(expected);
  });
});
