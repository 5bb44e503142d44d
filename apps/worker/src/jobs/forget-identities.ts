import type pg from 'pg';
import { lockIdentities, raiseEpoch } from '../identity/identity-lock.ts';
import { awaitMoves } from '../identity/user-places.ts';

export interface ForgottenIdentities {
  /** Those given, and all others of their users. */
  readonly identifiers: readonly string[];
  /** Rows of the map that are gone. */
  readonly removed: number;
  /** Of the project from now on: to be published. */
  readonly epoch: number;
}

/**
 * Takes users out of the identity map, with every link that names one of their identifiers, in the transaction of
 * `client`. Who is sent under one of them later is somebody new. Throws `BusyUserError` while the rows of one of them are
 * on their way between shards.
 */
export async function forgetIdentities(
  client: pg.PoolClient,
  project: number,
  given: readonly string[],
): Promise<ForgottenIdentities> {
  await lockIdentities(client, project);
  const { rows } = await client.query<{ identifier: string }>(
    `SELECT identifier FROM identifiers WHERE project = $1 AND canonical IN
       (SELECT canonical FROM identifiers WHERE project = $1 AND identifier = ANY ($2::text[]))`,
    [project, given.filter(isText)],
  );
  const identifiers = [...new Set([...given, ...rows.map(({ identifier }) => identifier)])];
  const named = [project, identifiers.filter(isText)];
  await awaitMoves(client, project, identifiers.filter(isText));
  const { rowCount } = await client.query(
    'DELETE FROM identifiers WHERE project = $1 AND identifier = ANY ($2::text[])',
    named,
  );
  await client.query(
    `DELETE FROM identity_links WHERE project = $1 AND (alias = ANY ($2::text[])
       OR joined = ANY ($2::text[]) OR winner = ANY ($2::text[]) OR loser = ANY ($2::text[]))`,
    named,
  );
  // A refusal is told in words, which name the users that were not to be joined.
  await client.query(
    `DELETE FROM identity_links WHERE project = $1 AND refused IS NOT NULL
       AND EXISTS (SELECT FROM unnest($2::text[]) AS id WHERE strpos(refused, '"' || id || '"') > 0)`,
    named,
  );
  await client.query(
    'DELETE FROM identity_splits WHERE project = $1 AND user_id = ANY ($2::text[])',
    named,
  );
  // The others who were one user with them still wait for what is under way.
  await client.query(
    `UPDATE identity_splits SET identifiers =
       ARRAY(SELECT id FROM unnest(identifiers) AS id WHERE id <> ALL ($2::text[]))
     WHERE project = $1 AND identifiers && $2::text[]`,
    named,
  );
  // Their numbers stay: the greatest is what queries know moves by.
  await client.query(
    `UPDATE user_moves SET loser = '', winner = '' WHERE project = $1 AND state = 'done'
       AND (loser = ANY ($2::text[]) OR winner = ANY ($2::text[]))`,
    named,
  );
  return { identifiers, removed: rowCount ?? 0, epoch: await raiseEpoch(client, project) };
}

/** PostgreSQL refuses text with a zero byte: nobody in the map is called that. */
const isText = (identifier: string): boolean => !identifier.includes('\0');
