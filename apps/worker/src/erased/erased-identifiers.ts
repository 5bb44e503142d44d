import type pg from 'pg';
import type { IdentifierDigest } from './identifier-digest.ts';

/** Which identifiers were erased on request. */
export interface ErasedIdentifiers {
  /** Those of the given ones. */
  among(project: number, identifiers: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Asks PostgreSQL: one small statement a batch, of those projects alone that refuse what was erased. */
export function createErasedIdentifiers(
  pool: Pick<pg.Pool, 'query'>,
  digestOf: IdentifierDigest,
): ErasedIdentifiers {
  return {
    async among(project, identifiers) {
      if (identifiers.length === 0) return new Set();
      const byDigest = new Map(
        identifiers.map((one) => [digestOf(project, one).toString('hex'), one] as const),
      );
      const { rows } = await pool.query<{ digest: Buffer }>(
        'SELECT digest FROM erased_identifiers WHERE project = $1 AND digest = ANY ($2::bytea[])',
        [project, [...byDigest.keys()].map((hex) => Buffer.from(hex, 'hex'))],
      );
      return new Set(rows.flatMap(({ digest }) => byDigest.get(digest.toString('hex')) ?? []));
    },
  };
}
