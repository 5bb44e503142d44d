import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from '../identity/database.ts';
import { raiseDefinitionsVersion } from './definitions-version.ts';
import { identityNames, type NamesThem } from './names-them.ts';

interface Used {
  readonly contentId: string;
  readonly kind: 'cohort' | 'lookup_table';
  /** Of a lookup table: what the column of its keys is called. */
  readonly keyName: string | null;
}

type Chunk = { readonly part: number; readonly n: number; readonly bytes: Buffer };

/**
 * Takes users out of uploaded lists and tables: members of frozen cohorts, and the rows of lookup tables that are about
 * them. A content never changes while it is named, because processes remember it under its id: one without them takes its
 * place. Answers the contents that nothing names any more; what was replaced by uploads before is emptied of them at once.
 */
export async function forgetInContents(
  pool: pg.Pool,
  project: number,
  names: NamesThem,
): Promise<string[]> {
  await forgetInUnused(pool, project, names);
  const { rows } = await pool.query<Used>(
    `SELECT DISTINCT content_id AS "contentId", kind::text AS kind, uploaded#>>'{columns,0,name}' AS "keyName"
     FROM definitions WHERE project_id = $1 AND content_id IS NOT NULL`,
    [project],
  );
  const replaced: string[] = [];
  for (const used of rows) {
    if (await replaceContent(pool, { project, used, names })) replaced.push(used.contentId);
  }
  return replaced;
}

/** A key of a table may be a product or a city that a user is called like: then it is not about him. */
function goes(key: string, { kind, keyName }: Omit<Used, 'contentId'>, names: NamesThem): boolean {
  if (kind === 'cohort' || (keyName !== null && identityNames.has(keyName))) return names.is(key);
  return names.is(key) && names.value(key);
}

async function replaceContent(
  pool: pg.Pool,
  { project, used, names }: { readonly project: number; used: Used; readonly names: NamesThem },
): Promise<boolean> {
  const { contentId } = used;
  return inTransaction(pool, async (client) => {
    const chunks = await chunksOf(client, contentId);
    const { left, gone } = without(chunks, (key) => goes(key, used, names));
    if (gone === 0) return false;
    const id = randomUUID();
    await client.query('INSERT INTO contents (id, project_id) VALUES ($1, $2)', [id, project]);
    for (const { part, n, bytes } of left) {
      await client.query(
        'INSERT INTO content_chunks (content_id, part, n, bytes) VALUES ($1, $2, $3, $4)',
        [id, part, n, bytes],
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
    await raiseDefinitionsVersion(client, project);
    return true;
  });
}

/** Nobody begins to read these, so they may change where they are; uploads under way are among them. */
async function forgetInUnused(pool: pg.Pool, project: number, names: NamesThem): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM contents WHERE project_id = $1 AND unused_at IS NOT NULL',
    [project],
  );
  for (const { id } of rows) {
    await inTransaction(pool, async (client) => {
      const chunks = await chunksOf(client, id);
      const { left, gone } = without(chunks, (key) => names.is(key));
      if (gone === 0) return;
      for (const { part, n, bytes } of left) {
        await client.query(
          'UPDATE content_chunks SET bytes = $4 WHERE content_id = $1 AND part = $2 AND n = $3',
          [id, part, n, bytes],
        );
      }
    });
  }
}

async function chunksOf(client: pg.PoolClient, contentId: string): Promise<Chunk[]> {
  const { rows } = await client.query<Chunk>(
    'SELECT part, n, bytes FROM content_chunks WHERE content_id = $1 ORDER BY n, part',
    [contentId],
  );
  return rows;
}

/** The chunks without the rows whose key goes, in all columns; `gone`: how many rows those are. */
function without(
  chunks: readonly Chunk[],
  isGone: (key: string) => boolean,
): { readonly left: readonly Chunk[]; readonly gone: number } {
  // By number of the chunk: which of its rows go. The column of the keys comes first.
  const going = new Map<number, ReadonlySet<number>>();
  let gone = 0;
  const left = chunks.map(({ part, n, bytes }) => {
    // Written by the api's `ContentWriter` alone.
    const cells = JSON.parse(bytes.toString()) as string[];
    if (part === 0) {
      going.set(n, new Set(cells.flatMap((cell, row) => (isGone(cell) ? [row] : []))));
      gone += going.get(n)?.size ?? 0;
    }
    const rows = going.get(n);
    const kept = cells.filter((_, row) => rows?.has(row) !== true);
    return { part, n, bytes: Buffer.from(JSON.stringify(kept)) };
  });
  return { left, gone };
}

/** For queries that began before: they had time to read what they need. */
export async function deleteContents(pool: pg.Pool, ids: readonly string[]): Promise<void> {
  await pool.query('DELETE FROM contents WHERE id = ANY ($1::text[]) AND unused_at IS NOT NULL', [
    ids,
  ]);
}
