import type pg from 'pg';
import { endTask, type EndedTask } from './shard-task-store.ts';

/** What an object of a shard's set holds. */
export type CatalogFileKind = 'segment' | 'users' | 'people' | 'covered';

/** One object of the set. Its key is its identity: keys are never used twice. */
export interface StoredCatalogFile {
  readonly key: string;
  readonly kind: CatalogFileKind;
  /** 0 where the file is the whole shard's. */
  readonly project: number;
  /** Days since 1970-01-01 UTC, of segments; null for everything else. */
  readonly day: number | null;
  /** Order among the files of the same kind, project and day. */
  readonly generation: number;
  readonly bytes: number;
  readonly rowCount: number;
  /** Plain JSON: what readers know of the file without opening it. */
  readonly meta: unknown;
}

/** The set of a shard at one version; 0 = nothing was ever committed. */
export interface StoredCatalog {
  readonly shard: number;
  readonly version: number;
  /** Random text that the commit of this version made: another one is another history. "" = before they were made. */
  readonly revision: string;
  /** In the order in which they were added, by key. */
  readonly files: ReadonlyMap<string, StoredCatalogFile>;
}

export interface CatalogChange {
  readonly shard: number;
  /** The version the change was made for; another one in the catalog is a conflict. */
  readonly expectedVersion: number;
  /** The revision that goes with it. Absent = whichever. */
  readonly expectedRevision?: string;
  readonly add: readonly StoredCatalogFile[];
  /** Keys of files that are part of the set at that version. */
  readonly remove: readonly string[];
  /** Objects of this project that are or were removed hold what somebody wants erased: they go soon. */
  readonly purgeProject?: number;
  /** The task that the change does: it ends in the same transaction. One that has ended already is a conflict. */
  readonly endTask?: EndedTask;
}

/** `version` is the one in the catalog afterwards. */
export interface CommitResult {
  readonly outcome: 'committed' | 'conflict';
  readonly version: number;
}

/** So many commits come within days: a replica that was away for more than that loads the shard anew. */
export const revisionsKept = 10_000;

/** A change that would leave the catalog wrong, whatever its version: a mistake of the caller. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
}

/** A pool or a connection of it: what a single statement needs. */
export type Queryable = Pick<pg.Pool, 'query'>;

/** What tells one state of a shard's catalog from every other, also after a database was restored from a backup. */
export type CatalogHead = Pick<StoredCatalog, 'version' | 'revision'>;

/** Heads of the shards that have ever been changed. */
export async function readHeads(database: Queryable): Promise<Map<number, CatalogHead>> {
  const { rows } = await database.query<{ shard: number; version: string; revision: string }>(
    `SELECT shard, version, COALESCE(revision::text, '') AS revision
     FROM shard_catalogs LEFT JOIN catalog_revisions USING (shard, version)`,
  );
  return new Map(
    rows.map(({ shard, version, revision }) => [shard, { version: Number(version), revision }]),
  );
}

type FileRow = {
  version: string;
  revision: string;
  known_revision: string;
  key: string | null;
  kind: CatalogFileKind;
  project: number;
  day: number | null;
  generation: number;
  bytes: string;
  row_count: string;
  meta: unknown;
};

/** The set of a shard as of now. One statement, so version and files are of the same moment. */
export async function readCatalog(database: Queryable, shard: number): Promise<StoredCatalog> {
  const rows = await readRows(database, { shard, version: 0 });
  return catalogOf(shard, rows, new Map());
}

/**
 * The same for whoever has read it before: of files that he knows, only the names travel. `isContinued` = the
 * catalog came to be out of the version that is known. It did not where the database was restored from a backup
 * meanwhile, even if as many commits followed; neither can it be told of a version `revisionsKept` ago.
 */
export async function readCatalogSince(
  database: Queryable,
  known: StoredCatalog,
): Promise<{ readonly catalog: StoredCatalog; readonly isContinued: boolean }> {
  const { shard, version, revision } = known;
  const rows = await readRows(database, known);
  const isContinued =
    version === 0 ||
    (Number(rows[0]?.version ?? 0) >= version && rows[0]?.known_revision === revision);
  if (!isContinued) return { catalog: await readCatalog(database, shard), isContinued };
  return { catalog: catalogOf(shard, rows, known.files), isContinued };
}

