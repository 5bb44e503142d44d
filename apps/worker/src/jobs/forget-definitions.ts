import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from '../identity/database.ts';
import type { NamesThem } from './names-them.ts';
import { createNamesThem } from './names-them.ts';

/** What stands in a definition in the place of an identifier that is erased: it stays valid, and finds nobody. */
export const erasedText = '(erased)';

const rowsAtOnce = 500;

/** What a project has said of the users besides their data: everything here may be done again. */
export async function forgetInDefinitions(
  pool: pg.Pool,
  project: number,
  identifiers: readonly string[],
): Promise<{ readonly replacedContents: string[] }> {
  const names = createNamesThem(identifiers);
  await forgetInAudit(pool, project, names);
  await forgetInRequests(pool, project, names);
  await forgetInFilters(pool, project, new Set(identifiers), names);
  return { replacedContents: await forgetMembers(pool, project, new Set(identifiers)) };
}

/** Entries stay: that something was done is no datum of the user, to whom and what is. */
async function forgetInAudit(pool: pg.Pool, project: number, names: NamesThem): Promise<void> {
  for (let after = '0'; ;) {
    const { rows } = await pool.query<{ id: string; target: string | null; details: unknown }>(
      `SELECT id::text AS id, target, details FROM audit_entries
       WHERE project_id = $1 AND id > $2::bigint ORDER BY audit_entries.id LIMIT ${rowsAtOnce}`,
      [project, after],
    );
    const ids = rows.flatMap(({ id, target, details }) =>
      (target !== null && names.text(target)) || names.value(details) ? [id] : [],
    );
    if (ids.length > 0) {
      await pool.query(
        `UPDATE audit_entries SET target = NULL, details = '{"erased": true}'
         WHERE id = ANY ($1::bigint[])`,
        [ids],
      );
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Requests that are over, or for access: who was erased can be given nothing. */
async function forgetInRequests(pool: pg.Pool, project: number, names: NamesThem): Promise<void> {
  const { rows } = await pool.query<{ id: string; distinctIds: unknown }>(
    `SELECT id, distinct_ids AS "distinctIds" FROM data_requests
     WHERE project_id = $1 AND distinct_ids IS NOT NULL
       AND (kind = 'access' OR status IN ('SUCCESS', 'REVOKED'))`,
    [project],
  );
  for (const { id, distinctIds } of rows) {
    if (!Array.isArray(distinctIds)) continue;
    const left = (distinctIds as unknown[]).filter((each) => !names.value(each));
    if (left.length === distinctIds.length) continue;
    const ids = left.length === 0 ? null : JSON.stringify(left);
    await pool.query('UPDATE data_requests SET distinct_ids = $2::jsonb WHERE id = $1', [id, ids]);
  }
}

async function forgetInFilters(
  pool: pg.Pool,
  project: number,
  identifiers: ReadonlySet<string>,
  names: NamesThem,
): Promise<void> {
  const { rows } = await pool.query<{ id: string; definition: unknown }>(
    'SELECT id, definition FROM definitions WHERE project_id = $1',
    [project],
  );
  const changed = rows.filter(({ definition }) => names.value(definition));
  if (changed.length === 0) return;
  await inTransaction(pool, async (client) => {
    for (const { id, definition } of changed) {
      const replaced = JSON.stringify(withoutThem(definition, identifiers));
      await client.query('UPDATE definitions SET definition = $2::jsonb WHERE id = $1', [
        id,
        replaced,
      ]);
    }
    await raiseVersion(client, project);
  });
}

/** Texts that are one of the identifiers, at any depth, or hold it in quotation marks, as expressions do. */
function withoutThem(value: unknown, identifiers: ReadonlySet<string>): unknown {
  if (typeof value === 'string') {
    if (identifiers.has(value)) return erasedText;
    return value.replaceAll(/"((?:[^"\\]|\\.)*)"/g, (whole, inside: string) =>
      identifiers.has(inside) ? `"${erasedText}"` : whole,
    );
  }
  if (typeof value === 'number') return identifiers.has(String(value)) ? erasedText : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withoutThem(each, identifiers));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutThem(inner, identifiers)]),
  );
}

/**
 * Members of frozen cohorts. A content never changes, because processes remember it under its id: one without them takes
 * its place. Answers the contents that nothing names any more.
 */
async function forgetMembers(
  pool: pg.Pool,
  project: number,
  identifiers: ReadonlySet<string>,
): Promise<string[]> {
  const { rows } = await pool.query<{ contentId: string }>(
    `SELECT DISTINCT content_id AS "contentId" FROM definitions
     WHERE project_id = $1 AND kind = 'cohort' AND content_id IS NOT NULL`,
    [project],
  );
  const replaced: string[] = [];
  for (const { contentId } of rows) {
    if (await replaceContent(pool, { project, contentId }, identifiers)) replaced.push(contentId);
  }
  return replaced;
}

type ChunkRow = { part: number; n: number; bytes: Buffer };

async function replaceContent(
  pool: pg.Pool,
  { project, contentId }: { readonly project: number; readonly contentId: string },
  identifiers: ReadonlySet<string>,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<ChunkRow>(
      'SELECT part, n, bytes FROM content_chunks WHERE content_id = $1 ORDER BY part, n',
      [contentId],
    );
    const kept = rows.map((row) => {
      // Written by the api's `ContentWriter` alone.
      const members = JSON.parse(row.bytes.toString()) as string[];
      return { ...row, members, left: members.filter((member) => !identifiers.has(member)) };
    });
    const gone = kept.reduce((sum, { members, left }) => sum + members.length - left.length, 0);
    if (gone === 0) return false;
    const id = randomUUID();
    await client.query('INSERT INTO contents (id, project_id) VALUES ($1, $2)', [id, project]);
    for (const { part, n, left } of kept) {
      await client.query(
        'INSERT INTO content_chunks (content_id, part, n, bytes) VALUES ($1, $2, $3, $4)',
        [id, part, n, Buffer.from(JSON.stringify(left))],
      );
    }
    await client.query(
      `UPDATE definitions SET content_id = $2, uploaded = CASE WHEN uploaded ? 'rows'
         THEN jsonb_set(uploaded, '{rows}', to_jsonb((uploaded->>'rows')::int - $3::int))
         ELSE uploaded END
       WHERE project_id = $4 AND content_id = $1`,
      [contentId, id, gone, project],
    );
    await client.query('UPDATE contents SET unused_at = now() WHERE id = $1', [contentId]);
    await raiseVersion(client, project);
    return true;
  });
}

/** For queries that began before: they had time to read what they need. */
export async function deleteContents(pool: pg.Pool, ids: readonly string[]): Promise<void> {
  await pool.query('DELETE FROM contents WHERE id = ANY ($1::text[]) AND unused_at IS NOT NULL', [
    ids,
  ]);
}

async function raiseVersion(client: pg.PoolClient, project: number): Promise<void> {
  await client.query(
    'UPDATE projects SET definitions_version = definitions_version + 1 WHERE id = $1',
    [project],
  );
}
