import type pg from 'pg';
import { inTransaction } from '../identity/database.ts';
import { raiseDefinitionsVersion } from './definitions-version.ts';
import type { NamesThem } from './names-them.ts';
import { withoutThem } from './without-them.ts';

const rowsAtOnce = 100;

/** A table of a project's own words. */
export interface TextTable {
  readonly table: string;
  /** What tells its rows apart within a project: an expression of SQL. */
  readonly key: string;
  /** Columns of text for people. */
  readonly texts: readonly string[];
  /** Columns of JSON. */
  readonly values: readonly string[];
  /** Columns that point to something by its name: to nothing any more where that goes. */
  readonly links?: readonly string[];
  /** What else a change does. */
  readonly and?: string;
  /** A row whose name holds one of them is nothing else's. */
  readonly named?: boolean;
}

/** Whoever has an older version open cannot save over what was taken out. */
const nextVersion = ', version = version + 1';

/** Each is cleaned on disk, too (clean-databases.ts). A test compares them with all that the database has. */
export const textTables: readonly TextTable[] = [
  {
    table: 'definitions',
    key: 'id',
    texts: ['name', 'description'],
    values: ['definition', 'uploaded'],
  },
  {
    table: 'saved_reports',
    key: 'id::text',
    texts: ['name', 'description'],
    values: ['query', 'range', 'view'],
    and: nextVersion,
  },
  {
    table: 'boards',
    key: 'id::text',
    texts: ['title', 'description'],
    values: ['cards'],
    and: nextVersion,
  },
  { table: 'imports', key: 'id::text', texts: ['file_name'], values: ['mapping', 'reasons'] },
  { table: 'annotations', key: 'id::text', texts: ['description'], values: [] },
  { table: 'annotation_tags', key: 'name', texts: [], values: [], named: true },
  {
    table: 'lexicon_entries',
    key: `entity::text || ' ' || name`,
    texts: ['display_name', 'description'],
    values: [],
    links: ['merged_into'],
    named: true,
  },
  { table: 'session_settings', key: 'project_id::text', texts: [], values: ['settings'] },
  {
    table: 'lexicon_schemas',
    key: `entity_type || ' ' || name`,
    texts: [],
    values: ['schema'],
    named: true,
  },
];

/**
 * Takes users out of everything that people wrote in a project: definitions, saved reports, boards, notes, the lexicon.
 * May be done again.
 */
export async function forgetInTexts(
  pool: pg.Pool,
  project: number,
  names: NamesThem,
): Promise<void> {
  for (const table of textTables) await forgetInTable(pool, project, { table, names });
}

async function forgetInTable(
  pool: pg.Pool,
  project: number,
  { table, names }: { readonly table: TextTable; readonly names: NamesThem },
): Promise<void> {
  const { rows } = await pool.query<{ key: string }>(
    `SELECT ${table.key} AS key FROM ${table.table} WHERE project_id = $1`,
    [project],
  );
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const keys = rows.slice(from, from + rowsAtOnce).map(({ key }) => key);
    await inTransaction(pool, async (client) => {
      const changed = await forgetInRows(client, { project, keys }, { table, names });
      if (changed > 0) await raiseDefinitionsVersion(client, project);
    });
  }
}

/** What others change meanwhile waits, and changes what is left. */
async function forgetInRows(
  client: pg.PoolClient,
  { project, keys }: { readonly project: number; readonly keys: readonly string[] },
  {
    table: { table, key, texts, values, links = [], and = '', named = false },
    names,
  }: Parameters<typeof forgetInTable>[2],
): Promise<number> {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT ${['TRUE', ...texts, ...values, ...links].join(', ')}, ${key} AS "row key" FROM ${table}
     WHERE project_id = $1 AND ${key} = ANY ($2::text[]) FOR UPDATE`,
    [project, keys],
  );
  let changed = 0;
  for (const row of rows) {
    const own = row['row key'];
    if (named && names.value(own)) {
      await client.query(`DELETE FROM ${table} WHERE project_id = $1 AND ${key} = $2`, [
        project,
        own,
      ]);
      changed++;
      continue;
    }
    const left = [
      ...texts.map((name) => [name, textWithout(row[name], names)] as const),
      ...values.map((name) => [name, withoutThem(row[name], names)] as const),
      ...links.map((name) => [name, names.value(row[name]) ? null : row[name]] as const),
    ].filter(([name, value]) => value !== row[name]);
    if (left.length === 0) continue;
    const sets = left.map(([name], i) => `${name} = $${i + 3}`).join(', ');
    const given = left.map(([name, value]) =>
      values.includes(name) ? JSON.stringify(value) : value,
    );
    await client.query(`UPDATE ${table} SET ${sets}${and} WHERE project_id = $1 AND ${key} = $2`, [
      project,
      own,
      ...given,
    ]);
    changed++;
  }
  return changed;
}

function textWithout(text: unknown, names: NamesThem): unknown {
  return typeof text === 'string' ? names.withoutWords(text) : text;
}
