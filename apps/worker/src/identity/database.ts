import pg from 'pg';
import { workerLimits } from '../limits.ts';

/** PostgreSQL for the ETL: few connections, and every wait ends, so that a job is tried again. */
export function createDatabase(url: string, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: workerLimits.databaseConnectionsMax,
    connectionTimeoutMillis: workerLimits.databaseConnectMs,
    query_timeout: workerLimits.databaseQueryMs,
  });
  // An idle connection that breaks would otherwise end the process.
  pool.on('error', onError);
  return pool;
}

/** Runs `work` in one transaction; a failure rolls back, and a broken connection is thrown away. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Also after a timeout: the connection's state is unknown then, so it does not go back to the pool.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}
