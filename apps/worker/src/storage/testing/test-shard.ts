import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addTask } from '@arbor/db/shard-tasks';
import { ShardStore } from '@arbor/engine/store';
import { viewOf } from '@arbor/engine/test/model/snapshot-view';
import { openFolderStore } from '@arbor/object-store/folder-store';
import type { ObjectStore } from '@arbor/object-store/object-store';
import { createLogger } from '@arbor/runtime/logger';
import type { ShardTask } from '@arbor/schema/shard-task';
import type pg from 'pg';
import { CatalogFollower } from '../catalog-follower.ts';
import { compactShard } from '../compact-shard.ts';
import { FileCache } from '../file-cache.ts';
import { indexShard } from '../index-shard.ts';
import type { Rewriter } from '../rewriter.ts';
import { runShardTasks } from '../run-shard-task.ts';
import type { JobOutcome, StorageContext } from '../storage-context.ts';

const never = new AbortController().signal;

/** A shard of a real database, and its files in a folder of their own; its clock stands still until a test moves it. */
export class TestShard {
  now = Date.UTC(2026, 0, 1);
  readonly shard: number;
  readonly project = 1;
  readonly objects: ObjectStore;
  readonly #root: string;
  readonly #pool: pg.Pool;
  readonly #databaseUrl: string;
  readonly #rewriter: Rewriter;
  readonly #opened: ShardStore[] = [];

  private constructor(options: TestShardOptions, root: string, objects: ObjectStore) {
    this.shard = options.shard;
    this.objects = objects;
    this.#root = root;
    this.#pool = options.pool;
    this.#databaseUrl = options.databaseUrl;
    this.#rewriter = options.rewriter;
  }

  static async create(options: TestShardOptions): Promise<TestShard> {
    const root = mkdtempSync(path.join(tmpdir(), 'arbor-shard-'));
    return new TestShard(options, root, await openFolderStore(path.join(root, 'objects')));
  }

  async remove(): Promise<void> {
    for (const store of this.#opened.splice(0)) await store.close();
    rmSync(this.#root, { recursive: true });
  }

  context(change: Partial<StorageContext> = {}): StorageContext {
    return {
      pool: this.#pool,
      databaseUrl: this.#databaseUrl,
      objects: this.objects,
      rewriter: this.#rewriter,
      logger: createLogger({ name: 'test', level: 'silent' }),
      clock: () => this.now,
      thresholds: { bytes: 1, ageMs: 1 },
      removedFileGraceMs: 600_000,
      purgedFileGraceMs: 90_000,
      send: () => Promise.reject(new Error('nobody leaves this shard')),
      tellFailed: () => Promise.resolve(),
      ...change,
    };
  }

  /** A replica, as the storage process of a zone opens it. */
  async openReplica(zone: string): Promise<TestReplica> {
    const directory = path.join(this.#root, zone);
    mkdirSync(directory, { recursive: true });
    const follower = new CatalogFollower({
      shard: this.shard,
      database: this.#pool,
      cache: new FileCache(this.objects, path.join(directory, 'cache')),
      clock: () => this.now,
      onHistoryLoss: () => undefined,
    });
    const catalog = await follower.load();
    const store = await this.#open(path.join(directory, 'log'), catalog);
    follower.attach(store);
    return { store, follower, directory };
  }

  /** A store that never saw a catalog. */
  openAlone(): Promise<ShardStore> {
    return this.#open(mkdtempSync(path.join(this.#root, 'alone-')));
  }

  async #open(
    directory: string,
    catalog?: Awaited<ReturnType<CatalogFollower['load']>>,
  ): Promise<ShardStore> {
    const store = await ShardStore.open({
      directory,
      shard: this.shard,
      clock: () => this.now,
      onDamage: ({ error }) => {
        throw error;
      },
      ...(catalog ? { catalog } : {}),
    });
    this.#opened.push(store);
    return store;
  }

  index(replica: TestReplica, change: Partial<StorageContext> = {}): Promise<JobOutcome> {
    return indexShard(this.context(change), replica, never);
  }

  compact(replica: TestReplica): Promise<JobOutcome> {
    return compactShard(this.context(), replica, never);
  }

  runTasks(replica: TestReplica, change: Partial<StorageContext> = {}): Promise<JobOutcome> {
    return runShardTasks(this.context(change), replica, never);
  }

  ask(task: ShardTask): Promise<string> {
    return addTask(this.#pool, { shard: this.shard, project: this.project, task });
  }

  /** What became of a task. */
  async resultOf(id: string): Promise<unknown> {
    const { rows } = await this.#pool.query<{ state: string }>(
      'SELECT state, task, result FROM shard_tasks WHERE id = $1',
      [id],
    );
    return rows[0];
  }
}

export interface TestShardOptions {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly rewriter: Rewriter;
  /** Far from the shards of other tests: a run shares one database. */
  readonly shard: number;
}

export interface TestReplica {
  readonly store: ShardStore;
  readonly follower: CatalogFollower;
  readonly directory: string;
}

/** Rows as `user n`, profiles as `user: name=value` (of `name` and `city`), both in order, and who is known. */
export async function contentOf(store: ShardStore) {
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
  const { persons, users } = await store.names(1);
  return { rows: rows.sort(), profiles: profiles.sort(), persons, users };
}

/** Every byte that the folder holds, as text. */
export function bytesBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
