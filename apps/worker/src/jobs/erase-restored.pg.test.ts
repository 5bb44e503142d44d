import { createDb, type Db } from '@arbor/db';
import { createLogger } from '@arbor/runtime/logger';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createIdentifierDigest } from '../erased/identifier-digest.ts';
import { eraseRestored } from './erase-restored.ts';

const digestOf = createIdentifierDigest('a key of this test, which is long enough');
const logger = createLogger({ name: 'test', level: 'silent' });
const erasedAt = '2026-03-05T12:00:00Z';

let pool: pg.Pool;
let db: Db;
let project: number;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
  db = createDb(inject('databaseUrl'));
  const token = crypto.randomUUID();
  const { id: organizationId } = await db.organization.create({ data: { name: token } });
  const data = { organizationId, name: 'Shop', token, timezone: 'UTC' };
  project = (await db.project.create({ data })).id;
});
afterAll(async () => {
  await db.$disconnect();
  await pool.end();
});

const addIdentifier = (identifier: string, createdAt: string) =>
  pool.query(
    `INSERT INTO identifiers (project, identifier, canonical, kind, created_at)
     VALUES ($1, $2, $2, 'identified', $3)`,
    [project, identifier, createdAt],
  );
const addErased = (identifier: string) =>
  pool.query('INSERT INTO erased_identifiers (project, digest, erased_at) VALUES ($1, $2, $3)', [
    project,
    digestOf(project, identifier),
    erasedAt,
  ]);
const requests = async () => {
  const { rows } = await pool.query<{ ids: unknown }>(
    'SELECT kind, status, distinct_ids AS ids, requested_by AS by FROM data_requests WHERE project_id = $1',
    [project],
  );
  return rows;
};

it('asks to erase who came back with a backup, once, and nobody else', async () => {
  const before = '2026-03-01T00:00:00Z';
  await addIdentifier('came back', before);
  await addIdentifier('was never erased', before);
  // A project may take what is sent under an erased identifier later: that is somebody new.
  await addIdentifier('is new', '2026-03-05T12:00:00.500Z');
  for (const identifier of ['came back', 'is new', 'stays away']) await addErased(identifier);
  const context = { pool, digestOf, logger };
  expect(await eraseRestored(context)).toBe(1);
  const asked = {
    kind: 'erasure',
    status: 'PENDING',
    ids: ['came back'],
    by: 'system: came back with a backup',
  };
  expect(await requests()).toEqual([asked]);
  expect(await eraseRestored(context)).toBe(0);
  expect(await requests()).toEqual([asked]);
});
