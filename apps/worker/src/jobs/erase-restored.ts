import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { JobsContext } from './jobs-context.ts';

type RestoredContext = Pick<JobsContext, 'pool' | 'digestOf' | 'logger'>;

/** Who asks, in words. */
const requestedBy = 'system: came back with a backup';
const identifiersAtOnce = 10_000;

interface Known {
  readonly identifier: string;
  /** Ms UTC. */
  readonly createdAt: number;
}

/**
 * Asks for the erasure of everybody who was erased and is there again as he was: whose identifier was first seen before it was
 * erased, which only a restored backup brings about, for an erasure takes it out of the map in the transaction that keeps its
 * digest. Reads all identifiers of projects that erased somebody. Answers how many came back.
 */
export async function eraseRestored(context: RestoredContext): Promise<number> {
  const { pool, logger } = context;
  const { rows } = await pool.query<{ project: number; until: number }>(
    `SELECT project, extract(epoch FROM max(erased_at))::float8 * 1000 AS until FROM erased_identifiers
     WHERE project NOT IN (SELECT project_id FROM data_requests
       WHERE requested_by = $1 AND status IN ('PENDING', 'STAGING', 'STARTED', 'FAILURE'))
     GROUP BY project ORDER BY project`,
    [requestedBy],
  );
  let count = 0;
  for (const { project, until } of rows) {
    let last = '';
    for (;;) {
      const some = await identifiersAfter(pool, project, last);
      const older = some.filter(({ createdAt }) => createdAt < until);
      const back = older.length === 0 ? [] : await erasedAmong(context, project, older);
      if (back.length > 0) await ask(pool, project, back);
      count += back.length;
      if (some.length < identifiersAtOnce) break;
      last = some.at(-1)?.identifier ?? last;
    }
  }
  if (count > 0) logger.warn({ identifiers: count }, 'erased users came back and are erased again');
  return count;
}

/**
 * In the order of the map's key, whatever their age: a statement that looked for old ones alone would read millions of new ones
 * to fill its page, take longer than statements may, and keep the process from its work for ever.
 */
async function identifiersAfter(pool: pg.Pool, project: number, after: string): Promise<Known[]> {
  const { rows } = await pool.query<Known>(
    `SELECT identifier, extract(epoch FROM created_at)::float8 * 1000 AS "createdAt" FROM identifiers
     WHERE project = $1 AND identifier > $2 ORDER BY identifier LIMIT $3`,
    [project, after, identifiersAtOnce],
  );
  return rows;
}

async function erasedAmong(
  { pool, digestOf }: RestoredContext,
  project: number,
  known: readonly Known[],
): Promise<string[]> {
  const byDigest = new Map(
    known.map((one) => [digestOf(project, one.identifier).toString('hex'), one]),
  );
  const { rows } = await pool.query<{ digest: string; erasedAt: number }>(
    `SELECT encode(digest, 'hex') AS digest, extract(epoch FROM erased_at)::float8 * 1000 AS "erasedAt"
     FROM erased_identifiers
     WHERE project = $1 AND digest IN (SELECT decode(unnest($2::text[]), 'hex'))`,
    [project, [...byDigest.keys()]],
  );
  return rows.flatMap(({ digest, erasedAt }) => {
    const one = byDigest.get(digest);
    return one !== undefined && one.createdAt < erasedAt ? [one.identifier] : [];
  });
}

async function ask(pool: pg.Pool, project: number, identifiers: readonly string[]): Promise<void> {
  await pool.query(
    `INSERT INTO data_requests
       (id, project_id, kind, compliance_type, distinct_ids, distinct_id_count, requested_by)
     VALUES ($1, $2, 'erasure', 'GDPR', $3::jsonb, $4, $5)`,
    [randomUUID(), project, JSON.stringify(identifiers), identifiers.length, requestedBy],
  );
}
