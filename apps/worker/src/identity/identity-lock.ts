import type pg from 'pg';

/** First key of the advisory locks of the identity map; the second one is the project. */
const identityLock = 72_707_370;

/**
 * Until the end of the transaction nobody else changes who is one user in the project. Identifiers that are new are
 * registered without it.
 */
export async function lockIdentities(client: pg.PoolClient, project: number): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [identityLock, project]);
}

/**
 * To be called under the lock when identifiers leave a user: whoever remembers who is one user in the project forgets it,
 * at the latest when it reads the project's settings anew. Answers the new epoch, to be published.
 */
export async function raiseEpoch(client: pg.PoolClient, project: number): Promise<number> {
  const { rows } = await client.query<{ epoch: number }>(
    `UPDATE projects SET identity_epoch = identity_epoch + 1 WHERE id = $1
     RETURNING identity_epoch AS epoch`,
    [project],
  );
  return rows[0]?.epoch ?? 0;
}

/** To be read under the lock. */
export async function readEpoch(client: pg.PoolClient, project: number): Promise<number> {
  const { rows } = await client.query<{ epoch: number }>(
    'SELECT identity_epoch AS epoch FROM projects WHERE id = $1',
    [project],
  );
  return rows[0]?.epoch ?? 0;
}
