import { isMappable } from '@arbor/engine/identity/identifier';
import { type LinkOutcome, pairKey } from '@arbor/engine/identity';
import {
  type IdentityRequest,
  type LoggedOutcome,
  outcomesOfLog,
} from '@arbor/engine/identity/identity-store';
import type { LinkRequest } from '@arbor/engine/identity/links';
import type { LoggedLink } from '@arbor/engine/identity/unions';
import type pg from 'pg';

/** The log of a project's links: what changed the map, and what was refused. */

type LogRow = {
  form: string;
  alias: string;
  joined: string;
  winner: string;
  loser: string;
  refused: string | null;
  outcome: string;
};

/**
 * Appends what changed the map, and refused links a developer should see. Of what clients say with every event or call
 * (a device that is another's) a refusal is written once a day: those of a person, each time.
 */
export async function writeLog(
  client: pg.PoolClient,
  { project, batchId }: { readonly project: number; readonly batchId: string },
  outcomes: readonly LinkOutcome[],
): Promise<void> {
  const rows = outcomes.flatMap((outcome) => logRow(outcome));
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO identity_links (project, batch_id, form, alias, joined, winner, loser, refused, outcome)
     SELECT $1, $2, given.form, given.alias, given.joined, given.winner, given.loser, given.refused, given.outcome
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) WITH ORDINALITY
       AS given (form, alias, joined, winner, loser, refused, outcome, n)
     WHERE given.refused IS NULL OR given.form = 'explicit' OR NOT EXISTS (
       SELECT FROM identity_links AS before
       WHERE before.project = $1 AND before.alias = given.alias AND before.joined = given.joined
         AND before.form = given.form AND before.outcome = given.outcome AND before.refused IS NOT NULL
         AND before.created_at > now() - interval '1 day')
     ORDER BY given.n`,
    [
      project,
      batchId,
      rows.map(({ form }) => form),
      rows.map(({ alias }) => alias),
      rows.map(({ joined }) => joined),
      rows.map(({ winner }) => winner),
      rows.map(({ loser }) => loser),
      rows.map(({ refused }) => refused),
      rows.map(({ outcome }) => outcome),
    ],
  );
}

function logRow(outcome: LinkOutcome): LogRow[] {
  const { form, alias, user: joined } = outcome.link;
  switch (outcome.type) {
    case 'unchanged':
      return [];
    case 'joined':
    case 'united':
    case 'onward': {
      const { type, winner, loser } = outcome;
      return [{ form, alias, joined, winner, loser, refused: null, outcome: type }];
    }
    case 'refused': {
      if (!isMappable(alias) || !isMappable(joined)) return [];
      const { code, reason } = outcome;
      const row = { form, alias, joined, winner: joined, loser: alias };
      return [{ ...row, refused: reason, outcome: code }];
    }
  }
}

/** What this batch did when it was here before; a link that was taken back since is decided anew. */
export async function readLog(
  client: pg.PoolClient,
  { project, batchId, links }: IdentityRequest,
): Promise<LinkOutcome[]> {
  const { rows } = await client.query<LoggedOutcome>(
    `SELECT form, alias, joined, winner, loser, outcome IS NOT DISTINCT FROM 'onward' AS onward
     FROM identity_links
     WHERE batch_id = $1 AND project = $2 AND refused IS NULL AND undone_at IS NULL ORDER BY id`,
    [batchId, project],
  );
  return outcomesOfLog(links, rows);
}

/** Those pairs among the links that a person took back. */
export async function readTakenBack(
  client: pg.PoolClient,
  project: number,
  links: readonly LinkRequest[],
): Promise<ReadonlySet<string>> {
  const named = [...new Set(links.flatMap(({ alias, user }) => [alias, user]))].filter(isMappable);
  const { rows } = await client.query<{ alias: string; joined: string }>(
    `SELECT alias, coalesce(joined, winner) AS joined FROM identity_links
     WHERE project = $1 AND undone_at IS NOT NULL AND alias = ANY ($2::text[])`,
    [project, named],
  );
  return new Set(rows.map(({ alias, joined }) => pairKey(alias, joined)));
}

/**
 * Every link that holds by which these identifiers, and those whom they joined, became somebody else's. Rows of older
 * versions do not say whether the loser had anything: he is taken to have. A link whose users are not one any more is left out:
 * it names them as they were, and another one that was taken back parted them.
 */
export async function readWays(
  pool: pg.Pool,
  project: number,
  identifiers: readonly string[],
): Promise<LoggedLink[]> {
  const { rows } = await pool.query<LoggedLink>(
    `WITH RECURSIVE way AS (
       SELECT given.identifier FROM unnest($2::text[]) AS given (identifier)
       UNION
       SELECT links.winner FROM way JOIN identity_links AS links
         ON links.project = $1 AND links.loser = way.identifier
           AND links.refused IS NULL AND links.undone_at IS NULL)
     SELECT links.id::float8 AS id, links.loser, links.winner,
       links.outcome IS NULL OR links.outcome = 'united' AS united
     FROM way JOIN identity_links AS links
       ON links.project = $1 AND links.loser = way.identifier
         AND links.refused IS NULL AND links.undone_at IS NULL
     JOIN identifiers AS one ON one.project = $1 AND one.identifier = links.loser
     JOIN identifiers AS other ON other.project = $1 AND other.identifier = links.winner
       AND other.canonical = one.canonical`,
    [project, identifiers],
  );
  return rows;
}
