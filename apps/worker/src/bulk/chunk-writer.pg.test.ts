import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitCatalog, readCatalog } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { EventLineParser } from '@arbor/engine/import/event-line-parser';
import { ImportColumnsWriter } from '@arbor/engine/import/import-columns';
import { NamesTeller } from '@arbor/engine/import/learned-names';
import type { NewSegment } from '@arbor/engine/rewrite';
import { encodeUsersFile, UsersFile } from '@arbor/engine/users-file';
import { openFolderStore } from '@arbor/object-store/folder-store';
import type { ObjectStore } from '@arbor/object-store/object-store';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { writeFile } from '../storage/file-writer.ts';
import type { DayTask } from './build-messages.ts';
import { Builder } from './builder.ts';
import { type ChunkWriterContext, writeChunk } from './chunk-writer.ts';
import { ImportUserResolver } from './import-users.ts';
import { createPgImportIdentities } from './pg-import-identities.ts';
import { CatalogUsersFollower } from './shard-catalog-users.ts';

const databaseUrl = inject('databaseUrl');
let pool: pg.Pool;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
});
afterAll(() => pool.end());

// Far from the shards of other tests: the run shares one database.
let shard = 740_000;
const project = 730;
let root: string;
let objects: ObjectStore;
beforeEach(async () => {
  shard++;
  root = mkdtempSync(path.join(tmpdir(), 'arbor-chunk-'));
  objects = await openFolderStore(root);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Builds no day before `open` is called. */
class GatedBuilder extends Builder {
  #open: () => void = () => undefined;
  #ask: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));
  /** Resolves when the first day is asked for. */
  readonly asked = new Promise<void>((resolve) => (this.#ask = resolve));

  open(): void {
    this.#open();
  }

  override async buildDay(task: DayTask): Promise<NewSegment> {
    this.#ask();
    await this.#opened;
    return super.buildDay(task);
  }
}

function chunkOf(ids: readonly string[]) {
  const parser = new EventLineParser({
    makeInsertId: (line) => Buffer.from(`made${line}`),
    lineBytesMax: 1000,
    onOdd: () => undefined,
  });
  const columns = new ImportColumnsWriter();
  const lines = ids.map((id, i) => {
    const properties = { time: 1_700_000_000 + i, distinct_id: id };
    return JSON.stringify({ event: 'View', properties });
  });
  parser.readLines({ bytes: Buffer.from(lines.join('\n')), line: 1, now: Date.now() }, columns);
  expect(columns.rowCount).toBe(ids.length);
  return {
    columns: columns.written(),
    learned: new NamesTeller(parser).learned(),
    users: parser.users,
    sequence: 1,
  };
}

function contextWith(builder: Builder): ChunkWriterContext {
  const owner = { project, shard };
  return {
    pool,
    databaseUrl,
    objects,
    builder,
    ...owner,
    resolver: new ImportUserResolver(createPgImportIdentities(pool), project),
    follower: new CatalogUsersFollower(pool, objects, owner),
  };
}

async function usersPieces() {
  const { files } = await readCatalog(pool, shard);
  const users = [...files.values()].filter(({ kind }) => kind === 'users');
  return Promise.all(users.map(async ({ key }) => UsersFile.open(await objects.get(key)).piece()));
}

it('leaves the shard to others while it builds days, and goes on from the catalog that they made', async () => {
  const builder = new GatedBuilder();
  try {
    const written = writeChunk(contextWith(builder), chunkOf(['a', 'b', 'a']));
    await builder.asked;
    const live = await withShardLock({ databaseUrl, shard }, async () => {
      const { version } = await readCatalog(pool, shard);
      // As an index job does whose events are of a new user and of one of the import's.
      const bytes = encodeUsersFile({
        project,
        shard,
        first: 3,
        ids: ['live'],
        links: [],
        withoutEvents: [],
        withFirstEvents: [1],
      });
      const file = { shard, project, kind: 'users' as const, day: null, generation: version + 1 };
      const add = [await writeFile(objects, file, { bytes })];
      return commitCatalog(pool, { shard, expectedVersion: version, add, remove: [] });
    });
    expect(live?.result.outcome).toBe('committed');
    builder.open();
    await written;
  } finally {
    await builder.close();
  }
  expect(await usersPieces()).toMatchObject([
    { first: 1, ids: ['a', 'b'], withoutEvents: [1, 2] },
    { first: 3, ids: ['live'], withFirstEvents: [1] },
    { first: 4, ids: [], withFirstEvents: [2] },
  ]);
  const { version, files } = await readCatalog(pool, shard);
  expect(version).toBe(3);
  expect([...files.values()].filter(({ kind }) => kind === 'segment')).toMatchObject([
    { project, rowCount: 3, generation: 3 },
  ]);
});

it('names nobody a second time who is known', async () => {
  const builder = new GatedBuilder();
  builder.open();
  try {
    const context = contextWith(builder);
    await writeChunk(context, chunkOf(['a']));
    await writeChunk(contextWith(builder), chunkOf(['a']));
  } finally {
    await builder.close();
  }
  expect(await usersPieces()).toMatchObject([
    { first: 1, ids: ['a'], withoutEvents: [1] },
    { first: 2, ids: [], withFirstEvents: [1] },
  ]);
});

it('answers who belongs to somebody else, and makes the others known', async () => {
  const identities = createPgImportIdentities(pool);
  const add = `INSERT INTO identifiers (project, identifier, canonical, kind) VALUES ($1, $2, $3, 'identified')`;
  const own = `${shard}-`;
  await pool.query(add, [project, `${own}known`, `${own}known`]);
  await pool.query(add, [project, `${own}alias`, `${own}known`]);
  const asked = ['alias', 'known', 'new'].map((name) => own + name);
  expect(await identities.register(project, asked)).toEqual(
    new Map([[`${own}alias`, `${own}known`]]),
  );
  const { rows } = await pool.query(
    'SELECT canonical FROM identifiers WHERE project = $1 AND identifier = $2',
    [project, `${own}new`],
  );
  expect(rows).toEqual([{ canonical: `${own}new` }]);
});
