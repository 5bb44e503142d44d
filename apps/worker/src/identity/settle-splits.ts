import type pg from 'pg';
import { inTransaction } from './database.ts';
import { lockIdentities } from './identity-lock.ts';
import { awaitMoves, BusyUserError, splitUser } from './user-places.ts';

export interface SettleOptions {
  readonly pool: pg.Pool;
  readonly shardCount: number;
  /** How long after an undo no process resolves by what it remembered before: twice as long as it keeps settings. */
  readonly settleMs: number;
  /** Whether every job that was put on an ingest or store queue before this time (ms) is done. */
  readonly isDrained: (before: number) => Promise<boolean>;
}

type Unsettled = { id: string; project: number; undoneAt: number };

/**
 * Ends undone links. A batch that was resolved before a link was taken back brings its rows under the user that the
 * identifiers left, also after the shard was rewritten. `settleMs` after the undo no batch is resolved so any more, and
 * when all jobs of that time are done, all such rows are stored: then the shard is asked once more to bring them where
 * they belong. Any number of processes may do this; one that dies leaves the work to the next. Answers how many ended.
 */
export async function settleSplits(options: SettleOptions): Promise<number> {
  const { pool, settleMs, isDrained } = options;
  const { rows } = await pool.query<Unsettled>(
    `SELECT id::text AS id, project, extract(epoch FROM undone_at)::float8 * 1000 AS "undoneAt"
     FROM identity_splits WHERE undone_at < now() - make_interval(secs => $1::float8 / 1000)
     ORDER BY identity_splits.id LIMIT 100`,
    [settleMs],
  );
  let settled = 0;
  for (const split of rows) {
    // Those that follow are younger.
    if (!(await isDrained(split.undoneAt + settleMs))) break;
    if (await settle(options, split)) settled++;
  }
  return settled;
}

/** False = it is left for later, or another process did it. */
async function settle(
  { pool, shardCount }: SettleOptions,
  { id, project }: Unsettled,
): Promise<boolean> {
  try {
    return await inTransaction(pool, async (client) => {
      await lockIdentities(client, project);
      const { rows } = await client.query<{ user: string; identifiers: string[]; spread: number }>(
        `DELETE FROM identity_splits USING projects
         WHERE identity_splits.id = $1 AND projects.id = identity_splits.project
         RETURNING user_id AS user, identifiers, spread`,
        [id],
      );
      const [split] = rows;
      if (split === undefined) return false;
      const { user, identifiers, spread } = split;
      const request = { project, placement: { spread: Math.min(spread, shardCount), shardCount } };
      const { from, staying, leavers } = await whereTheyAre(client, project, user, identifiers);
      await awaitMoves(client, project, [user, ...staying, ...[...leavers.values()].flat()]);
      for (const [to, own] of leavers)
        await splitUser(client, request, {
          from,
          staying,
          to,
          identifiers: own,
          among: identifiers,
        });
      return true;
    });
  } catch (error) {
    if (error instanceof BusyUserError) return false;
    throw error;
  }
}

/**
 * Who the identifiers of the user are by now, apart from those that are still, or again, one user with him: each user
 * with all identifiers, also those that joined since, because late words may have brought their rows along.
 */
async function whereTheyAre(
  client: pg.PoolClient,
  project: number,
  user: string,
  identifiers: readonly string[],
): Promise<{ from: string; staying: string[]; leavers: ReadonlyMap<string, string[]> }> {
  const { rows } = await client.query<{ identifier: string; canonical: string }>(
    `SELECT identifier, canonical FROM identifiers WHERE project = $1 AND canonical IN (
       SELECT canonical FROM identifiers WHERE project = $1 AND identifier = ANY ($2::text[]))
     ORDER BY identifier`,
    [project, [user, ...identifiers]],
  );
  const from = rows.find(({ identifier }) => identifier === user)?.canonical ?? user;
  const users = new Map<string, string[]>();
  for (const { identifier, canonical } of rows) {
    const own = users.get(canonical);
    if (own === undefined) users.set(canonical, [identifier]);
    else own.push(identifier);
  }
  const leavers = new Map([...users].filter(([canonical]) => canonical !== from));
  return { from, staying: users.get(from) ?? [from], leavers };
}