async function readRows(
  database: Queryable,
  { shard, version }: Pick<StoredCatalog, 'shard' | 'version'>,
): Promise<FileRow[]> {
  const { rows } = await database.query<FileRow>(
    `SELECT catalog.version, COALESCE(own.revision::text, '') AS revision,
       COALESCE(known.revision::text, '') AS known_revision, file.object_key AS key, file.kind,
       file.project, file.day, file.generation, file.bytes, file.row_count,
       CASE WHEN file.added_version > $2 THEN file.meta END AS meta
     FROM shard_catalogs AS catalog
     LEFT JOIN catalog_revisions AS own
       ON own.shard = catalog.shard AND own.version = catalog.version
     LEFT JOIN catalog_revisions AS known ON known.shard = catalog.shard AND known.version = $2
     LEFT JOIN catalog_files AS file ON file.shard = catalog.shard AND file.removed_version IS NULL
     WHERE catalog.shard = $1 ORDER BY file.id`,
    [shard, version],
  );
  return rows;
}

function catalogOf(
  shard: number,
  rows: readonly FileRow[],
  known: StoredCatalog['files'],
): StoredCatalog {
  const files = new Map<string, StoredCatalogFile>();
  for (const row of rows) {
    if (row.key !== null) files.set(row.key, known.get(row.key) ?? fileOf(row, row.key));
  }
  const [first] = rows;
  return { shard, version: Number(first?.version ?? 0), revision: first?.revision ?? '', files };
}

const fileOf = (row: FileRow, key: string): StoredCatalogFile => ({
  key,
  kind: row.kind,
  project: row.project,
  day: row.day,
  generation: row.generation,
  bytes: Number(row.bytes),
  rowCount: Number(row.row_count),
  meta: row.meta,
});

/**
 * Changes the set of a shard in one transaction, or not at all. The objects added must be durable before.
 * A commit whose answer was lost may be sent again: when it is what made the present version, it answers
 * 'committed'.
 */
export async function commitCatalog(pool: pg.Pool, change: CatalogChange): Promise<CommitResult> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await applyChange(client, change);
    await client.query(result.outcome === 'committed' ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    // Ending the connection rolls back; after a time limit its state would be unknown anyway.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function applyChange(client: pg.PoolClient, change: CatalogChange): Promise<CommitResult> {
  const { shard, expectedVersion, expectedRevision = null, remove, purgeProject = null } = change;
  const version = expectedVersion + 1;
  await client.query(
    'INSERT INTO shard_catalogs (shard, version) VALUES ($1, 0) ON CONFLICT (shard) DO NOTHING',
    [shard],
  );
  // Locks the row: a second writer of the same version waits here, and then finds another one.
  const raised = await client.query(
    `UPDATE shard_catalogs SET version = $3 WHERE shard = $1 AND version = $2
       AND ($4::text IS NULL OR $4 = COALESCE((SELECT revision::text FROM catalog_revisions
         WHERE shard = $1 AND version = $2), ''))`,
    [shard, expectedVersion, version, expectedRevision],
  );
  if (raised.rowCount !== 1) return answerConflict(client, change);
  await client.query(
    'INSERT INTO catalog_revisions (shard, version, revision) VALUES ($1, $2, gen_random_uuid())',
    [shard, version],
  );
  await client.query('DELETE FROM catalog_revisions WHERE shard = $1 AND version <= $2', [
    shard,
    version - revisionsKept,
  ]);
  const removed = await client.query(
    `UPDATE catalog_files SET removed_version = $2, removed_at = now()
     WHERE shard = $1 AND object_key = ANY ($3::text[]) AND removed_version IS NULL`,
    [shard, version, remove],
  );
  if (removed.rowCount !== remove.length) {
    throw new CatalogError(
      `shard ${shard}: ${remove.length} files should leave version ${expectedVersion} of the catalog, ` +
        `which has ${removed.rowCount ?? 0} of them`,
    );
  }
  if (purgeProject !== null) {
    await client.query(
      `UPDATE catalog_files SET purge = true
       WHERE shard = $1 AND project = $2 AND removed_version IS NOT NULL`,
      [shard, purgeProject],
    );
  }
  await insertFiles(client, change, version);
  if (change.endTask !== undefined && !(await endTask(client, change.endTask))) {
    return { outcome: 'conflict', version: expectedVersion };
  }
  return { outcome: 'committed', version };
}

