import type { UndoAnswer, UndoRequest } from '@arbor/engine/identity/identity-store';
import { type HeldLink, type Member, splitByUndo } from '@arbor/engine/identity/undo';
import type pg from 'pg';
import { lockIdentities, raiseEpoch } from './identity-lock.ts';
import { awaitMoves, splitUser } from './user-places.ts';

/**
 * Takes a link back in the transaction of `client`: the map, the log and the work on what is stored change together.
 * Throws `BusyUserError` while the user's rows are on their way between shards.
 */
export async function undoLink(client: pg.PoolClient, request: UndoRequest): Promise<UndoAnswer> {
  const { project, link: id, by } = request;
  await lockIdentities(client, project);
  const undone = await findLink(client, project, id);
  if (undone === null) return { type: 'unchanged' };
  const cluster = await loadCluster(client, project, undone.alias);
  const names = cluster.members.map(({ identifier }) => identifier);
  await awaitMoves(client, project, names);
  const split = splitByUndo(cluster, await loadLinks(client, project, names), undone);
  await client.query(
    'UPDATE identity_links SET undone_at = now(), undone_by = $3 WHERE project = $1 AND id = $2',
    [project, id, by],
  );
  if (split === null) return { type: 'held' };
  const from = cluster.canonical;
  await client.query(
    `UPDATE identifiers SET canonical = $3 WHERE project = $1 AND identifier = ANY ($2::text[])`,
    [project, split.identifiers, split.to],
  );
  const staying = names.filter((name) => !split.identifiers.includes(name));
  await splitUser(client, request, { from, staying, among: names, ...split });
  await client.query(
    'INSERT INTO identity_splits (project, user_id, identifiers) VALUES ($1, $2, $3::text[])',
    [project, from, names],
  );
  return { type: 'split', from, ...split, epoch: await raiseEpoch(client, project) };
}

/** The two identifiers of a link that holds; those of older versions name its users instead. */
const heldLink = `id::float8 AS id, CASE WHEN joined IS NULL THEN loser ELSE alias END AS alias,
  coalesce(joined, winner) AS joined`;

async function findLink(
  client: pg.PoolClient,
  project: number,
  id: number,
): Promise<HeldLink | null> {
  const { rows } = await client.query<HeldLink>(
    `SELECT ${heldLink} FROM identity_links
     WHERE project = $1 AND id = $2 AND refused IS NULL AND undone_at IS NULL`,
    [project, id],
  );
  return rows[0] ?? null;
}

async function loadCluster(
  client: pg.PoolClient,
  project: number,
  identifier: string,
): Promise<{ canonical: string; members: Member[] }> {
  const { rows } = await client.query<Member & { canonical: string }>(
    `SELECT canonical, identifier, extract(epoch FROM created_at)::float8 * 1000 AS seen
     FROM identifiers WHERE project = $1 AND canonical =
       (SELECT canonical FROM identifiers WHERE project = $1 AND identifier = $2)`,
    [project, identifier],
  );
  return { canonical: rows[0]?.canonical ?? identifier, members: rows };
}

/** Links among the identifiers: all others of a cluster's links were undone or refused. */
async function loadLinks(
  client: pg.PoolClient,
  project: number,
  identifiers: readonly string[],
): Promise<HeldLink[]> {
  const { rows } = await client.query<HeldLink>(
    `SELECT ${heldLink} FROM identity_links
     WHERE project = $1 AND refused IS NULL AND undone_at IS NULL AND alias = ANY ($2::text[])`,
    [project, identifiers],
  );
  return rows;
}
