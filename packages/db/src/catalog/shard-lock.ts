import pg from 'pg';

/** First key of the advisory locks of shards; the second one is the shard. */
const shardLock = 72_707_371;
const connectMs = 5000;

export interface ShardLockOptions {
  readonly databaseUrl: string;
  readonly shard: number;
  /** How long to wait for another holder; 0 = not at all. */
  readonly waitMs?: number;
}

/**
 * Runs `work` while this process alone may rewrite the files of a shard, and answers what it returned;
 * undefined = somebody else holds the lock, and nothing was run.
 *
 * The lock is a session's: a process that dies, or whose connection breaks, loses it. `signal` aborts
 * then, but work may be under way still when the next holder begins; so the lock only keeps two from doing
 * the same for nothing, and correctness rests on the expected version of every commit.
 */
export async function withShardLock<Result>(
  { databaseUrl, shard, waitMs = 0 }: ShardLockOptions,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
  });
  const lost = new AbortController();
  // Without a listener a broken connection would end the process.
  client.on('error', (error) => lost.abort(error));
  await client.connect();
  try {
    if (!(await takeLock(client, shard, waitMs))) return undefined;
    return { result: await work(lost.signal) };
  } finally {
    // Ends the session, and with it the lock.
    await client.end().catch(() => undefined);
  }
}

async function takeLock(client: pg.Client, shard: number, waitMs: number): Promise<boolean> {
  if (waitMs <= 0) {
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS taken',
      [shardLock, shard],
    );
    return rows[0]?.taken === true;
  }
  try {
    await client.query("SELECT set_config('lock_timeout', $1, false)", [`${Math.ceil(waitMs)}ms`]);
    await client.query('SELECT pg_advisory_lock($1, $2)', [shardLock, shard]);
    return true;
  } catch (error) {
    // lock_not_available: the time is over.
    if (error instanceof pg.DatabaseError && error.code === '55P03') return false;
    throw error;
  }
}
