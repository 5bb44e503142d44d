import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createDb, isUniqueViolation } from './db.ts';
import { migrate } from './migrate.ts';

const shipped = path.join(import.meta.dirname, '../prisma/migrations');

let url: string;
let folder: string;

beforeEach(async () => {
  const target = new URL(inject('databaseUrl'));
  target.pathname = `/migrate_${crypto.randomUUID().replaceAll('-', '')}`;
  url = target.href;
  folder = await mkdtemp(path.join(tmpdir(), 'arbor-migrate-'));
  await cp(shipped, folder, { recursive: true });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client(maintenance.href);
  await client.connect();
  await client.query(
    `DROP DATABASE IF EXISTS ${client.escapeIdentifier(new URL(url).pathname.slice(1))} WITH (FORCE)`,
  );
  await client.end();
});

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, 'migration.sql'), sql);
}

test('creates a missing database, runs every migration once and finds nothing to do afterwards', async () => {
  expect((await migrate(url)).length).toBeGreaterThan(0);
  expect(await migrate(url)).toEqual([]);
});

test('lets several processes start at the same time', async () => {
  const runs = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(runs.filter((names) => names.length > 0)).toHaveLength(1);
});

test('undoes a migration that fails half-way and can run it after it was repaired', async () => {
  await addMigration('99990101000000_bad', 'CREATE TABLE half (id int); SELECT 1 / 0;');
  await expect(migrate(url, folder)).rejects.toThrow(
    'migration "99990101000000_bad" failed and was undone: division by zero',
  );
  await addMigration('99990101000000_bad', 'CREATE TABLE half (id int);');
  expect(await migrate(url, folder)).toEqual(['99990101000000_bad']);
});

test('refuses a migration that was changed after it ran', async () => {
  await addMigration('99990101000000_more', 'SELECT 1;');
  await migrate(url, folder);
  await addMigration('99990101000000_more', 'SELECT 2;');
  await expect(migrate(url, folder)).rejects.toThrow(
    'migration "99990101000000_more" was changed after it ran',
  );
});

test('refuses a database that a newer version has migrated', async () => {
  await addMigration('99990101000000_newer', 'SELECT 1;');
  await migrate(url, folder);
  await expect(migrate(url)).rejects.toThrow(
    'migration "99990101000000_newer" is in the database but not in this version of arbor',
  );
});

test('numbers projects from 1001 and keeps tokens unique', async () => {
  await migrate(url);
  const db = createDb(url);
  try {
    const organization = await db.organization.create({ data: { name: 'Acme' } });
    const data = { organizationId: organization.id, name: 'Shop', token: 't', timezone: 'UTC' };
    expect(await db.project.create({ data })).toMatchObject({ id: 1001, weekStart: 1, spread: 1 });
    const again = await db.project.create({ data }).catch((error: unknown) => error);
    expect(isUniqueViolation(again)).toBe(true);
  } finally {
    await db.$disconnect();
  }
});

test('holds a spread to powers of two', async () => {
  await migrate(url);
  const db = createDb(url);
  try {
    const { id } = await db.organization.create({ data: { name: 'Acme' } });
    const data = { organizationId: id, name: 'Shop', token: 't', timezone: 'UTC', spread: 3 };
    await expect(db.project.create({ data })).rejects.toThrow('projects_spread_power_of_two');
  } finally {
    await db.$disconnect();
  }
});
