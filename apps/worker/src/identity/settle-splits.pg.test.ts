import { createDb, type Db } from '@arbor/db';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createDatabase } from './database.ts';
import { createPgIdentityStore } from './pg-identity-store.ts';
import { settleSplits } from './settle-splits.ts';

let pool: pg.Pool;
let db: Db;
let project: number;
beforeAll(() => {
  pool = createDatabase(inject('databaseUrl'), () => undefined);
  db = createDb(inject('databaseUrl'));
});
afterAll(async () => {
  await pool.end();
  await db.$disconnect();
});
beforeEach(async () => {
  await pool.query('DELETE FROM identity_splits');
  const token = crypto.randomUUID();
  const { id } = await db.organization.create({ data: { name: token } });
  const data = { organizationId: id, name: 'Shop', token, timezone: 'UTC' };
  project = (await db.project.create({ data })).id;
});

const settle = (isDrained: (before: number) => Promise<boolean> = () => Promise.resolve(true)) =>
  settleSplits({ pool, shardCount: 4, settleMs: 0, isDrained });

/** Ends the tasks that wait, and answers what they were to do. */
async function endTasks(): Promise<unknown[]> {
  const { rows } = await pool.query<{ task: unknown }>(
    "SELECT task FROM shard_tasks WHERE project = $1 AND state = 'waiting' ORDER BY id",
    [project],
  );
  await pool.query("UPDATE shard_tasks SET state = 'done', task = NULL WHERE project = $1", [
    project,
  ]);
  return rows.map(({ task }) => task);
}

const store = () => createPgIdentityStore(pool);
let batches = 0;
async function merge(alias: string, user: string): Promise<number> {
  const link = { form: 'explicit' as const, position: 0, alias, user };
  const request = { project, batchId: `settle-${++batches}`, identifiers: [user, alias] };
  await store().resolve({ ...request, links: [link], redelivered: false });
  const { rows } = await pool.query<{ id: string }>(
    'SELECT max(id)::text AS id FROM identity_links WHERE project = $1',
    [project],
  );
  return Number(rows[0]?.id);
}
const undo = (link: number) => store().undo({ project, link, by: 'cat' });

it('divides a user once more when what was under way is stored, and then no more', async () => {
  const { epoch } = (await undo(await merge('b', 'a'))) as { epoch: number };
  expect(epoch).toBe(1);
  const parts = { identifiers: ['b'], staying: ['a'], among: [] };
  const task = { type: 'split', user: 'a', to: 'b', ...parts };
  expect(await endTasks()).toEqual([task]);
  const asked: number[] = [];
  const now = Date.now();
  expect(await settle((before) => (asked.push(before), Promise.resolve(false)))).toBe(0);
  expect(Math.abs((asked[0] ?? 0) - now)).toBeLessThan(60_000);
  expect(await endTasks()).toEqual([]);
  expect(await settle()).toBe(1);
  expect(await endTasks()).toEqual([task]);
  expect(await settle()).toBe(0);
});

it('goes by who the identifiers are by then', async () => {
  await merge('b', 'a');
  const ofC = await merge('c', 'b');
  const ofB = await merge('d', 'a');
  await undo(ofC);
  await undo(ofB);
  await endTasks();
  await merge('d', 'a');
  expect(await settle()).toBe(2);
  const parts = { identifiers: ['c'], staying: ['a', 'b', 'd'], among: [] };
  expect(await endTasks()).toEqual([{ type: 'split', user: 'a', to: 'c', ...parts }]);
});

it('waits until the user is whole on one shard', async () => {
  await undo(await merge('b', 'a'));
  await endTasks();
  await pool.query(
    'INSERT INTO user_moves (project, loser, winner, from_shard, to_shard) VALUES ($1, $2, $2, 0, 1)',
    [project, 'b'],
  );
  expect(await settle()).toBe(0);
  await pool.query("UPDATE user_moves SET state = 'done' WHERE project = $1", [project]);
  expect(await settle()).toBe(1);
});
