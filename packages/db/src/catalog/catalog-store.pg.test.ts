import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  CatalogError,
  commitCatalog,
  expiredFiles,
  forgetFiles,
  knownKeys,
  readCatalog,
  readCatalogSince,
  readHeads,
  type StoredCatalogFile,
} from './catalog-store.ts';

let pool: pg.Pool;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 10 });
});
afterAll(() => pool.end());

// Far from the shards of other tests: the run shares one database.
let shard = 500_000;
beforeEach(() => {
  shard++;
});

const segment = (name: string, change: Partial<StoredCatalogFile> = {}): StoredCatalogFile => ({
  key: `shard-${shard}/${name}`,
  kind: 'segment',
  project: 1,
  day: 20_000,
  generation: 1,
  bytes: 5_000_000_000,
  rowCount: 3,
  meta: { events: [{ name: 'View', rowCount: 3 }] },
  ...change,
});
const users = (name: string): StoredCatalogFile =>
  segment(name, { kind: 'users', day: null, meta: {} });

const namesOf = async (): Promise<string[]> =>
  [...(await readCatalog(pool, shard)).files.keys()].map((key) => key.split('/')[1] ?? '');

describe('the catalog of a shard', () => {
  it('begins empty at version 0', async () => {
    const empty = { shard, version: 0, revision: '', files: new Map() };
    expect(await readCatalog(pool, shard)).toEqual(empty);
    expect((await readHeads(pool)).has(shard)).toBe(false);
  });

  it('gives back what was committed, in order, one version a commit', async () => {
    const [one, two, three] = [segment('b'), users('a'), segment('c', { project: 7, day: 0 })];
    const first = await commitCatalog(pool, {
      shard,
      expectedVersion: 0,
      add: [one, two],
      remove: [],
    });
    expect(first).toEqual({ outcome: 'committed', version: 1 });
    await commitCatalog(pool, { shard, expectedVersion: 1, add: [three], remove: [one.key] });
    const { version, revision, files } = await readCatalog(pool, shard);
    expect(version).toBe(2);
    expect([...files.values()]).toEqual([two, three]);
    expect((await readHeads(pool)).get(shard)).toEqual({ version, revision });
  });

  it('reads a later version with the help of an earlier one', async () => {
    const [one, two, three] = [segment('one'), segment('two'), segment('three')];
    await commitCatalog(pool, { shard, expectedVersion: 0, add: [one, two], remove: [] });
    const known = await readCatalog(pool, shard);
    await commitCatalog(pool, { shard, expectedVersion: 1, add: [three], remove: [two.key] });
    const { catalog: later, isContinued } = await readCatalogSince(pool, known);
    expect(isContinued).toBe(true);
    expect(later).toEqual(await readCatalog(pool, shard));
    expect(later.files.get(one.key)).toBe(known.files.get(one.key));
    expect(later.files.get(three.key)?.meta).toEqual(three.meta);
  });

  it('refuses a change made for another version, and changes nothing', async () => {
    await commitCatalog(pool, { shard, expectedVersion: 0, add: [segment('a')], remove: [] });
    for (const expectedVersion of [0, 2]) {
      const add = [segment(`late ${expectedVersion}`)];
      const result = await commitCatalog(pool, { shard, expectedVersion, add, remove: [] });
      expect(result).toEqual({ outcome: 'conflict', version: 1 });
    }
    expect(await namesOf()).toEqual(['a']);
  });

  it('lets one of many racing writers win each version', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        commitCatalog(pool, { shard, expectedVersion: 0, add: [segment(`w${n}`)], remove: [] }),
      ),
    );
    const winners = results.flatMap(({ outcome }, n) => (outcome === 'committed' ? [`w${n}`] : []));
    expect(winners).toHaveLength(1);
    expect(await namesOf()).toEqual(winners);
    expect((await readCatalog(pool, shard)).version).toBe(1);
  });

  it('takes the same change again for what it is', async () => {
    const change = { shard, expectedVersion: 0, add: [segment('a'), users('u')], remove: [] };
    await commitCatalog(pool, change);
    expect(await commitCatalog(pool, change)).toEqual({ outcome: 'committed', version: 1 });
    await commitCatalog(pool, { shard, expectedVersion: 1, add: [segment('b')], remove: [] });
    expect(await commitCatalog(pool, change)).toEqual({ outcome: 'committed', version: 2 });
    expect(await namesOf()).toEqual(['a', 'u', 'b']);
  });

  it('undoes a change that removes what is not there, or adds a key twice', async () => {
    await commitCatalog(pool, { shard, expectedVersion: 0, add: [segment('a')], remove: [] });
    const bad = { shard, expectedVersion: 1, add: [segment('b')] };
    await expect(commitCatalog(pool, { ...bad, remove: ['none'] })).rejects.toThrow(CatalogError);
    await expect(commitCatalog(pool, { ...bad, remove: ['none'] })).rejects.toThrow(
      `shard ${shard}: 1 files should leave version 1 of the catalog, which has 0 of them`,
    );
    const again = { ...bad, add: [segment('a')], remove: [] };
    await expect(commitCatalog(pool, again)).rejects.toThrow('catalog_files_object_key_key');
    expect(await readCatalog(pool, shard)).toMatchObject({ version: 1 });
    expect(await namesOf()).toEqual(['a']);
  });

  it('keeps shards apart', async () => {
    const other = shard++;
    await commitCatalog(pool, {
      shard: other,
      expectedVersion: 0,
      add: [segment('o')],
      remove: [],
    });
    const remove = [`shard-${shard}/o`];
    await expect(
      commitCatalog(pool, { shard, expectedVersion: 0, add: [], remove }),
    ).rejects.toThrow(CatalogError);
    expect((await readCatalog(pool, other)).files.size).toBe(1);
  });
});

