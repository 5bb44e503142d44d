import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';

/** Raised when the history in the database and the one in this version do not fit together. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The key that `prisma migrate` itself locks, so the two never run at the same time. */
const advisoryLock = 72_707_369;

const historyTable = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id varchar(36) PRIMARY KEY,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

/**
 * Brings the database to the state this version needs: creates it if it is missing, then runs the
 * migrations that are due, in order, each once. Several processes may call it at the same time; one
 * works, the others wait and find nothing to do. Answers the names of those it ran.
 *
 * Keeps Prisma's own table of history, so the Prisma command line agrees with the result, but does
 * not need that command line or its engine.
 */
export async function migrate(
  url: string,
  directory: string = migrationsDirectory(),
): Promise<string[]> {
  const migrations = await readMigrations(directory);
  await createDatabaseIfMissing(url);
  return withClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await client.query(historyTable);
    const due = await dueMigrations(client, migrations);
    for (const migration of due) await run(client, migration);
    return due.map(({ name }) => name);
  });
}

/** Found by the package's name: this file may have been bundled into an application. */
function migrationsDirectory(): string {
  const manifest = createRequire(import.meta.url).resolve('@arbor/db/package.json');
  return path.join(path.dirname(manifest), 'prisma/migrations');
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function dueMigrations(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`,
  );
  const history = new Map(rows.map((row) => [row.name, row]));
  for (const { name } of rows) {
    if (!migrations.some((migration) => migration.name === name)) {
      throw new MigrationError(
        `migration "${name}" is in the database but not in this version of arbor: start the newer version that wrote it`,
      );
    }
  }
  return migrations.filter(({ name, checksum }) => {
    const known = history.get(name);
    if (known === undefined) return true;
    if (known.checksum !== checksum) {
      throw new MigrationError(
        `migration "${name}" was changed after it ran: restore the file, and put the change into a new migration`,
      );
    }
    if (!known.finished) {
      throw new MigrationError(
        `migration "${name}" began and did not finish: repair the database, then mark it with "prisma migrate resolve"`,
      );
    }
    return false;
  });
}

/** The migration and its line of history are one transaction: a kill half-way leaves neither. */
async function run(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES (gen_random_uuid(), $1, $2, clock_timestamp(), 1)`,
      [checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`migration "${name}" failed and was undone: ${text}`, { cause });
  }
}

async function createDatabaseIfMissing(url: string): Promise<void> {
  try {
    await withClient(url, async () => {});
    return;
  } catch (error) {
    if (errorCode(error) !== unknownDatabase) throw error;
  }
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await withClient(maintenance.href, async (client) => {
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } catch (error) {
      // Another process created it in the meantime: PostgreSQL reports that in either of two ways.
      if (![duplicateDatabase, uniqueViolation].includes(errorCode(error) ?? '')) throw error;
    }
  });
}

const unknownDatabase = '3D000';
const duplicateDatabase = '42P04';
const uniqueViolation = '23505';

function errorCode(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Ending the connection also releases its advisory lock. */
async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
