import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createErasedIdentifiers } from './erased-identifiers.ts';
import { createIdentifierDigest } from './identifier-digest.ts';

const project = 890_020;
const digestOf = createIdentifierDigest('a-master-key-of-this-test');

let pool: pg.Pool;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
});
afterAll(async () => {
  await pool.query('DELETE FROM erased_identifiers WHERE project = $1', [project]);
  await pool.end();
});

test('finds what was erased in the project, by digests that tell nothing', async () => {
  const erased = createErasedIdentifiers(pool, digestOf);
  expect(await erased.among(project, [])).toEqual(new Set());
  for (const [own, identifier] of [
    [project, 'ann'],
    [project, 'nul\0'],
    [project + 1, 'bob'],
  ] as const) {
    await pool.query(
      'INSERT INTO erased_identifiers (project, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [project, digestOf(own, identifier)],
    );
  }
  const found = await erased.among(project, ['ann', 'bob', 'nul\0', 'nul', 'Ann', '']);
  expect(found).toEqual(new Set(['ann', 'nul\0']));
  const other = createErasedIdentifiers(pool, createIdentifierDigest('another-master-key-here'));
  expect(await other.among(project, ['ann'])).toEqual(new Set());
});
