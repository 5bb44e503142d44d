import { isMappable, kindOfForm } from '@arbor/engine/identity/identifier';
import { type Cluster, IdentityMap, freshCluster } from '@arbor/engine/identity';
import {
  type IdentityAnswer,
  type IdentityRequest,
  type IdentityStore,
  mergeOutcomes,
} from '@arbor/engine/identity/identity-store';
import { unionsOnTheWay } from '@arbor/engine/identity/unions';
import type pg from 'pg';
import { inTransaction } from './database.ts';
import { readLog, readTakenBack, readWays, writeLog } from './identity-log.ts';
import { lockIdentities, readEpoch } from './identity-lock.ts';
import { undoLink } from './undo-link.ts';
import { awaitSplits, moveUnited } from './user-places.ts';

/**
 * The identity map in PostgreSQL.
 *
 * **Invariant:** links of a project are applied one batch at a time (advisory lock of the
 * transaction), so clusters read under the lock are true until the commit. Identifiers without links
 * are registered without it: the primary key decides who is first.
 */
export function createPgIdentityStore(pool: pg.Pool): IdentityStore {
  return {
    async resolve(request) {
      const identifiers = request.identifiers.filter(isMappable);
      if (identifiers.length === 0 && request.links.length === 0) {
        return { canonical: identity(request.identifiers), outcomes: [] };
      }
      if (request.links.length === 0) {
        const rows = await lookUp(pool, request.project, identifiers);
        return { canonical: new Map([...identity(request.identifiers), ...rows]), outcomes: [] };
      }
      return inTransaction(pool, (client) => applyLinks(client, request, identifiers));
    },
    async unions(project, users) {
      return unionsOnTheWay(users, await readWays(pool, project, [...users.keys()]));
    },
    undo: (request) => inTransaction(pool, (client) => undoLink(client, request)),
  };
}

/**
 * Without links one statement does it, with its own commit: most batches bring somebody new, and a
 * transaction of several round trips would be what ingestion waits for.
 */
async function lookUp(
  pool: pg.Pool,
  project: number,
  identifiers: readonly string[],
): Promise<Map<string, string>> {
  const sorted = identifiers.toSorted();
  const { rows } = await pool.query<{ identifier: string; canonical: string }>(
    `WITH added AS (${registration} RETURNING identifier, canonical)
     SELECT identifier, canonical FROM added
     UNION ALL
     SELECT identifier, canonical FROM identifiers
     WHERE project = $1 AND identifier = ANY ($2::text[])`,
    [project, sorted, sorted.map(kindOfForm)],
  );
  const found = new Map(rows.map(({ identifier, canonical }) => [identifier, canonical]));
  // Added by somebody else while the statement ran: in its way, but not yet to be seen by it.
  const missed = identifiers.filter((identifier) => !found.has(identifier));
  if (missed.length === 0) return found;
  return new Map([...found, ...(await loadIdentifiers(pool, project, missed))]);
}

async function applyLinks(
  client: pg.PoolClient,
  request: IdentityRequest,
  identifiers: readonly string[],
): Promise<IdentityAnswer> {
  const { project, batchId, mode = 'simplified' } = request;
  await lockIdentities(client, project);
  const fresh = await register(client, project, identifiers);
  const loaded = await loadIdentifiers(client, project, identifiers);
  const clusters = await loadClusters(client, project, new Set(loaded.values()));
  const order = new Map(identifiers.map((identifier, n) => [identifier, n]));
  const map = new IdentityMap(
    loaded,
    clusters.map((cluster) =>
      fresh.has(cluster.canonical)
        ? freshCluster(cluster.canonical, order.get(cluster.canonical) ?? 0)
        : cluster,
    ),
    { mode, takenBack: await readTakenBack(client, project, request.links) },
  );
  const decided = request.links.map((link) => map.link(link));
  await awaitSplits(client, project, [...map.mergedClusters()].flat());
  await writeBack(client, project, map);
  const logged = request.redelivered ? await readLog(client, request) : [];
  const outcomes = mergeOutcomes(logged, decided);
  await writeLog(client, { project, batchId }, outcomes.slice(logged.length));
  const canonicalOf = (user: string): string => map.canonicalOf(user);
  await moveUnited(client, request, { outcomes: decided, canonicalOf });
  const canonical = request.identifiers.map((id) => [id, map.canonicalOf(id)] as const);
  const epoch = await readEpoch(client, project);
  return { canonical: new Map(canonical), outcomes, epoch };
}

const identity = (identifiers: readonly string[]): Map<string, string> =>
  new Map(identifiers.map((identifier) => [identifier, identifier]));

/**
 * Adds the identifiers that are not there yet, each as a user of its own. Given sorted, so that two
 * transactions which add the same ones wait for each other instead of deadlocking.
 */
export const registration = `
  INSERT INTO identifiers (project, identifier, canonical, kind)
  SELECT $1, given.identifier, given.identifier, given.kind
  FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS given (identifier, kind, n)
  ORDER BY given.n
  ON CONFLICT (project, identifier) DO NOTHING`;

/** Answers those it added. */
async function register(
  client: pg.PoolClient,
  project: number,
  identifiers: readonly string[],
): Promise<Set<string>> {
  const sorted = identifiers.toSorted();
  const { rows } = await client.query<{ identifier: string }>(
    `${registration} RETURNING identifier`,
    [project, sorted, sorted.map(kindOfForm)],
  );
  return new Set(rows.map(({ identifier }) => identifier));
}

async function loadIdentifiers(
  client: pg.Pool | pg.PoolClient,
  project: number,
  identifiers: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ identifier: string; canonical: string }>(
    `SELECT identifier, canonical FROM identifiers
     WHERE project = $1 AND identifier = ANY ($2::text[])`,
    [project, identifiers],
  );
  return new Map(rows.map(({ identifier, canonical }) => [identifier, canonical]));
}

type ClusterRow = { canonical: string; count: number; identified: boolean; first_seen: number };

async function loadClusters(
  client: pg.PoolClient,
  project: number,
  canonicals: ReadonlySet<string>,
): Promise<Cluster[]> {
  const { rows } = await client.query<ClusterRow>(
    `SELECT canonical, count(*)::int AS count, bool_or(kind = 'identified') AS identified,
       extract(epoch FROM min(created_at) FILTER (WHERE identifier = canonical))::float8 * 1000
         AS first_seen
     FROM identifiers WHERE project = $1 AND canonical = ANY ($2::text[]) GROUP BY canonical`,
    [project, [...canonicals]],
  );
  return rows.map(({ canonical, count, identified, first_seen: firstSeen }) => ({
    canonical,
    identifierCount: count,
    identified,
    firstSeen,
    fresh: false,
  }));
}

async function writeBack(client: pg.PoolClient, project: number, map: IdentityMap): Promise<void> {
  const merged = map.mergedClusters();
  if (merged.size > 0) {
    await client.query(
      `UPDATE identifiers SET canonical = merged.winner
       FROM unnest($2::text[], $3::text[]) AS merged (loser, winner)
       WHERE project = $1 AND canonical = merged.loser`,
      [project, [...merged.keys()], [...merged.values()]],
    );
  }
  const identified = map.madeIdentified();
  if (identified.length > 0) {
    await client.query(
      `UPDATE identifiers SET kind = 'identified'
       WHERE project = $1 AND identifier = ANY ($2::text[]) AND kind <> 'identified'`,
      [project, identified],
    );
  }
}