describe('a database that was restored from a backup', () => {
  /** Back to the first version, as a backup would bring it. */
  async function restore(): Promise<void> {
    const tables = [
      ['catalog_files', 'added_version'],
      ['catalog_revisions', 'version'],
    ];
    for (const [table, column] of tables) {
      await pool.query(`DELETE FROM ${table} WHERE shard = $1 AND ${column} > 1`, [shard]);
    }
    await pool.query('UPDATE shard_catalogs SET version = 1 WHERE shard = $1', [shard]);
  }
  const commit = (expectedVersion: number, name: string, expectedRevision?: string) =>
    commitCatalog(pool, {
      shard,
      expectedVersion,
      ...(expectedRevision === undefined ? {} : { expectedRevision }),
      add: [segment(name)],
      remove: [],
    });

  it('is told from the one that was known, whatever its version is by now', async () => {
    await commit(0, 'one');
    const first = await readCatalog(pool, shard);
    await commit(1, 'two');
    const lost = await readCatalog(pool, shard);
    await restore();
    for (const name of ['none', 'other two', 'other three']) {
      const now = await readCatalog(pool, shard);
      if (name !== 'none') await commit(now.version, name);
      const { catalog, isContinued } = await readCatalogSince(pool, lost);
      expect([isContinued, catalog]).toEqual([false, await readCatalog(pool, shard)]);
      expect((await readCatalogSince(pool, first)).isContinued).toBe(true);
    }
    expect(await namesOf()).toEqual(['one', 'other two', 'other three']);
  });

  it('takes no change that was made for the versions that are lost', async () => {
    await commit(0, 'one');
    await commit(1, 'two');
    const { revision } = await readCatalog(pool, shard);
    await restore();
    await commit(1, 'other two');
    expect(await commit(2, 'three', revision)).toEqual({ outcome: 'conflict', version: 2 });
    const { revision: own } = await readCatalog(pool, shard);
    expect(await commit(2, 'three', own)).toEqual({ outcome: 'committed', version: 3 });
  });
});

describe('removed files', () => {
  it('expire after their grace, are named until they are forgotten, and live files never are', async () => {
    const [gone, live] = [segment('gone'), segment('live')];
    await commitCatalog(pool, { shard, expectedVersion: 0, add: [gone, live], remove: [] });
    await commitCatalog(pool, { shard, expectedVersion: 1, add: [], remove: [gone.key] });
    expect(await expiredFiles(pool, 60_000)).not.toContain(gone.key);
    await pool.query(
      "UPDATE catalog_files SET removed_at = now() - interval '61 s' WHERE object_key = $1",
      [gone.key],
    );
    expect(await expiredFiles(pool, 60_000)).toContain(gone.key);
    expect(await expiredFiles(pool, 62_000)).not.toContain(gone.key);
    expect(await knownKeys(pool, [gone.key, live.key, 'none'])).toEqual(
      new Set([gone.key, live.key]),
    );
    await forgetFiles(pool, [gone.key, live.key]);
    expect(await knownKeys(pool, [gone.key, live.key])).toEqual(new Set([live.key]));
  });
});
