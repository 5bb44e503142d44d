import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { firstKeptDay, Retention } from './retention.ts';

const project = 890_001;
const dayMs = 86_400_000;

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO organizations (name) VALUES ('Retention') RETURNING id`,
  );
  await pool.query(
    `INSERT INTO projects (id, organization_id, name, token, timezone, retention_days, spread)
     VALUES ($1, $2, 'Retention', 'retention-token', 'UTC', 30, 2)`,
    [project, rows[0]?.id],
  );
});
afterAll(async () => {
  await pool.query('DELETE FROM shard_tasks WHERE project = $1', [project]);
  await pool.query('DELETE FROM projects WHERE id = $1', [project]);
  await pool.query(`DELETE FROM organizations WHERE name = 'Retention'`);
  await pool.end();
});

const tasks = async () => {
  const { rows } = await pool.query<{ task: unknown }>(
    'SELECT task FROM shard_tasks WHERE project = $1 ORDER BY shard_tasks.id',
    [project],
  );
  return rows.map(({ task }) => task);
};

test('keeps as many whole days as the rule says, and today', () => {
  expect(firstKeptDay(100 * dayMs, 30)).toBe(70);
  expect(firstKeptDay(101 * dayMs - 1, 30)).toBe(70);
  expect(firstKeptDay(101 * dayMs, 30)).toBe(71);
});

test('asks each shard of a project once a day, and again when the rule gets shorter', async () => {
  let now = 100 * dayMs;
  const retention = new Retention({ pool, shardCount: 4, clock: () => now });
  expect(await retention.run()).toBe(1);
  const asked = { type: 'expire', beforeDay: 70 };
  expect(await tasks()).toEqual([asked, asked]);
  now += dayMs / 2;
  expect(await retention.run()).toBe(0);
  // Another process, or this one after a restart: what waits is enough.
  expect(await new Retention({ pool, shardCount: 4, clock: () => now }).run()).toBe(1);
  expect(await tasks()).toHaveLength(2);
  await pool.query('UPDATE projects SET retention_days = 10 WHERE id = $1', [project]);
  expect(await retention.run()).toBe(1);
  expect((await tasks()).slice(2)).toEqual(Array(2).fill({ type: 'expire', beforeDay: 90 }));
});
