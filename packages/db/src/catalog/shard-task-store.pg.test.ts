import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  commitCatalog,
  expiredFiles,
  purgedKeys,
  type StoredCatalogFile,
} from './catalog-store.ts';
import { addTask, endTask, nextTask, shardsWithTasks } from './shard-task-store.ts';

let pool: pg.Pool;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
});
afterAll(() => pool.end());

// Far from the shards of other tests: the run shares one database.
let shard = 510_000;
beforeEach(() => {
  shard++;
});

const add = (n: number) => addTask(pool, { shard, project: 7, task: { n } });
const stateOf = async (id: string) => {
  const { rows } = await pool.query<{ state: string }>(
    'SELECT state, task, result FROM shard_tasks WHERE id = $1',
    [id],
  );
  return rows[0];
};

const file = (name: string, change: Partial<StoredCatalogFile> = {}): StoredCatalogFile => ({
  key: `shard-${shard}/${name}`,
  kind: 'segment',
  project: 7,
  day: 20_000,
  generation: 1,
  bytes: 1,
  rowCount: 1,
  meta: {},
  ...change,
});

describe('tasks of a shard', () => {
  it('are found in the order in which they were asked for, until they have ended', async () => {
    expect(await nextTask(pool, shard)).toBeUndefined();
    const [one, two] = [await add(1), await add(2)];
    expect((await shardsWithTasks(pool)).has(shard)).toBe(true);
    expect(await nextTask(pool, shard)).toEqual({ id: one, shard, project: 7, task: { n: 1 } });
    expect(await endTask(pool, { id: one, state: 'done', result: { events: 3 } })).toBe(true);
    expect((await nextTask(pool, shard))?.id).toBe(two);
    expect(await endTask(pool, { id: two, state: 'failed', result: { reason: 'no' } })).toBe(true);
    expect((await shardsWithTasks(pool)).has(shard)).toBe(false);
    expect(await stateOf(one)).toEqual({ state: 'done', task: null, result: { events: 3 } });
    expect(await stateOf(two)).toEqual({ state: 'failed', task: null, result: { reason: 'no' } });
  });

  it('end once', async () => {
    const id = await add(1);
    await endTask(pool, { id, state: 'done', result: { events: 3 } });
    expect(await endTask(pool, { id, state: 'failed', result: {} })).toBe(false);
    expect(await stateOf(id)).toEqual({ state: 'done', task: null, result: { events: 3 } });
  });

  it('end together with the change of the catalog that does them, or not at all', async () => {
    const id = await add(1);
    const endedTask = { id, state: 'done' as const, result: {} };
    const change = { shard, add: [file('a')], remove: [], endTask: endedTask };
    const early = await commitCatalog(pool, { ...change, expectedVersion: 4 });
    expect(early).toEqual({ outcome: 'conflict', version: 0 });
    expect(await stateOf(id)).toMatchObject({ state: 'waiting' });
    const done = await commitCatalog(pool, { ...change, expectedVersion: 0 });
    expect(done).toEqual({ outcome: 'committed', version: 1 });
    expect(await stateOf(id)).toMatchObject({ state: 'done' });
    const again = await commitCatalog(pool, { ...change, add: [file('b')], expectedVersion: 1 });
    expect(again).toEqual({ outcome: 'conflict', version: 1 });
    const { rows } = await pool.query('SELECT version FROM shard_catalogs WHERE shard = $1', [
      shard,
    ]);
    expect(rows).toEqual([{ version: '1' }]);
  });
});

describe('files that hold what is erased', () => {
  it('go sooner, and so do those of the project that were removed before', async () => {
    const [old, erased, other] = [file('old'), file('erased'), file('other', { project: 8 })];
    const commit = (expectedVersion: number, change: { remove: string[]; purgeProject?: number }) =>
      commitCatalog(pool, { shard, expectedVersion, add: [], ...change });
    await commitCatalog(pool, { shard, expectedVersion: 0, add: [old, erased, other], remove: [] });
    await commit(1, { remove: [old.key, other.key] });
    const all = [old.key, erased.key, other.key];
    expect(await purgedKeys(pool, all)).toEqual([]);
    await commit(2, { remove: [erased.key], purgeProject: 7 });
    expect((await purgedKeys(pool, all)).sort()).toEqual([erased.key, old.key]);
    const expired = async (graceMs: number, purgeGraceMs: number) =>
      (await expiredFiles(pool, graceMs, purgeGraceMs)).filter((key) => all.includes(key));
    expect(await expired(600_000, 0)).toEqual([old.key, erased.key]);
    expect(await expired(0, 600_000)).toEqual([other.key]);
    expect(await expired(600_000, 600_000)).toEqual([]);
  });
});
