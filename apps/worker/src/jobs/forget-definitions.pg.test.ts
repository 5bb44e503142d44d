import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cleanedTables } from './clean-databases.ts';
import { deleteContents } from './forget-contents.ts';
import { forgetInDefinitions } from './forget-definitions.ts';
import { textTables } from './forget-texts.ts';
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

test('takes them out of how sessions are cut, and of what names are read as', async () => {
  const mail = 'ann@example.com';
  await pool.query(
    `INSERT INTO session_settings (project_id, settings, updated_at) VALUES ($1, $2, now())`,
    [
      project,
      JSON.stringify({
        mode: { type: 'property', name: 'visit' },
        excluded: [`Seen by ${mail}`, 'Ping'],
      }),
    ],
  );
  await pool.query(
    `INSERT INTO lexicon_entries (project_id, entity, name, merged_into, updated_at)
     VALUES ($1, 'event', 'Seen by her', $2, now()), ($1, 'event', 'Pinged', 'Ping', now())`,
    [project, `Seen by ${mail}`],
  );
  await forgetInDefinitions(pool, project, [mail]);
  const { rows: settings } = await pool.query<{ settings: unknown }>(
    'SELECT settings FROM session_settings WHERE project_id = $1',
    [project],
  );
  expect(settings).toEqual([
    {
      settings: {
        mode: { type: 'property', name: 'visit' },
        excluded: [`Seen by ${erasedText}`, 'Ping'],
      },
    },
  ]);
  const { rows: merged } = await pool.query(
    `SELECT name, merged_into FROM lexicon_entries
     WHERE project_id = $1 AND name IN ('Pinged', 'Seen by her') ORDER BY name`,
    [project],
  );
  expect(merged).toEqual([
    { name: 'Pinged', merged_into: 'Ping' },
    { name: 'Seen by her', merged_into: null },
  ]);
});

/**
 * Columns of words in tables of projects that no erasure looks through as texts, and why. Who adds one decides the same:
 * it goes here, or into `textTables`.
 */
const otherColumns: Readonly<Record<string, readonly string[]>> = {
  'ids, states and kinds of ours': [
    'contents.id definitions.id definitions.content_id identifiers.kind identity_links.batch_id identity_links.form',
    'identity_links.outcome user_moves.state shard_tasks.state data_requests.id data_requests.kind imports.state',
    'data_requests.compliance_type data_requests.disclosure_type data_requests.status audit_entries.action',
    'catalog_files.kind catalog_files.object_key saved_reports.type annotations.date imports.fingerprint',
    'lexicon_schemas.entity_type',
  ],
  'who works with Arbor': [
    'definitions.created_by saved_reports.created_by saved_reports.updated_by boards.created_by boards.updated_by',
    'imports.created_by annotations.created_by audit_entries.actor data_requests.requested_by identity_links.undone_by',
  ],
  'go whole, or by their identifier (forget-identities, forget-definitions)': [
    'identifiers.identifier identifiers.canonical identity_links.alias identity_links.winner identity_links.loser',
    'identity_links.joined identity_links.refused identity_splits.user_id identity_splits.identifiers',
    'user_moves.loser user_moves.winner user_moves.people audit_entries.target audit_entries.details',
    'data_requests.distinct_ids data_requests.result shard_tasks.task shard_tasks.result',
  ],
  digests: ['erased_identifiers.digest'],
  'go with the files that they describe': ['catalog_files.meta'],
};

test('knows every column in which somebody may be named', async () => {
  const { rows } = await pool.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')
       AND table_name IN (SELECT table_name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name IN ('project', 'project_id'))`,
  );
  const searched = textTables.flatMap(({ table, texts, values, links = [], named = false }) =>
    [...texts, ...values, ...links, ...(named ? ['name'] : [])].map(
      (column) => `${table}.${column}`,
    ),
  );
  const others = Object.values(otherColumns).flatMap((lines) => lines.join(' ').split(' '));
  const found = rows.map(({ table, column }) => `${table}.${column}`);
  expect(found.toSorted()).toEqual([...searched, ...others].toSorted());
  const cleaned = new Set<string>(cleanedTables);
  expect(textTables.filter(({ table }) => !cleaned.has(table))).toEqual([]);
});
