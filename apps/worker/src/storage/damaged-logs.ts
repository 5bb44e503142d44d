import type { JobOutcome, ShardUnit, StorageContext } from './storage-context.ts';

/** What it needs of a shard. */
export interface LoggedUnit {
  readonly store: Pick<ShardUnit['store'], 'damagedLogFiles' | 'giveUpDamagedLog'>;
  readonly follower: { readonly shard: number };
}

/**
 * Row-log files of which something could not be read are kept for whoever may still repair them, until somebody is erased
 * from their shard: what nobody can read may be about him, and an erasure that waited for it would never end. What they
 * held is in the other zone. `damaged`: the shards that have such files.
 */
export async function giveUpDamagedLogs(
  { pool, logger }: Pick<StorageContext, 'pool' | 'logger'>,
  damaged: readonly LoggedUnit[],
): Promise<JobOutcome> {
  const awaited = await shardsAwaited(pool);
  const due = damaged.filter(({ follower }) => awaited.has(follower.shard));
  for (const { store, follower } of due) {
    const files = store.damagedLogFiles;
    await store.giveUpDamagedLog();
    logger.error(
      { shard: follower.shard, files, event: 'damaged_log_given_up' },
      `damaged files of the row log of shard ${follower.shard} are deleted, for somebody is erased who may be in what cannot be read ` +
        'of them. What they held is in the other zone: look at its log for damage, too',
    );
  }
  return due.length > 0 ? 'done' : 'nothing';
}

/** Shards whose files an erasure has had written anew, and whose row logs it waits for. */
async function shardsAwaited(pool: StorageContext['pool']): Promise<ReadonlySet<number>> {
  const { rows } = await pool.query<{ shard: number }>(
    `SELECT DISTINCT task.shard FROM data_requests AS request,
       jsonb_array_elements_text(request.result->'work'->'tasks') AS asked(id)
       JOIN shard_tasks AS task ON task.id = asked.id::bigint
     WHERE request.kind = 'erasure' AND request.status = 'STARTED'
       AND request.result->'work'->>'step' = 'replicas' AND task.state = 'done'`,
  );
  return new Set(rows.map(({ shard }) => shard));
}
