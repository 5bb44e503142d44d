import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deleteContents } from './forget-contents.ts';
import { forgetInDefinitions } from './forget-definitions.ts';
import { erasedText } from './names-them.ts';

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
  const filtered = (values: string[]) => ({
    filters: [
      { property: { name: '$distinct_id' }, operator: 'equals', values },
      { property: { name: 'plan' }, operator: 'equals', values: ['ann'] },
    ],
  });
  await pool.query(
    `INSERT INTO definitions (id, project_id, kind, name, definition, content_id, uploaded, created_by)
     VALUES ('forget-frozen', $1, 'cohort', 'Frozen', '{"type": "frozen"}', 'forget-list', '{"rows": 3}', ''),
       ('forget-live', $1, 'cohort', 'Live', $2, NULL, NULL, '')`,
    [project, JSON.stringify(filtered(['ann', 'cid']))],
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
  // A plan that a user is called like is not the user.
  expect((await definitionOf('forget-live'))?.definition).toEqual(filtered([erasedText, 'cid']));
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

test('takes users out of saved reports, boards, notes and tables, whoever has them open', async () => {
  const ann = 'ann@example.com';
  const filters = [{ property: { name: '$email' }, operator: 'equals', values: [ann] }];
  const { rows: reports } = await pool.query<{ id: number }>(
    `INSERT INTO saved_reports (project_id, name, type, query, view, created_by, updated_by)
     VALUES ($1, $2, 'insights', $3, '{}', 'admin', 'admin') RETURNING id`,
    [project, `What ${ann} did`, JSON.stringify({ type: 'insights', filters })],
  );
  const cards = [{ type: 'text', text: `Wrote to ${ann}.` }];
  await pool.query(
    `INSERT INTO boards (project_id, title, cards, created_by, updated_by) VALUES ($1, 'Team', $2, 'admin', 'admin')`,
    [project, JSON.stringify(cards)],
  );
  await pool.query(
    `INSERT INTO annotations (project_id, date, description, created_by) VALUES ($1, '2026-03-01 00:00:00', $2, 'admin')`,
    [project, `${ann} complained`],
  );
  await pool.query(
    `INSERT INTO lexicon_entries (project_id, entity, name, description) VALUES
       ($1, 'event', 'Visit', $2), ($1, 'event_property', $3, 'by mistake')`,
    [project, `first sent by ${ann}`, ann],
  );
  await pool.query(
    `INSERT INTO contents (id, project_id, unused_at) VALUES ('forget-table', $1, NULL), ('forget-upload', $1, now())`,
    [project],
  );
  await pool.query(
    `INSERT INTO content_chunks (content_id, part, n, bytes) VALUES
       ('forget-table', 0, 0, $1), ('forget-table', 1, 0, '["gold", "free"]'), ('forget-upload', 0, 0, $1)`,
    [Buffer.from(JSON.stringify([ann, '7']))],
  );
  await pool.query(
    `INSERT INTO definitions (id, project_id, kind, name, definition, content_id, uploaded, created_by)
     VALUES ('forget-lookup', $1, 'lookup_table', 'Plans', '{}', 'forget-table',
       '{"rows": 2, "columns": [{"name": "mail", "type": "text"}, {"name": "plan", "type": "text"}]}', '')`,
    [project],
  );

  const { replacedContents } = await forgetInDefinitions(pool, project, [ann, '7']);

  const { rows: saved } = await pool.query(
    'SELECT name, query, version FROM saved_reports WHERE id = $1',
    [reports[0]?.id],
  );
  const emptied = [{ ...filters[0], values: [erasedText] }];
  expect(saved).toEqual([
    { name: 'What (erased) did', query: { type: 'insights', filters: emptied }, version: 2 },
  ]);
  const { rows: boards } = await pool.query(
    'SELECT cards, version FROM boards WHERE project_id = $1',
    [project],
  );
  expect(boards).toEqual([{ cards: [{ type: 'text', text: 'Wrote to (erased).' }], version: 2 }]);
  const { rows: notes } = await pool.query(
    'SELECT description FROM annotations WHERE project_id = $1',
    [project],
  );
  expect(notes).toEqual([{ description: '(erased) complained' }]);
  const { rows: lexicon } = await pool.query(
    'SELECT name, description FROM lexicon_entries WHERE project_id = $1',
    [project],
  );
  expect(lexicon).toEqual([{ name: 'Visit', description: 'first sent by (erased)' }]);
  // A key that may mean anything stays: it need not be the user.
  expect(replacedContents).toEqual(['forget-table']);
  const table = await definitionOf('forget-lookup');
  expect(table?.uploaded).toMatchObject({ rows: 1 });
  const { rows: cells } = await pool.query<{ bytes: Buffer }>(
    'SELECT bytes FROM content_chunks WHERE content_id = $1 ORDER BY part',
    [table?.content_id],
  );
  expect(cells.map(({ bytes }) => bytes.toString())).toEqual(['["7"]', '["free"]']);
  // Nobody reads what nothing names any more: it is emptied where it is.
  expect(await membersOf('forget-upload')).toEqual([]);
});

test('leaves alone in the audit log what only looks like the user', async () => {
  await pool.query('DELETE FROM audit_entries WHERE project_id = $1', [project]);
  await pool.query(
    `INSERT INTO audit_entries (project_id, actor, action, target, details)
     VALUES ($1, 'admin', 'report.change', '7', '{"after": {"limit": 7}}'),
       ($1, 'admin', 'identity.merge', 'bob', '{"with": "7"}')`,
    [project],
  );
  await forgetInDefinitions(pool, project, ['7']);
  const { rows } = await pool.query(
    'SELECT target, details FROM audit_entries WHERE project_id = $1 ORDER BY id',
    [project],
  );
  expect(rows).toEqual([
    { target: '7', details: { after: { limit: 7 } } },
    { target: null, details: { erased: true } },
  ]);
});

test('changes nothing when it is done again', async () => {
  const before = await definitionOf('forget-frozen');
  expect(await forgetInDefinitions(pool, project, ['ann'])).toEqual({ replacedContents: [] });
  expect(await definitionOf('forget-frozen')).toEqual(before);
});
