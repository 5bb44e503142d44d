import { isMappable, kindOfForm } from '@arbor/engine/identity/identifier';
import type pg from 'pg';
import { registration } from '../identity/pg-identity-store.ts';
import type { ImportIdentities } from './import-users.ts';

/**
 * The identity map in PostgreSQL, asked about many identifiers at once. What is new is its own user, so nothing
 * of it travels back; only where some were known it is asked which of them are another's.
 */
export function createPgImportIdentities(pool: pg.Pool): ImportIdentities {
  return {
    async register(project, identifiers) {
      const mappable = identifiers.filter(isMappable);
      const { rowCount } = await pool.query(registration, [
        project,
        mappable,
        mappable.map(kindOfForm),
      ]);
      if (rowCount === mappable.length) return new Map();
      const { rows } = await pool.query<{ identifier: string; canonical: string }>(
        `SELECT identifier, canonical FROM identifiers
         WHERE project = $1 AND identifier = ANY ($2::text[]) AND canonical <> identifier`,
        [project, mappable],
      );
      return new Map(rows.map(({ identifier, canonical }) => [identifier, canonical]));
    },
  };
}
