import type pg from 'pg';

/** In the transaction that changes what queries read: processes that remember definitions read them anew. */
export async function raiseDefinitionsVersion(
  client: pg.PoolClient,
  project: number,
): Promise<void> {
  await client.query(
    'UPDATE projects SET definitions_version = definitions_version + 1 WHERE id = $1',
    [project],
  );
}
