import type { Db, DbJson, DbTransaction } from '@arbor/db';
import { ApiError } from '../errors.ts';
import type { AuditLog, AuditPage, AuditPageRequest, AuditRecord } from './ports.ts';

export function createAuditLog(db: Db): AuditLog {
  const pageOf = async (
    where: { readonly projectId: number } | { readonly organizationId: number },
    { limit, cursor, target }: AuditPageRequest,
  ): Promise<AuditPage> => {
    const found = await db.auditEntry.findMany({
      where: {
        ...where,
        ...(target !== undefined && { target }),
        ...(cursor !== undefined && { id: { lt: idOf(cursor) } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
      select: { id: true, at: true, actor: true, action: true, target: true, details: true },
    });
    const page = found.slice(0, limit).map((entry) => ({ ...entry, id: String(entry.id) }));
    return { entries: page, next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  };
  return {
    record: (entry) => recordIn(db, entry),
    list: (projectId, page) => pageOf({ projectId }, page),
    listOfOrganization: (organizationId, page) => pageOf({ organizationId }, page),
  };
}

/** In the transaction that changes what the entry is about: the one is never there without the other. */
export async function recordIn(
  db: Db | DbTransaction,
  { details, ...entry }: AuditRecord,
): Promise<void> {
  await db.auditEntry.create({
    // What has a JSON text is JSON: dates become texts, and what is undefined is left out.
    data: details
      ? { ...entry, details: JSON.parse(JSON.stringify(details)) as DbJson }
      : { ...entry },
  });
}

function idOf(cursor: string): bigint {
  if (/^\d{1,18}$/.test(cursor)) return BigInt(cursor);
  throw new ApiError('INVALID_REQUEST', `"${cursor}" is no cursor of this list`);
}
