import { forgetSlowCommands, rewriteAof } from '@arbor/queue/rewrite-aof';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { jobsLimits } from './jobs-limits.ts';

/** Tables that may have named who is erased, in the order in which they are cleaned. */
export const cleanedTables = [
  'identifiers',
  'identity_links',
  'identity_splits',
  'user_moves',
  'shard_tasks',
  // Names of events and properties, which came from outside.
  'catalog_files',
  'audit_entries',
  'definitions',
  'contents',
  'content_chunks',
  'data_requests',
  'saved_reports',
  'boards',
  'imports',
  'annotations',
  'annotation_tags',
  'session_settings',
  'lexicon_entries',
  'lexicon_schemas',
];

/** The operator's database may refuse these to its users: then they are his. */
const refusals = new Set(['42501', '0A000', '42883', '42704']);

/**
 * Makes the databases give up what they still hold of deleted rows: tables and statistics are written anew, the
 * write-ahead log is ended behind a checkpoint, and Redis writes its file anew and forgets which commands took long. Answers
 * what an outside server refused.
 */
export async function cleanDatabases(
  { databaseUrl, redis }: { readonly databaseUrl: string; readonly redis: Redis },
  pause: (ms: number) => Promise<unknown>,
): Promise<string[]> {
  const refused = await cleanPostgres(databaseUrl);
  const { aofPollMs: everyMs, aofMsMax: timeoutMs } = jobsLimits;
  if ((await rewriteAof(redis, { everyMs, timeoutMs, pause })) === 'refused') {
    refused.push('BGREWRITEAOF');
  }
  if (!(await forgetSlowCommands(redis))) refused.push('SLOWLOG RESET');
  return refused;
}

/** On a connection of its own: this takes longer than what a pool's queries may. */
async function cleanPostgres(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    query_timeout: jobsLimits.vacuumMsMax,
  });
  // A connection that breaks makes the statement under way fail, which is told below.
  client.on('error', () => undefined);
  await client.connect();
  const refused: string[] = [];
  const attempt = async (statement: string): Promise<void> => {
    try {
      await client.query(statement);
    } catch (error) {
      if (!refusals.has((error as { code?: string }).code ?? '')) throw error;
      refused.push(statement);
    }
  };
  try {
    // Who waits for a table holds up whoever comes later: better to fail, and to try again.
    await client.query(`SET lock_timeout = ${jobsLimits.lockMsMax}`);
    for (const table of cleanedTables) {
      const mode = (await isSmall(client, table)) ? 'FULL, ANALYZE' : 'ANALYZE';
      await attempt(`VACUUM (${mode}) ${table}`);
    }
    // Samples of the columns that ANALYZE took before.
    await attempt('VACUUM FULL pg_catalog.pg_statistic');
    // A checkpoint deletes what ended before the one before it began.
    for (let n = 0; n < 2; n++) {
      await attempt('SELECT pg_switch_wal()');
      await attempt('CHECKPOINT');
    }
  } finally {
    await client.end();
  }
  return refused;
}

async function isSmall(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ bytes: string }>(
    'SELECT pg_total_relation_size($1::regclass) AS bytes',
    [table],
  );
  return Number(rows[0]?.bytes ?? 0) <= jobsLimits.fullVacuumBytesMax;
}
