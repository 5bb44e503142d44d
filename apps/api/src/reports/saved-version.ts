import { ApiError } from '../errors.ts';

/** What is kept of each version of something that several people change. */
export interface SavedVersion {
  readonly version: number;
  readonly updatedBy: string;
}

/**
 * The change was made of `given`, and `stored` is what there is: whoever comes second is told, so that he does not
 * write over what he has not seen.
 */
export function conflict(what: string, given: number, stored: SavedVersion): ApiError {
  return new ApiError(
    'CONFLICT',
    `${what} has version ${stored.version}, saved by ${stored.updatedBy}; the change was made of version ${given}`,
  );
}

/** The fields that all that is saved shows of itself, out of its row. */
export function savedFieldsOf(row: {
  readonly id: number;
  readonly version: number;
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
}) {
  const { id, version, createdBy, updatedBy } = row;
  return {
    id,
    version,
    createdBy,
    updatedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    archived: row.archivedAt !== null,
  };
}

/** Rows of a page and one more, newest first, as a page with its cursor. */
export function pageOf<T extends { readonly id: number }>(
  rows: readonly T[],
  limit: number,
): { readonly rows: readonly T[]; readonly next: number | null } {
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
