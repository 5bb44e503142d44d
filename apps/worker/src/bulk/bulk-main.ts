// The process that imports one file of events in bulk: `cli import` starts it and reads its output
// (@arbor/schema/bulk). Everything it may touch is named by its environment.
import { once } from 'node:events';
import { shardsOfProject } from '@arbor/engine/placement';
import { openObjectStore } from '@arbor/object-store/open-object-store';
import type { BulkMessage } from '@arbor/schema/bulk';
import type pg from 'pg';
import { createDatabase } from '../identity/database.ts';
import { type BulkConfig, readBulkConfig } from './bulk-config.ts';
import { Builder } from './builder.ts';
import { importFile } from './import-file.ts';
import { ImportUserResolver } from './import-users.ts';
import { createPgImportIdentities } from './pg-import-identities.ts';
import { CatalogUsersFollower } from './shard-catalog-users.ts';

/** At most so often: the command draws a bar. */
const progressMs = 100;

let waiting: Promise<unknown> | undefined;

function say(message: BulkMessage): void {
  const isTaken = process.stdout.write(`${JSON.stringify(message)}\n`);
  if (!isTaken) waiting ??= once(process.stdout, 'drain').then(() => (waiting = undefined));
}

async function run(config: BulkConfig): Promise<number> {
  const pool = createDatabase(config.DATABASE_URL, () => undefined);
  const objects = await openObjectStore({
    address: config.ARBOR_OBJECTS,
    endpoint: config.ARBOR_S3_ENDPOINT,
    region: config.AWS_REGION,
  });
  const builder = new Builder();
  try {
    const project = await findProject(pool, config.ARBOR_BULK_TOKEN);
    const shard = onlyShard(project, config.ARBOR_SHARDS);
    const owner = { project: project.id, shard };
    let saidAt = 0;
    return await importFile({
      file: config.ARBOR_BULK_FILE,
      rowsMax: config.ARBOR_BULK_ROWS,
      context: {
        pool,
        databaseUrl: config.DATABASE_URL,
        objects,
        builder,
        ...owner,
        resolver: new ImportUserResolver(createPgImportIdentities(pool), project.id),
        follower: new CatalogUsersFollower(pool, objects, owner),
      },
      clock: Date.now,
      onOdd: (line, text) => say({ type: 'odd', line, text }),
      drain: async () => {
        await waiting;
      },
      onProgress: (bytes, events) => {
        if (Date.now() - saidAt < progressMs) return;
        saidAt = Date.now();
        say({ type: 'progress', bytes, events });
      },
    });
  } finally {
    await builder.close();
    objects.close();
    await pool.end();
  }
}

interface Project {
  readonly id: number;
  readonly spread: number;
}

async function findProject(pool: pg.Pool, token: string): Promise<Project> {
  const { rows } = await pool.query<Project>('SELECT id, spread FROM projects WHERE token = $1', [
    token,
  ]);
  const [project] = rows;
  if (project === undefined) throw new Error(`there is no project with the token ${token}`);
  return project;
}

/** The command asks first, and sends files of larger projects over HTTP. */
function onlyShard({ id, spread }: Project, shardCount: number): number {
  const [shard, ...others] = shardsOfProject({ project: id, spread, shardCount });
  if (shard === undefined || others.length > 0) {
    throw new Error(`project ${id} lies on ${spread} shards; import its files with --http`);
  }
  return shard;
}

try {
  say({ type: 'done', events: await run(readBulkConfig()) });
} catch (error) {
  say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
