import type { IdentityMode } from '@arbor/schema/identity';
import type pg from 'pg';
import { workerLimits } from '../limits.ts';

/** The little the ETL needs to know of a project. */
export interface KnownProject {
  readonly spread: number;
  /** Which links between identifiers are refused. */
  readonly mode: IdentityMode;
  /** Raised when identifiers leave a user. */
  readonly epoch: number;
  /** Whether records of an identifier that was erased are taken. */
  readonly acceptsErased: boolean;
}

export interface ProjectSettings {
  /** Null = there is no such project. */
  find(project: number): Promise<KnownProject | null>;
}

/** Reads projects from PostgreSQL and remembers each for a short while; one that is missing is asked for again. */
export function createProjectSettings(
  pool: pg.Pool,
  clock: () => number = Date.now,
): ProjectSettings {
  const known = new Map<number, KnownProject & { until: number }>();
  return {
    async find(project) {
      const settings = known.get(project);
      if (settings !== undefined && settings.until > clock()) return settings;
      const { rows } = await pool.query<KnownProject>(
        `SELECT spread, identity_mode AS mode, identity_epoch AS epoch,
           accepts_erased AS "acceptsErased" FROM projects WHERE id = $1`,
        [project],
      );
      const [row] = rows;
      if (row === undefined) return null;
      const fresh = { ...row, until: clock() + workerLimits.projectCacheMs };
      known.set(project, fresh);
      return fresh;
    },
  };
}
