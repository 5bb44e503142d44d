import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deleteContents, erasedText, forgetInDefinitions } from './forget-definitions.ts';

const project = 890_002;

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO organizations (name) VALUES ('Forget') RETURNING id`,
  );
  await pool.query(
    `INSERT INTO projects (id, organization_id, name, token, timezone)
     VALUES ($1, $2, 'Forget', 'forget-token', 'UTC')`,
    [project, rows[0]?.id],
  );
});
afterAll(async () => {
  await pool.query('DELETE FROM audit_entries WHERE project_id = $1', [project]);
  await pool.query('DELETE FROM data_requests WHERE project_id = $1', [project]);
  await pool.query('DELETE FROM projects WHERE id = $1', [project]);
  await pool.query(`DELETE FROM organizations WHERE name = 'Forget'`);
  await pool.end();
});

const addAudit = (target: string | null, details: unknown) =>
  pool.query(
    `INSERT INTO audit_entries (project_id, actor, action, target, details)
     VALUES ($1, 'admin', 'person.edit', $2, $3)`,
    [project, target, JSON.stringify(details)],
  );
const definitionOf = async (id: string) => {
  const { rows } = await pool.query<{ definition: unknown; content_id: string; uploaded: unknown }>(
    'SELECT definition, content_id, uploaded FROM definitions WHERE id = $1',
    [id],
  );
  return rows[0];
};
const membersOf = async (content: string) => {
  const { rows } = await pool.query<{ bytes: Buffer }>(
    'SELECT bytes FROM content_chunks WHERE content_id = $1 ORDER BY n',
    [content],
  );
  return rows.flatMap(({ bytes }) => JSON.parse(bytes.toString()) as unknown[]);
};

test('takes users out of what a project has said of them, and leaves the rest', async () => {
  await addAudit('ann', { before: { city: 'Rome' } });
  await addAudit('bob', { merged: 'ann' });
  await addAudit('cid', { plan: 'pro' });
  await pool.query(
    `INSERT INTO data_requests (id, project_id, kind, compliance_type, status, distinct_ids, distinct_id_count,
       requested_by)
     VALUES ('forget-access', $1, 'access', 'GDPR', 'SUCCESS', '["ann", "cid"]', 2, 'admin')`,
    [project],
  );
  await pool.query(`INSERT INTO contents (id, project_id) VALUES ('forget-list', $1)`, [project]);
  await pool.query(
    `INSERT INTO content_chunks (content_id, part, n, bytes)
     VALUES ('forget-list', 0, 0, '["ann", "bob"]'), ('forget-list', 0, 1, '["cid"]')`,
  );
  const filter = { filters: [{ operator: 'equals', values: ['ann', 'cid'] }] };
  await pool.query(
    `INSERT INTO definitions (id, project_id, kind, name, definition, content_id, uploaded, created_by)
     VALUES ('forget-frozen', $1, 'cohort', 'Frozen', '{"type": "frozen"}', 'forget-list', '{"rows": 3}', ''),
       ('forget-live', $1, 'cohort', 'Live', $2, NULL, NULL, '')`,
    [project, JSON.stringify(filter)],
  );

  const { replacedContents } = await forgetInDefinitions(pool, project, ['ann', 'ann-2']);

  const { rows: audit } = await pool.query(
    'SELECT target, details FROM audit_entries WHERE project_id = $1 ORDER BY id',
    [project],
  );
  const gone = { target: null, details: { erased: true } };
  expect(audit).toEqual([gone, gone, { target: 'cid', details: { plan: 'pro' } }]);
  const { rows: requests } = await pool.query(
    'SELECT distinct_ids FROM data_requests WHERE project_id = $1',
    [project],
  );
  expect(requests).toEqual([{ distinct_ids: ['cid'] }]);
  expect((await definitionOf('forget-live'))?.definition).toEqual({
    filters: [{ operator: 'equals', values: [erasedText, 'cid'] }],
  });
  const frozen = await definitionOf('forget-frozen');
  expect(replacedContents).toEqual(['forget-list']);
  expect(frozen?.uploaded).toEqual({ rows: 2 });
  expect(await membersOf(frozen?.content_id ?? '')).toEqual(['bob', 'cid']);
  // For queries under way the old one stays a while.
  expect(await membersOf('forget-list')).toHaveLength(3);
  await deleteContents(pool, replacedContents);
  expect(await membersOf('forget-list')).toEqual([]);
  const { rows: versions } = await pool.query(
    'SELECT definitions_version AS version FROM projects WHERE id = $1',
    [project],
  );
  expect(versions).toEqual([{ version: 2 }]);
});

test('changes nothing when it is done again', async () => {
  const before = await definitionOf('forget-frozen');
  expect(await forgetInDefinitions(pool, project, ['ann'])).toEqual({ replacedContents: [] });
  expect(await definitionOf('forget-frozen')).toEqual(before);
});