async function insertFiles(
  client: pg.PoolClient,
  { shard, add }: CatalogChange,
  version: number,
): Promise<void> {
  await client.query(
    `INSERT INTO catalog_files
       (shard, project, kind, day, generation, object_key, bytes, row_count, meta, added_version)
     SELECT $1, file.project, file.kind, file.day, file.generation, file.key, file.bytes,
       file."rowCount", file.meta, $2
     FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (
       project int, kind text, day int, generation int, key text, bytes bigint, "rowCount" bigint,
       meta jsonb)) WITH ORDINALITY AS file
       (project, kind, day, generation, key, bytes, "rowCount", meta, n)
     ORDER BY file.n`,
    [shard, version, JSON.stringify(add)],
  );
}

/** Nothing was changed: either somebody else was first, or this very change was made before. */
async function answerConflict(
  client: pg.PoolClient,
  { shard, expectedVersion, add }: CatalogChange,
): Promise<CommitResult> {
  const { rows } = await client.query<{ version: string; added: string }>(
    `SELECT version,
       (SELECT count(*) FROM catalog_files WHERE shard = $1 AND added_version = $2
          AND object_key = ANY ($3::text[])) AS added
     FROM shard_catalogs WHERE shard = $1`,
    [shard, expectedVersion + 1, add.map(({ key }) => key)],
  );
  const version = Number(rows[0]?.version ?? 0);
  // Keys are never used twice, so files of this change in the catalog mean that the change is in it.
  const isOwn = add.length > 0 && Number(rows[0]?.added) === add.length;
  return { outcome: isOwn ? 'committed' : 'conflict', version };
}

/**
 * Objects of files that left their set longer ago than `graceMs`: nobody reads them any more. Of those that are to be
 * erased: longer ago than `purgeGraceMs`.
 */
export async function expiredFiles(
  database: Queryable,
  graceMs: number,
  purgeGraceMs = graceMs,
): Promise<string[]> {
  const { rows } = await database.query<{ key: string }>(
    `SELECT object_key AS key FROM catalog_files
     WHERE removed_at < now() - make_interval(secs => (CASE WHEN purge THEN $2 ELSE $1 END)::float8 / 1000)
     ORDER BY id`,
    [graceMs, purgeGraceMs],
  );
  return rows.map(({ key }) => key);
}

/** When something was last erased from a shard, as far as its objects are not deleted yet; null = they are. */
export async function lastPurge(database: Queryable, shard: number): Promise<Date | null> {
  const { rows } = await database.query<{ at: Date | null }>(
    'SELECT max(removed_at) AS at FROM catalog_files WHERE shard = $1 AND purge',
    [shard],
  );
  return rows[0]?.at ?? null;
}

/** Those of the keys that were removed to be erased. */
export async function purgedKeys(database: Queryable, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await database.query<{ key: string }>(
    'SELECT object_key AS key FROM catalog_files WHERE object_key = ANY ($1::text[]) AND purge',
    [keys],
  );
  return rows.map(({ key }) => key);
}

/** Forgets removed files whose objects are deleted; files of the set stay, whatever is asked. */
export async function forgetFiles(database: Queryable, keys: readonly string[]): Promise<void> {
  await database.query(
    'DELETE FROM catalog_files WHERE object_key = ANY ($1::text[]) AND removed_version IS NOT NULL',
    [keys],
  );
}

/** Those of the keys that the catalog names, in the set or removed from it. */
export async function knownKeys(
  database: Queryable,
  keys: readonly string[],
): Promise<Set<string>> {
  const { rows } = await database.query<{ key: string }>(
    'SELECT object_key AS key FROM catalog_files WHERE object_key = ANY ($1::text[])',
    [keys],
  );
  return new Set(rows.map(({ key }) => key));
}
